#include "libs/contract/timestamp.hpp"

#include <fmt/compile.h>

#include <charconv>

namespace orderflow::contract {
namespace {

namespace chrono = std::chrono;

constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd.dddZ";

bool has_form(std::string_view text) {
    if (text.size() != form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i]) return false;
    }
    return true;
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
    if (!has_form(text)) return std::nullopt;
    const chrono::year_month_day date(chrono::year(static_cast<int>(number_at(text, 0, 4))),
                                      chrono::month(number_at(text, 5, 2)), chrono::day(number_at(text, 8, 2)));
    const auto hour = number_at(text, 11, 2);
    const auto minute = number_at(text, 14, 2);
    const auto second = number_at(text, 17, 2);
    if (!date.ok() || date.year() < chrono::year(1970) || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return WallTime(chrono::sys_days(date)) + chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second) +
           chrono::milliseconds(number_at(text, 20, 3));
}

}  // namespace orderflow::contract
