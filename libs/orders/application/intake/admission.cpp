#include "libs/orders/application/intake/admission.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::orders {
namespace {

std::unexpected<Error> overloaded(const char* detail) { return fail(ErrorKind::unavailable, "overloaded", detail); }

// What a tenant above its share may use.
AdmissionLimits half(AdmissionLimits limits) {
    limits.queue_depth /= 2;
    limits.wait /= 2;
    return limits;
}

}  // namespace

bool is_overloaded(const Load& load, const AdmissionLimits& limits) noexcept {
    return load.waiting_messages >= limits.waiting_messages || load.waiting_bytes >= limits.waiting_bytes ||
           load.queue_depth >= limits.queue_depth || load.wait > limits.wait;
}

std::chrono::seconds room_after(const Load& load, const AdmissionLimits& limits) noexcept {
    constexpr std::chrono::seconds shortest{1};
    constexpr std::chrono::seconds longest{3600};
    constexpr std::uint64_t depth_max = 1'000'000'000;
    if (!load.wait || load.queue_depth == 0) return shortest;
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(*load.wait);
    const auto depth = static_cast<std::int64_t>(std::min(load.queue_depth, depth_max));
    const auto above = depth - static_cast<std::int64_t>(std::min<std::uint64_t>(limits.queue_depth, depth_max));
    const auto until_target = std::chrono::ceil<std::chrono::milliseconds>(*load.wait - limits.wait);
    const auto until_depth = wait * std::max<std::int64_t>(above, 0) / depth;
    return std::clamp(std::chrono::ceil<std::chrono::seconds>(std::max(until_target, until_depth)), shortest, longest);
}

void Backlog::accepted(std::string_view tenant, Instant now) {
    const auto instances = instances_ ? instances_() : 1;
    const std::lock_guard lock(mutex_);
    sent_ += static_cast<std::uint64_t>(instances);
    shares_.accepted(tenant, now);
}

void Backlog::look(std::uint64_t depth, Instant now) {
    const std::lock_guard lock(mutex_);
    estimate_.look(depth, sent_, now);
}

std::optional<BootClock::duration> Backlog::wait(std::uint64_t depth) const {
    const std::lock_guard lock(mutex_);
    return estimate_.wait(depth);
}

bool Backlog::is_above_share(std::string_view tenant) const {
    const std::lock_guard lock(mutex_);
    return shares_.is_above_share(tenant);
}

Admission::Admission(MessageQueue& queue, LoopParts loop, Backlog& backlog, AdmissionLimits limits)
    : queue_(queue), loop_(std::move(loop)), backlog_(backlog), limits_(limits), gate_(loop_.timers) {}

Result<void> Admission::admit(std::size_t waiting_messages, std::size_t waiting_bytes, std::string_view tenant) {
    const bool due = loop_.clock.now() >= refresh_due_ && !gate_.closed();
    if (due && !std::exchange(refreshing_, true)) loop_.spawn(refresh(gate_.enter()));
    const Load load{waiting_messages, waiting_bytes, depth_, backlog_.wait(depth_)};
    if (is_overloaded(load, limits_)) return overloaded("Too many orders are waiting. Nothing was ordered.");
    if (is_overloaded(load, half(limits_)) && backlog_.is_above_share(tenant)) {
        return overloaded("Too many orders of this tenant are waiting. Nothing was ordered.");
    }
    return {};
}

void Admission::accepted(std::string_view tenant) {
    ++depth_;
    backlog_.accepted(tenant, loop_.clock.now());
}

std::chrono::seconds Admission::room_after() const {
    return orders::room_after({.queue_depth = depth_, .wait = backlog_.wait(depth_)}, limits_);
}

// The pass keeps the gate open for as long as this runs.
task<void> Admission::refresh(Gate::Pass) {
    const auto counts = co_await queue_.counts();
    if (counts) {
        depth_ = counts->visible + counts->in_flight + counts->delayed;
        backlog_.look(depth_, loop_.clock.now());
    }
    refresh_due_ = loop_.clock.now() + limits_.refresh_every;
    refreshing_ = false;
}

}  // namespace orderflow::orders
