// The grammar of a JSON number (RFC 8259, section 6). simdjson checks a number only while it converts it, and
// conversion would refuse what does not fit.
#pragma once

#include <algorithm>
#include <string_view>

namespace orderflow::json {

namespace detail {

// Removes digits from the front; false when there was none.
constexpr bool take_digits(std::string_view& text) {
    const auto end = std::ranges::find_if(text, [](char c) { return c < '0' || c > '9'; });
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count > 0;
}

constexpr bool take(std::string_view& text, char wanted) {
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace detail

constexpr bool is_number(std::string_view text) {
    detail::take(text, '-');
    if (!detail::take(text, '0') && !detail::take_digits(text)) return false;
    if (detail::take(text, '.') && !detail::take_digits(text)) return false;
    if (detail::take(text, 'e') || detail::take(text, 'E')) {
        if (!detail::take(text, '+')) detail::take(text, '-');
        if (!detail::take_digits(text)) return false;
    }
    return text.empty();
}

}  // namespace orderflow::json
