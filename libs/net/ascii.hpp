// Character classes and comparisons of RFC 9110 and RFC 3986. ASCII only, independent of any locale.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace orderflow::net {

constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

namespace detail {

constexpr std::array<bool, 256> char_set(std::string_view members) {
    std::array<bool, 256> set{};
    for (const char c : members) set[static_cast<unsigned char>(c)] = true;
    return set;
}

inline constexpr auto token_chars =
    char_set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
inline constexpr auto unreserved_chars = char_set("-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
// unreserved, sub-delims, ':' and '@'
inline constexpr auto path_chars =
    char_set("-._~!$&'()*+,;=:@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

}  // namespace detail

// tchar of RFC 9110, section 5.6.2.
constexpr bool is_token_char(char c) noexcept { return detail::token_chars[static_cast<unsigned char>(c)]; }

constexpr bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_token_char);
}

// unreserved of RFC 3986, section 2.3.
constexpr bool is_unreserved(char c) noexcept { return detail::unreserved_chars[static_cast<unsigned char>(c)]; }

// pchar of RFC 3986, section 3.3, '%' aside.
constexpr bool is_path_char(char c) noexcept { return detail::path_chars[static_cast<unsigned char>(c)]; }

// What may stand inside a field value: visible characters, blank, tab and octets from 0x80 on.
constexpr bool is_field_value_char(char c) noexcept {
    const auto u = static_cast<unsigned char>(c);
    return (u >= 0x20 && u != 0x7F) || u == '\t';
}

// Without blanks and tabs at both ends.
constexpr std::string_view trim_ows(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace orderflow::net
