// Mix: what share of a load is something else than a plain order that is paid and confirmed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow::load {

// Each in percent.
struct Mix {
    // Of the orders: how they are paid, or that they are refused.
    int bad = 0;       // break a rule: 4xx
    int declined = 0;  // the provider declines
    int slow = 0;      // the provider takes seconds
    int unknown = 0;   // the provider's first answer is lost
    int flaky = 0;     // the provider is down twice
    int invoice = 0;   // nothing to pay now
    // Of the requests: something about an order that was acknowledged before.
    int repeat = 0;  // the same key with the same content
    int reuse = 0;   // the same key with other content
    int cancel = 0;

    friend bool operator==(const Mix&, const Mix&) = default;
};

// "default": none of it. "all": some of everything. Else a list as in "cancel=5,bad=2"; "all,slow=0" changes one of
// `all`. invalid_input "load.mix" with what is wrong.
Result<Mix> parse_mix(std::string_view text);

// The names with their meaning, for --help.
std::string mix_help();

}  // namespace orderflow::load
