// The end of the process when its disk cannot be trusted any more.
#pragma once

#include <string_view>

#include "libs/base/error.hpp"

namespace orderflow {

inline constexpr int exit_failed = 1;     // it could not start
inline constexpr int exit_bad_usage = 2;  // configuration or command line
inline constexpr int exit_disk_failed = 3;

// Says on stderr what happened and what to do, and ends the process at once: nothing may be acknowledged any more, and
// a destructor could try to write. Any thread.
[[noreturn]] void end_because_of_disk(std::string_view what, const Error& error) noexcept;

}  // namespace orderflow
