// Which addresses lie in the public Internet. For calls to URLs that somebody else chose: what is not public may be a
// service that trusts whoever reaches it (server-side request forgery).
// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 6890, RFC 4291, RFC 6052, RFC 3056, RFC 4380.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/base/result.hpp"
#include "libs/net/url.hpp"

namespace orderflow::net {

// `address`: 4 bytes (IPv4) or 16 (IPv6), in network order. Not public: private, loopback, link-local (where clouds
// keep their metadata), shared (CGNAT), multicast, documentation, benchmarking, reserved, unspecified; and an IPv6
// address that stands for an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) of that kind. Pure.
bool is_public_address(std::span<const std::uint8_t> address) noexcept;

// What a URL that somebody else chose may be.
struct OutboundRules {
    bool plain_http = false;         // for development
    bool private_addresses = false;  // for development
};

// Nothing: the URL may be called, as far as can be said without looking up its name. Otherwise one sentence. Refused
// are user info, http, ports other than 443 and those above 1023 (with plain_http also 80), and an address in place of
// a name that is not public.
std::optional<std::string_view> outbound_refusal(const Url& url, const OutboundRules& rules);

}  // namespace orderflow::net
