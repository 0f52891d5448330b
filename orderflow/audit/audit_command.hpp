// `orderflow audit`: proves or refutes that an installation kept every promise that its clients were given.
#pragma once

#include <span>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

inline constexpr int exit_sound = 0;
inline constexpr int exit_findings = 1;
inline constexpr int exit_not_audited = 2;  // the command line, or files that cannot be read

// `arguments`: behind the word "audit". The settings name the files unless --data does. Prints to stdout, what keeps it
// from its work to stderr; returns the exit code.
int run_audit(std::span<const char* const> arguments, Environment environment, const Clock& clock);

}  // namespace orderflow
