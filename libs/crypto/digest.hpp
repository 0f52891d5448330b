// Digests and MACs, by OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

namespace orderflow::crypto {

using Sha256 = std::array<std::byte, 32>;

Sha256 sha256(std::string_view data);

// HMAC-SHA-256 (RFC 2104) over the concatenation of the parts. The key may have any length from 1 byte.
Sha256 hmac_sha256(std::span<const std::byte> key, std::initializer_list<std::string_view> parts);

// Compares in a time that depends on the lengths only.
bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) noexcept;

}  // namespace orderflow::crypto
