// `orderflow move`: from one machine to PostgreSQL and Amazon SQS.
#pragma once

#include <span>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

// `words`: behind the name of the command. Prints what was done to stdout, how it goes and what stood in the way to
// stderr. 0: done; exit_failed; exit_bad_usage for the command line and the settings.
int run_move(std::span<const char* const> words, Environment environment, const Clock& clock, Entropy& entropy);

}  // namespace orderflow
