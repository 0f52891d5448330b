#include "libs/aws/aws_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "libs/base/invariant.hpp"

namespace orderflow::aws {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Compares with a pattern in which '0' stands for any digit.
bool has_form(std::string_view text, std::string_view form) noexcept {
    return std::ranges::equal(text, form, [](char c, char f) { return f == '0' ? is_digit(c) : c == f; });
}

int number(std::string_view digits) noexcept {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

std::optional<WallTime> at(int year, int month, int day, std::string_view hour, std::string_view minute,
                           std::string_view second) noexcept {
    const auto date = std::chrono::year(year) / month / day;
    const int h = number(hour);
    const int m = number(minute);
    const int s = number(second);
    if (!date.ok() || h > 23 || m > 59 || s > 59) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(h) + std::chrono::minutes(m) + std::chrono::seconds(s);
}

}  // namespace

std::string to_amz_date(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    const int year = static_cast<int>(date.year());
    ORDERFLOW_INVARIANT(year >= 0 && year <= 9999);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", year, static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

std::optional<WallTime> parse_amz_date(std::string_view text) noexcept {
    if (!has_form(text, "00000000T000000Z")) return std::nullopt;
    return at(number(text.substr(0, 4)), number(text.substr(4, 2)), number(text.substr(6, 2)), text.substr(9, 2),
              text.substr(11, 2), text.substr(13, 2));
}

std::optional<WallTime> parse_iso8601(std::string_view text) noexcept {
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.size() <= form.size() || !has_form(text.substr(0, form.size()), form)) return std::nullopt;
    auto rest = text.substr(form.size());
    if (rest.front() == '.') {
        const auto fraction = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        if (fraction < 2) return std::nullopt;
        rest.remove_prefix(fraction);
    }
    if (rest != "Z") return std::nullopt;
    return at(number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2)), text.substr(11, 2),
              text.substr(14, 2), text.substr(17, 2));
}

}  // namespace orderflow::aws
