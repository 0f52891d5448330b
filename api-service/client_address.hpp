// ClientAddress: whom a request counts for, from the connection and, behind proxies that are trusted, X-Forwarded-For.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/net/ip_address.hpp"
#include "libs/net/request.hpp"

namespace orderflow::api {

// Addresses with the same first bits.
struct Network {
    net::IpAddress address{};
    unsigned prefix_bits = 128;  // of the mapped form

    bool contains(const net::IpAddress& other) const noexcept;
};

// "10.0.0.0/8, 2001:db8::/32, 192.0.2.7"; nothing when one of them is none, or has more than networks_max.
std::optional<std::vector<Network>> parse_networks(std::string_view list);
inline constexpr std::size_t networks_max = 64;

struct ClientAddress {
    // One number for each IPv4 address, and for each /64 of IPv6: one customer has a whole one.
    std::uint64_t bucket = 0;
    // The connection itself comes from this machine, and from no proxy that is trusted.
    bool loopback = false;
};

// Any thread.
class ClientAddresses {
  public:
    static constexpr std::int64_t hops_max = 8;

    // `proxies`: peers whose X-Forwarded-For is believed. `hops`: how many proxies stand in line, 1 to hops_max; the
    // client is the entry of that number from the right, which the outermost of them wrote. Entries further left are
    // the client's own word and never looked at.
    ClientAddresses(std::vector<Network> proxies, std::int64_t hops) : proxies_(std::move(proxies)), hops_(hops) {}

    // Total. A line that is shorter gives its leftmost entry; an entry that is no address gives the next one to the
    // right, at last the peer: who sends nonsense shares the bucket of the proxy. `Forwarded` (RFC 7239) is not read.
    ClientAddress of(const net::Request& request) const;

  private:
    std::optional<net::IpAddress> forwarded_for(const net::Request& request) const;

    std::vector<Network> proxies_;
    std::int64_t hops_;
};

}  // namespace orderflow::api
