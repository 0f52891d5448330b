#include "api-service/client_address.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

#include "libs/net/ascii.hpp"
#include "libs/net/local_caller.hpp"

namespace orderflow::api {
namespace {

constexpr unsigned address_bits = 128;
constexpr unsigned mapped_bits = net::mapped_prefix_bytes * 8;

std::uint64_t big_endian(const net::IpAddress& address, std::size_t from, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = from; i < from + count; ++i) value = value << 8U | address[i];
    return value;
}

// An IPv4 address stands where no IPv6 address that may send can be (ffff:ffff::/32 is multicast).
std::uint64_t bucket_of(const net::IpAddress& address) {
    constexpr std::uint64_t v4_space = 0xFFFF'FFFF'0000'0000U;
    return net::is_v4(address) ? v4_space | big_endian(address, net::mapped_prefix_bytes, 4)
                               : big_endian(address, 0, 8);
}

// Of X-Forwarded-For: some proxies write a port too, and IPv6 in brackets.
std::optional<net::IpAddress> parse_entry(std::string_view entry) {
    entry = net::trim_ows(entry);
    if (entry.starts_with('[')) {
        const auto end = entry.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        const auto behind = entry.substr(end + 1);
        if (!behind.empty() && !behind.starts_with(':')) return std::nullopt;
        return net::parse_ip(entry.substr(1, end - 1));
    }
    if (std::ranges::count(entry, ':') == 1) entry = entry.substr(0, entry.find(':'));
    return net::parse_ip(entry);
}

std::optional<Network> parse_network(std::string_view text) {
    text = net::trim_ows(text);
    const auto slash = text.find('/');
    const auto address = net::parse_ip(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == std::string_view::npos) return Network{*address, address_bits};
    const auto digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const bool has_colon = text.find(':') != std::string_view::npos;
    if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    if (bits > (has_colon ? address_bits : address_bits - mapped_bits)) return std::nullopt;
    return Network{*address, has_colon ? bits : bits + mapped_bits};
}

}  // namespace

bool Network::contains(const net::IpAddress& other) const noexcept {
    const auto bytes = prefix_bits / 8;
    if (!std::equal(address.begin(), address.begin() + bytes, other.begin())) return false;
    const auto rest = prefix_bits % 8;
    return rest == 0 || ((address[bytes] ^ other[bytes]) >> (8 - rest)) == 0;
}

std::optional<std::vector<Network>> parse_networks(std::string_view list) {
    std::vector<Network> networks;
    if (list.empty()) return std::nullopt;  // which splits into no parts at all
    for (const auto part : std::views::split(list, ',')) {
        const auto network = parse_network(std::string_view(part.begin(), part.end()));
        if (!network || networks.size() == networks_max) return std::nullopt;
        networks.push_back(*network);
    }
    return networks;
}

ClientAddress ClientAddresses::of(const net::Request& request) const {
    const auto peer = net::parse_ip(request.peer);
    if (!peer) return {};
    const bool trusted = std::ranges::any_of(proxies_, [&](const Network& network) { return network.contains(*peer); });
    if (!trusted) return {bucket_of(*peer), net::is_loopback(request.peer)};
    return {bucket_of(forwarded_for(request).value_or(*peer)), false};
}

// From the right: the last field line ends with what the peer itself wrote.
std::optional<net::IpAddress> ClientAddresses::forwarded_for(const net::Request& request) const {
    std::optional<net::IpAddress> found;
    std::int64_t seen = 0;
    for (const auto& field : request.fields | std::views::reverse) {
        if (!net::iequals(field.name, "X-Forwarded-For")) continue;
        auto rest = field.value;
        while (seen < hops_) {
            const auto comma = rest.rfind(',');
            ++seen;
            const auto address = parse_entry(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
            if (!address) return found;
            found = address;
            if (comma == std::string_view::npos) break;
            rest = rest.substr(0, comma);
        }
    }
    return found;
}

}  // namespace orderflow::api
