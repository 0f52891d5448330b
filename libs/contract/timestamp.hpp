// Timestamps as the API and the messages write them: RFC 3339, UTC, exactly three digits of a second, "Z". Read are all
// of RFC 3339 in UTC, whatever the digits of their seconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::contract {

// "2026-11-22T09:14:07.101Z". Years 1970 to 9999 (an invariant of every clock we trust).
std::string to_timestamp(WallTime at);

// That form with 0 to 9 digits behind the seconds (none: no point either), what is less than a millisecond cut off; a
// date of the calendar, not before 1970. Nothing otherwise.
std::optional<WallTime> parse_timestamp(std::string_view text);

}  // namespace orderflow::contract
