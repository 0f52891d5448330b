// IpAddress: an IPv4 or IPv6 address as its bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace orderflow::net {

// IPv4 as its mapped IPv6 address (RFC 4291, section 2.5.5.2), so that both spellings are one address.
using IpAddress = std::array<std::uint8_t, 16>;
inline constexpr std::size_t mapped_prefix_bytes = 12;  // before an IPv4 address in its mapped form

// "192.0.2.1", "2001:db8::1"; nothing else: no port, no brackets, no zone.
std::optional<IpAddress> parse_ip(std::string_view text);

bool is_v4(const IpAddress& address) noexcept;

}  // namespace orderflow::net
