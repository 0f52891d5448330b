// Refusal: why a request is not served, as the peer will read it.
#pragma once

#include <string_view>

namespace orderflow::net {

// All texts are literals; nothing of the request is quoted.
struct Refusal {
    unsigned status;
    std::string_view code;  // stable: "host-missing"
    std::string_view detail;

    friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace orderflow::net
