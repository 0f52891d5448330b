// Timestamps as the API and the messages write them: RFC 3339, UTC, exactly three digits of a second, "Z".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::contract {

// "2026-11-22T09:14:07.101Z". Years 1970 to 9999 (an invariant of every clock we trust).
std::string to_timestamp(WallTime at);

// Exactly that form, a date of the calendar, not before 1970; nothing otherwise.
std::optional<WallTime> parse_timestamp(std::string_view text);

}  // namespace orderflow::contract
