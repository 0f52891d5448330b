// RateLimiter: a token bucket per peer, as the generic cell rate algorithm: one point in time per peer says all.
// Source: ITU-T I.371; the header fields are draft-ietf-httpapi-ratelimit-headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "libs/base/clock.hpp"

namespace orderflow::api {

struct RateVerdict {
    bool allowed;
    std::int64_t remaining;          // requests that may follow at once
    BootClock::duration next_after;  // until one more is allowed; zero when one is now
};

// Any thread. Remembers `peers_max` peers; the one that was silent longest is forgotten first, which gives it a full
// bucket.
class RateLimiter {
  public:
    static constexpr std::size_t peers_max = 20'000;

    // `per_second` >= 1; twice as many may come at once.
    RateLimiter(std::string name, std::int64_t per_second);

    // `instances` >= 1 share the rate: each allows its part of it.
    RateVerdict ask(std::string_view peer, Instant now, std::int64_t instances = 1);

    // "orders";q=100;w=1 and "orders";r=0;t=1.
    std::string policy_field() const;
    std::string state_field(const RateVerdict& verdict) const;

    std::size_t peers() const;

  private:
    struct Peer {
        std::string address;
        Instant full_at{};  // when its bucket is full again
    };
    using Peers = std::list<Peer>;  // heard of last first

    Peer& peer_of(std::string_view address);

    const std::string name_;
    const std::int64_t per_second_;
    const BootClock::duration interval_;  // between two requests at the full rate
    const BootClock::duration burst_;     // how far full_at may lie ahead
    mutable std::mutex mutex_;
    Peers peers_;
    std::unordered_map<std::string_view, Peers::iterator> by_address_;
};

// Whole seconds, rounded up, at least 1: for Retry-After.
std::int64_t whole_seconds(BootClock::duration time) noexcept;

}  // namespace orderflow::api
