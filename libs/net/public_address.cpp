#include "libs/net/public_address.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdint>

namespace orderflow::net {
namespace {

struct Block4 {
    std::uint32_t address;
    unsigned bits;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c = 0, unsigned d = 0) {
    return a << 24U | b << 16U | c << 8U | d;
}

constexpr std::array not_public_v4{
    Block4{v4(0, 0), 8},              // this network
    Block4{v4(10, 0), 8},             // private
    Block4{v4(100, 64), 10},          // shared, CGNAT
    Block4{v4(127, 0), 8},            // loopback
    Block4{v4(169, 254), 16},         // link-local, metadata of clouds
    Block4{v4(172, 16), 12},          // private
    Block4{v4(192, 0, 0), 24},        // protocol assignments
    Block4{v4(192, 0, 2), 24},        // documentation
    Block4{v4(192, 88, 99), 24},      // 6to4 relays
    Block4{v4(192, 168), 16},         // private
    Block4{v4(198, 18), 15},          // benchmarks
    Block4{v4(198, 51, 100), 24},     // documentation
    Block4{v4(203, 0, 113), 24},      // documentation
    Block4{v4(224, 0), 4},            // multicast
    Block4{v4(240, 0), 4},            // reserved, broadcast
    Block4{v4(168, 63, 129, 16), 32}  // a cloud's host service, inside of public space
};

bool is_public_v4(std::uint32_t address) {
    return std::ranges::none_of(
        not_public_v4, [address](const Block4& block) { return (address ^ block.address) >> (32U - block.bits) == 0; });
}

using Address6 = std::span<const std::uint8_t, 16>;

std::uint32_t word(Address6 address, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value << 8U | address[i];
    return value;
}

bool is_public_v6(Address6 address) {
    const auto first = word(address, 0);
    const auto second = word(address, 4);
    const bool zero_prefix = first == 0 && second == 0;
    if (zero_prefix && (word(address, 8) == 0 || word(address, 8) == 0xffff)) {
        return is_public_v4(word(address, 12));  // compatible (and ::, ::1) or mapped
    }
    if (zero_prefix && word(address, 8) == 0xffff0000) return is_public_v4(word(address, 12));  // translated
    if (first == 0x0064ff9b) {
        // NAT64: the well-known prefix holds an IPv4 address, the local one whatever the network likes.
        return second == 0 && word(address, 8) == 0 && is_public_v4(word(address, 12));
    }
    // 2000::/3 is all that is given out; what is special in it:
    if (first >> 29U != 1) return false;
    if (first == 0x20010000) return false;                  // Teredo
    if ((first & 0xfffffe00U) == 0x20010000) return false;  // protocol assignments: ORCHID, benchmarks
    if (first == 0x20010db8) return false;                  // documentation
    if (first >> 16U == 0x2002) return is_public_v4(first << 16U | second >> 16U);  // 6to4
    if ((first & 0xfffff000U) == 0x3fff0000) return false;                          // documentation
    return true;
}

}  // namespace

bool is_public_address(std::span<const std::uint8_t> address) noexcept {
    if (address.size() == 16) return is_public_v6(address.first<16>());
    if (address.size() != 4) return false;
    std::uint32_t value = 0;
    for (const auto byte : address) value = value << 8U | byte;
    return is_public_v4(value);
}

std::optional<std::string_view> outbound_refusal(const Url& url, const OutboundRules& rules) {
    constexpr std::uint16_t low_ports = 1023;
    if (!url.user_info.empty()) return "It may not hold a user name or a password.";
    if (!url.secure && !rules.plain_http) return "It must be an https URL.";
    const bool usual = url.port == 443 || (rules.plain_http && url.port == 80);
    if (!usual && url.port <= low_ports) return "Its port must be 443 or above 1023.";
    boost::system::error_code no_address;
    const auto address = boost::asio::ip::make_address(url.host, no_address);
    if (no_address || rules.private_addresses) return std::nullopt;
    const bool is_public =
        address.is_v4() ? is_public_address(address.to_v4().to_bytes()) : is_public_address(address.to_v6().to_bytes());
    if (!is_public) return "Its address is not a public one.";
    return std::nullopt;
}

}  // namespace orderflow::net
