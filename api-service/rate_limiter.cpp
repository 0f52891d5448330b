#include "api-service/rate_limiter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orderflow::api {

RateLimiter::RateLimiter(std::string name, std::int64_t per_second)
    : name_(std::move(name)),
      per_second_(per_second),
      interval_(std::chrono::duration_cast<BootClock::duration>(1s) / per_second),
      burst_(interval_ * (2 * per_second)) {}

RateVerdict RateLimiter::ask(std::string_view peer, Instant now, std::int64_t instances) {
    const auto interval = interval_ * instances;
    const auto burst = std::max(burst_, interval);  // of many instances each allows one request at least
    const std::lock_guard lock(mutex_);
    auto& bucket = peer_of(peer);
    const auto full_at = std::max(bucket.full_at, now) + interval;
    if (full_at - now > burst) return {false, 0, full_at - now - burst};
    bucket.full_at = full_at;
    return {true, (burst - (full_at - now)) / interval, {}};
}

std::string RateLimiter::policy_field() const { return fmt::format("\"{}\";q={};w=1", name_, per_second_); }

std::string RateLimiter::state_field(const RateVerdict& verdict) const {
    const auto wait = verdict.allowed ? 0 : whole_seconds(verdict.next_after);
    return fmt::format("\"{}\";r={};t={}", name_, verdict.remaining, wait);
}

std::size_t RateLimiter::peers() const {
    const std::lock_guard lock(mutex_);
    return peers_.size();
}

RateLimiter::Peer& RateLimiter::peer_of(std::string_view address) {
    const auto known = by_address_.find(address);
    if (known != by_address_.end()) {
        peers_.splice(peers_.begin(), peers_, known->second);
        return peers_.front();
    }
    if (peers_.size() == peers_max) {
        by_address_.erase(peers_.back().address);
        peers_.pop_back();
    }
    peers_.push_front({.address = std::string(address)});
    by_address_.emplace(peers_.front().address, peers_.begin());
    return peers_.front();
}

std::int64_t whole_seconds(BootClock::duration time) noexcept {
    return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count());
}

}  // namespace orderflow::api
