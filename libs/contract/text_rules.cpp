#include "libs/contract/text_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace orderflow::contract {
namespace {

// White_Space of Unicode 15 beyond ASCII, as UTF-8; U+FEFF is not part of it, but browsers trim it.
constexpr auto wide_spaces = std::to_array<std::string_view>(
    {"\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
     "\u2007", "\u2008", "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\uFEFF"});

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::size_t leading_space(std::string_view text) {
    if (text.empty()) return 0;
    if (is_ascii(text.front())) return is_ascii_space(text.front()) ? 1 : 0;
    const auto found = std::ranges::find_if(wide_spaces, [&](auto space) { return text.starts_with(space); });
    return found == wide_spaces.end() ? 0 : found->size();
}

std::size_t trailing_space(std::string_view text) {
    if (text.empty()) return 0;
    if (is_ascii(text.back())) return is_ascii_space(text.back()) ? 1 : 0;
    const auto found = std::ranges::find_if(wide_spaces, [&](auto space) { return text.ends_with(space); });
    return found == wide_spaces.end() ? 0 : found->size();
}

// Eight bytes of printable ASCII: nearly all texts are that from end to end.
bool is_printable_ascii(std::uint64_t eight) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = ones * 0x80;
    const auto below_space = (eight - ones * 0x20) & tops;
    const auto delete_or_above = (eight + ones) & tops;
    return (below_space | delete_or_above | (eight & tops)) == 0;
}

std::size_t printable_ascii_length(std::string_view text) {
    std::size_t at = 0;
    for (std::uint64_t eight = 0; at + sizeof(eight) <= text.size(); at += sizeof(eight)) {
        std::memcpy(&eight, text.data() + at, sizeof(eight));
        if (!is_printable_ascii(eight)) break;  // or may be: the caller looks closely
    }
    return at;
}

bool has_white_space(std::string_view text) {
    for (; !text.empty(); text.remove_prefix(1)) {
        if (leading_space(text) > 0) return true;
    }
    return false;
}

}  // namespace

std::size_t code_points(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view trimmed(std::string_view text) noexcept {
    while (const auto n = leading_space(text)) text.remove_prefix(n);
    while (const auto n = trailing_space(text)) text.remove_suffix(n);
    return text;
}

bool has_control_character(std::string_view text, bool allow_line_feed) noexcept {
    for (std::size_t i = printable_ascii_length(text); i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '\n' && allow_line_feed) continue;
        if (c < 0x20 || c == 0x7F) return true;
        if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;  // C1
    }
    return false;
}

bool is_email(std::string_view text) noexcept {
    const auto at = text.find('@');
    if (at == 0 || at == std::string_view::npos || has_white_space(text)) return false;
    const auto domain = text.substr(at + 1);
    const bool dots_inside = !domain.starts_with('.') && !domain.ends_with('.') && domain.find("..") == domain.npos;
    return dots_inside && domain.find('.') != domain.npos && domain.find('@') == domain.npos;
}

bool is_phone(std::string_view text) noexcept {
    if (text.starts_with('+')) text.remove_prefix(1);
    if (text.empty() || text.front() < '0' || text.front() > '9') return false;
    return text.find_first_not_of("0123456789 ()./-") == std::string_view::npos;
}

}  // namespace orderflow::contract
