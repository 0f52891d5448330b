#include "libs/aws/credential_cache.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::aws {
namespace {

using Duration = BootClock::duration;

Duration random_below(Duration bound, Entropy& entropy) {
    return Duration(
        static_cast<Duration::rep>(entropy.below(static_cast<std::uint64_t>(std::max(bound, Duration(1)).count()))));
}

// How long credentials with `remaining` time are used before new ones are asked for.
Duration use_time(Duration remaining, const CredentialCacheTimes& times, Entropy& entropy) {
    const auto before_end = std::min(times.refresh_before, remaining / 2);
    return std::max<Duration>(remaining - before_end - random_below(before_end / 5, entropy), 1s);
}

Duration retry_delay(unsigned failures, const CredentialCacheTimes& times, Entropy& entropy) {
    const auto doublings = std::min(failures - 1, 16U);
    return random_below(std::min(times.retry_first * (1U << doublings), times.retry_max), entropy);
}

// Far ahead a timer is set again, as the wall clock may jump meanwhile.
constexpr Duration timer_max = 1h;

}  // namespace

CredentialCache::CredentialCache(CredentialSource& source, const Clock& clock, Executor& timers, Spawner spawn,
                                 Entropy& entropy, CredentialObserver& observer, CredentialCacheTimes times)
    : source_(source),
      clock_(clock),
      timers_(timers),
      spawn_(std::move(spawn)),
      entropy_(entropy),
      observer_(observer),
      times_(times),
      fetched_(timers),
      gate_(timers) {}

// After close() the timers may be gone.
CredentialCache::~CredentialCache() {
    if (timer_ != Executor::TimerId::none) timers_.cancel(timer_);
}

void CredentialCache::close() {
    timers_.cancel(std::exchange(timer_, Executor::TimerId::none));
    gate_.close();
}

task<Result<Credentials>> CredentialCache::get(Instant deadline) {
    fetch_if_due();
    while (!has_good_ones()) {
        if (gate_.closed()) co_return fail(ErrorKind::unavailable, "credentials.unavailable", "stopping");
        if (!fetching_ && last_error_) co_return fail(*last_error_);
        if (!fetching_) fetch_if_due();
        if (co_await fetched_.wait_until(deadline) == Woken::by_time && !has_good_ones()) {
            co_return fail(ErrorKind::unavailable, "credentials.unavailable", "no answer in time");
        }
    }
    co_return *current_;
}

task<bool> CredentialCache::stop(Instant until) {
    close();
    fetched_.notify();
    co_return co_await gate_.drain_until(until);
}

bool CredentialCache::has_good_ones() const {
    if (!current_) return false;
    return !current_->expires_at || clock_.wall() + times_.unused_end < *current_->expires_at;
}

void CredentialCache::fetch_if_due() {
    const bool due = clock_.wall() >= refresh_at_ || !has_good_ones();
    if (fetching_ || !due || clock_.now() < retry_at_) return;
    auto pass = gate_.enter();
    if (!pass) return;
    fetching_ = true;
    spawn_(fetch(std::move(pass)));
}

task<void> CredentialCache::fetch(Gate::Pass pass) {
    auto found = co_await source_.fetch();
    fetching_ = false;
    if (found && found->expires_at && clock_.wall() + times_.unused_end >= *found->expires_at) {
        found =
            fail(ErrorKind::unavailable, "credentials.expired", found->origin + " gave credentials about to expire");
    }
    if (found) {
        accept(*std::move(found));
    } else {
        note_failure(found.error());
    }
    fetched_.notify();
}

void CredentialCache::accept(Credentials found) {
    current_ = std::move(found);
    last_error_.reset();
    failures_ = 0;
    retry_at_ = Instant::min();
    refresh_at_ = WallTime::max();
    if (current_->expires_at) {
        const auto delay = use_time(*current_->expires_at - clock_.wall(), times_, entropy_);
        refresh_at_ = clock_.wall() + std::chrono::ceil<std::chrono::milliseconds>(delay);
        wake_in(delay);
    }
    observer_.refreshed(current_->origin, current_->expires_at);
}

void CredentialCache::note_failure(const Error& error) {
    last_error_ = error;
    const auto delay = retry_delay(++failures_, times_, entropy_);
    retry_at_ = clock_.now() + delay;
    wake_in(delay);
    observer_.refresh_failed(error, delay, has_good_ones() ? current_->expires_at : std::nullopt);
}

void CredentialCache::wake_in(BootClock::duration delay) {
    if (gate_.closed()) return;
    timers_.cancel(timer_);
    timer_ = timers_.post_at(clock_.now() + std::min(delay, timer_max), [this] {
        timer_ = Executor::TimerId::none;
        fetch_if_due();
        const auto left = refresh_at_ - clock_.wall();
        if (!fetching_) wake_in(std::max<Duration>(left, 1s));
    });
}

}  // namespace orderflow::aws
