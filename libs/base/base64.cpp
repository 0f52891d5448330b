#include "libs/base/base64.hpp"

#include <array>
#include <cstdint>

namespace orderflow {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;

constexpr auto digits = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

std::uint32_t octet(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto left = bytes.size() - i;
        const auto group = (octet(bytes, i) << 16U) | (left > 1 ? octet(bytes, i + 1) << 8U : 0U) |
                           (left > 2 ? octet(bytes, i + 2) : 0U);
        text.push_back(alphabet[(group >> 18U) & 63U]);
        text.push_back(alphabet[(group >> 12U) & 63U]);
        text.push_back(left > 1 ? alphabet[(group >> 6U) & 63U] : '=');
        text.push_back(left > 2 ? alphabet[group & 63U] : '=');
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    const auto length = text.size() - padding;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < length; ++i) {
        const auto digit = digits[static_cast<unsigned char>(text[i])];
        if (digit == no_digit) return std::nullopt;
        group = (group << 6U) | digit;
        if (i % 4 != 3) continue;
        for (const auto shift : {16U, 8U, 0U}) bytes.push_back(static_cast<char>((group >> shift) & 0xFFU));
        group = 0;
    }
    if (padding == 1) {
        if ((group & 3U) != 0) return std::nullopt;
        bytes.push_back(static_cast<char>((group >> 10U) & 0xFFU));
        bytes.push_back(static_cast<char>((group >> 2U) & 0xFFU));
    } else if (padding == 2) {
        if ((group & 15U) != 0) return std::nullopt;
        bytes.push_back(static_cast<char>((group >> 4U) & 0xFFU));
    }
    return bytes;
}

}  // namespace orderflow
