// `orderflow keys`: makes, lists and revokes the API keys of programs that order.
#pragma once

#include <span>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

// Changes the file that running programs read; they notice within seconds. A new key is printed once, on stdout alone.
// 0: done; exit_bad_usage; exit_failed with the reason on stderr.
int run_keys(std::span<const char* const> words, const Environment& environment, const Clock& clock, Entropy& entropy);

}  // namespace orderflow
