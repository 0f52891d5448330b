#include "libs/contract/timestamp.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <charconv>

namespace orderflow::contract {
namespace {

namespace chrono = std::chrono;

constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd";
constexpr std::size_t fraction_max = 9;
constexpr std::size_t millisecond_digits = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_form(std::string_view text) {
    if (text.size() != form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] == 'd' ? !is_digit(text[i]) : text[i] != form[i]) return false;
    }
    return true;
}

// What stands between the seconds and "Z": nothing, or a point and digits. Nothing when it is neither.
std::optional<chrono::milliseconds> parse_fraction(std::string_view text) {
    if (text.empty()) return chrono::milliseconds(0);
    const auto digits = text.substr(1);
    if (text.front() != '.' || digits.empty() || digits.size() > fraction_max) return std::nullopt;
    if (!std::ranges::all_of(digits, is_digit)) return std::nullopt;
    int ms = 0;
    for (std::size_t i = 0; i < millisecond_digits; ++i) ms = ms * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    return chrono::milliseconds(ms);
}

unsigned number_at(std::string_view text, std::size_t at, std::size_t digits) {
    unsigned value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);  // only digits: has_form
    return value;
}

}  // namespace

std::string to_timestamp(WallTime at) {
    const auto day = chrono::floor<chrono::days>(at);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss time(at - day);
    return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"), static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::optional<WallTime> parse_timestamp(std::string_view text) {
    if (!text.ends_with('Z') || !has_form(text.substr(0, form.size()))) return std::nullopt;
    const auto fraction = parse_fraction(text.substr(form.size(), text.size() - form.size() - 1));
    const chrono::year_month_day date(chrono::year(static_cast<int>(number_at(text, 0, 4))),
                                      chrono::month(number_at(text, 5, 2)), chrono::day(number_at(text, 8, 2)));
    const auto hour = number_at(text, 11, 2);
    const auto minute = number_at(text, 14, 2);
    const auto second = number_at(text, 17, 2);
    const bool of_the_clock = hour <= 23 && minute <= 59 && second <= 59;
    if (!fraction || !date.ok() || date.year() < chrono::year(1970) || !of_the_clock) return std::nullopt;
    return WallTime(chrono::sys_days(date)) + chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second) +
           *fraction;
}

}  // namespace orderflow::contract
