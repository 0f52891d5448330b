// `orderflow backup DIR` and `orderflow restore DIR`.
#pragma once

#include <span>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

// `words`: behind the name of the command. Prints what was done to stdout, what stood in the way to stderr. 0: done;
// exit_failed; exit_bad_usage for the command line and the settings.
int run_backup(std::span<const char* const> words, Environment environment, const std::string& program_version,
               const Clock& clock);
int run_restore(std::span<const char* const> words, Environment environment, const Clock& clock);

}  // namespace orderflow
