#include "api-service/rate_limiter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace orderflow::api {
namespace {

constexpr int cell_bits = std::bit_width(RateLimiter::cells_per_row) - 1;
static_assert(std::has_single_bit(RateLimiter::cells_per_row));

// Multiply-shift hashing (Dietzfelbinger et al. 1997): with a random odd key two callers meet with a chance of at most
// 2 / cells_per_row.
std::size_t cell_of(std::uint64_t caller, std::uint64_t key) { return (caller * key) >> (64 - cell_bits); }

// A policy in time: how long a token takes to come back, and how long a whole bucket.
struct Bucket {
    Bucket(const RatePolicy& policy, std::int64_t instances)
        : token(std::chrono::duration_cast<BootClock::duration>(policy.window) * instances / policy.quota),
          burst(std::max(token, token * policy.burst / instances)) {}

    Instant full_at_after(Instant full_at, std::int64_t cost, Instant now) const {
        return std::max(full_at, now) + std::min(token * cost, burst);
    }
    RateVerdict judge(Instant full_at, Instant now) const {
        if (full_at - now > burst) return {false, 0, full_at - now - burst};
        return {true, (burst - (full_at - now)) / token, {}};
    }

    BootClock::duration token;
    BootClock::duration burst;
};

}  // namespace

RateLimiter::RateLimiter(Entropy& entropy) {
    for (auto& row : rows_) {
        row.key = entropy.next_u64() | 1U;
        row.full_at.resize(cells_per_row);
    }
}

RateVerdict RateLimiter::ask(std::uint64_t caller, const RatePolicy& policy, std::int64_t cost, std::int64_t instances,
                             Instant now) {
    const Bucket bucket(policy, instances);
    const auto cells = cells_of(caller);
    const std::lock_guard lock(mutex_);
    const auto taken = bucket.full_at_after(full_at(cells), cost, now);
    const auto verdict = bucket.judge(taken, now);
    if (!verdict.allowed) return verdict;
    for (std::size_t i = 0; i < rows; ++i) {
        auto& cell = rows_[i].full_at[cells[i]];
        cell = std::max(cell, taken);
    }
    return verdict;
}

RateVerdict RateLimiter::look(std::uint64_t caller, const RatePolicy& policy, std::int64_t cost, std::int64_t instances,
                              Instant now) const {
    const Bucket bucket(policy, instances);
    const std::lock_guard lock(mutex_);
    return bucket.judge(bucket.full_at_after(full_at(cells_of(caller)), cost, now), now);
}

RateLimiter::Cells RateLimiter::cells_of(std::uint64_t caller) const {
    Cells cells{};
    for (std::size_t i = 0; i < rows; ++i) cells[i] = cell_of(caller, rows_[i].key);
    return cells;
}

Instant RateLimiter::full_at(const Cells& cells) const {
    return std::min(rows_[0].full_at[cells[0]], rows_[1].full_at[cells[1]]);
}

std::string policy_field(const RatePolicy& policy) {
    return fmt::format("\"{}\";q={};w={}", policy.name, policy.quota, policy.window.count());
}

std::string state_field(const RatePolicy& policy, const RateVerdict& verdict) {
    if (verdict.allowed) return fmt::format("\"{}\";r={}", policy.name, verdict.remaining);
    return fmt::format("\"{}\";r=0;t={}", policy.name, whole_seconds(verdict.next_after));
}

std::int64_t whole_seconds(BootClock::duration time) noexcept {
    return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count());
}

}  // namespace orderflow::api
