// Points in time as AWS writes them. All are UTC.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::aws {

// "20150830T123600Z", the X-Amz-Date of a signature; parts of a second are cut off. The year has four digits (an
// invariant).
std::string to_amz_date(WallTime at);

// Nothing unless it is exactly that form and a time of the calendar.
std::optional<WallTime> parse_amz_date(std::string_view text) noexcept;

// "2015-08-30T12:36:00Z", as the services say when credentials expire; a fraction of the second may follow and is cut
// off. Nothing for everything else.
std::optional<WallTime> parse_iso8601(std::string_view text) noexcept;

}  // namespace orderflow::aws
