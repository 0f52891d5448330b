#include "libs/observe/printable.hpp"

#include <algorithm>

namespace orderflow::observe {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view cut = "...";

unsigned octet(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

// The length of the character at the front (RFC 3629, section 4), or 0 when there is none.
std::size_t character_size(std::string_view text) {
    const auto lead = octet(text, 0);
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((octet(text, i) & 0xC0U) != 0x80U) return 0;
    }
    const auto second = octet(text, 1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool surrogate = lead == 0xED && second > 0x9F;
    const bool beyond = lead == 0xF4 && second > 0x8F;
    return overlong || surrogate || beyond ? 0 : size;
}

bool is_terminal_control(std::string_view character) {
    if (character.size() == 1) return octet(character, 0) == 0x7F;
    return character.size() == 2 && octet(character, 0) == 0xC2 && octet(character, 1) < 0xA0;
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
    std::string out;
    out.reserve(std::min(text.size(), max_bytes));
    while (!text.empty()) {
        const auto size = character_size(text);
        const auto character = text.substr(0, std::max<std::size_t>(size, 1));
        const auto shown = size == 0 || is_terminal_control(character) ? replacement : character;
        if (out.size() + shown.size() > max_bytes) return out.append(cut);
        out += shown;
        text.remove_prefix(character.size());
    }
    return out;
}

std::string printable_line(std::string_view text, std::size_t max_bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : printable(text, max_bytes)) {
        const auto value = static_cast<unsigned char>(c);
        if (value >= 0x20) {
            out += c;
        } else {
            out.append("\\x").append(1, digits[value >> 4U]).append(1, digits[value & 0xFU]);
        }
    }
    return out;
}

}  // namespace orderflow::observe
