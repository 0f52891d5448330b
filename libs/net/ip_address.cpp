#include "libs/net/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace orderflow::net {
namespace {

constexpr IpAddress mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
    if (text.empty() || text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
    const std::string terminated(text);
    IpAddress address = mapped_prefix;
    if (::inet_pton(AF_INET, terminated.c_str(), &address[mapped_prefix_bytes]) == 1) return address;
    if (::inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
    return std::nullopt;
}

bool is_v4(const IpAddress& address) noexcept {
    return std::equal(address.begin(), address.begin() + mapped_prefix_bytes, mapped_prefix.begin());
}

}  // namespace orderflow::net
