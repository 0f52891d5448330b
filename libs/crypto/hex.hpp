// Hexadecimal text of bytes: lower-case, as digests and signatures are written.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace orderflow::crypto {

inline std::string to_hex(std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        out += digits[std::to_integer<std::size_t>(byte >> 4)];
        out += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return out;
}

}  // namespace orderflow::crypto
