// RateLimiter: token buckets of many callers in memory of a fixed size, as the generic cell rate algorithm: one point
// in time per bucket says all. Source: ITU-T I.371; the header fields are draft-ietf-httpapi-ratelimit-headers-11.
//
// Buckets are not kept by name: each caller has one cell in each of two rows, chosen by keyed hashes, and the emptier
// cell counts (a count-min sketch with conservative update). So nothing is ever evicted: a caller cannot win back a
// full bucket by sending from many other addresses. Two callers that share both cells share a bucket, which is as rare
// as the rows are long; without the key nobody can choose whom to share with.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"

namespace orderflow::api {

// `quota` tokens come back in each `window`, `burst` of them may be saved up. All at least 1.
struct RatePolicy {
    std::string name;
    std::int64_t quota;
    std::chrono::seconds window{1};
    std::int64_t burst;

    // As much as that per second, and twice as much at once.
    static RatePolicy per_second(std::string name, std::int64_t quota) {
        return {.name = std::move(name), .quota = quota, .burst = 2 * quota};
    }
};

struct RateVerdict {
    bool allowed;
    std::int64_t remaining;          // tokens that are left
    BootClock::duration next_after;  // until as many as were asked for are there; zero when they were
};

// Any thread.
class RateLimiter {
  public:
    static constexpr std::size_t cells_per_row = 16'384;

    explicit RateLimiter(Entropy& entropy);

    // Takes `cost` tokens from the bucket of `caller`, or nothing when they are not there. A quota is shared by as many
    // `instances` as there are: each gives its part of it. What costs more than a whole burst is let through when the
    // bucket is full.
    RateVerdict ask(std::uint64_t caller, const RatePolicy& policy, std::int64_t cost, std::int64_t instances,
                    Instant now);
    // What ask() would say; takes nothing.
    RateVerdict look(std::uint64_t caller, const RatePolicy& policy, std::int64_t cost, std::int64_t instances,
                     Instant now) const;

  private:
    static constexpr std::size_t rows = 2;
    using Cells = std::array<std::size_t, rows>;

    struct Row {
        std::uint64_t key;
        std::vector<Instant> full_at;  // when the bucket is full again
    };

    Cells cells_of(std::uint64_t caller) const;
    Instant full_at(const Cells& cells) const;

    mutable std::mutex mutex_;
    std::array<Row, rows> rows_;
};

// "orders";q=100;w=1 and "orders";r=17, of a refusal with the seconds until more is there: "orders";r=0;t=1.
std::string policy_field(const RatePolicy& policy);
std::string state_field(const RatePolicy& policy, const RateVerdict& verdict);

// Whole seconds, rounded up, at least 1: for Retry-After.
std::int64_t whole_seconds(BootClock::duration time) noexcept;

}  // namespace orderflow::api
