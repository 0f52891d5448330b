// `orderflow export`: every order with its history as lines of JSON, also while the programs run.
#pragma once

#include <span>

#include "libs/base/clock.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

// `words`: behind the word "export". Lines to stdout or --out, progress and errors to stderr. 0: all was written;
// exit_failed, with the number to go on after; exit_bad_usage for the command line and the settings.
int run_export(std::span<const char* const> words, Environment environment, const Clock& clock);

}  // namespace orderflow
