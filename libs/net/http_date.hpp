// Times in HTTP fields (RFC 9110, section 5.6.7), and the Date field of our own answers, formatted once a second.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::net {

// "Sun, 06 Nov 1994 08:49:37 GMT", whatever the locale.
std::string format_http_date(WallTime at);

// That form alone (IMF-fixdate; the name of the day is not compared), as a time of the calendar. Nothing for everything
// else.
std::optional<WallTime> parse_http_date(std::string_view text) noexcept;

// For one core.
class HttpDate {
  public:
    // Valid until the next call.
    std::string_view at(WallTime now) {
        const auto second = std::chrono::floor<std::chrono::seconds>(now);
        if (second != second_ || text_.empty()) {
            second_ = second;
            text_ = format_http_date(now);
        }
        return text_;
    }

  private:
    std::chrono::sys_seconds second_{};
    std::string text_;
};

}  // namespace orderflow::net
