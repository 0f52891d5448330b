#include "libs/net/http_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace orderflow::net {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Compares with a pattern in which '0' stands for any digit.
bool has_form(std::string_view text, std::string_view form) noexcept {
    return std::ranges::equal(text, form, [](char c, char f) { return f == '0' ? c >= '0' && c <= '9' : c == f; });
}

int number(std::string_view digits) noexcept {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace

std::string format_http_date(WallTime at) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday(day).c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

std::optional<WallTime> parse_http_date(std::string_view text) noexcept {
    constexpr std::string_view before_month = ", 00 ";
    constexpr std::string_view behind_month = " 0000 00:00:00 GMT";
    constexpr std::size_t name = 3;
    if (text.size() != name + before_month.size() + name + behind_month.size()) return std::nullopt;
    const auto day = text.substr(name, before_month.size());
    const auto* const month = std::ranges::find(months, text.substr(name + before_month.size(), name));
    const auto rest = text.substr(name + before_month.size() + name);
    if (month == months.end() || !has_form(day, before_month) || !has_form(rest, behind_month)) return std::nullopt;
    const auto date = std::chrono::year(number(rest.substr(1, 4))) / (static_cast<int>(month - months.begin()) + 1) /
                      number(day.substr(2, 2));
    const int hours = number(rest.substr(6, 2));
    const int minutes = number(rest.substr(9, 2));
    const int seconds = number(rest.substr(12, 2));
    if (!date.ok() || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hours) + std::chrono::minutes(minutes) +
           std::chrono::seconds(seconds);
}

}  // namespace orderflow::net
