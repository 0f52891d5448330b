#include "libs/orders/application/intake/admission.hpp"

#include <utility>

namespace orderflow::orders {

bool is_overloaded(const Load& load, const AdmissionLimits& limits) noexcept {
    return load.waiting_messages >= limits.waiting_messages || load.waiting_bytes >= limits.waiting_bytes ||
           load.queue_depth >= limits.queue_depth;
}

Admission::Admission(MessageQueue& queue, LoopParts loop, AdmissionLimits limits)
    : queue_(queue), loop_(std::move(loop)), limits_(limits), gate_(loop_.timers) {}

Result<void> Admission::admit(std::size_t waiting_messages, std::size_t waiting_bytes) {
    const bool due = loop_.clock.now() >= refresh_due_ && !gate_.closed();
    if (due && !std::exchange(refreshing_, true)) loop_.spawn(refresh(gate_.enter()));
    if (is_overloaded({waiting_messages, waiting_bytes, depth_}, limits_)) {
        return fail(ErrorKind::unavailable, "overloaded", "Too many orders are waiting. Nothing was ordered.");
    }
    return {};
}

// The pass keeps the gate open for as long as this runs.
task<void> Admission::refresh(Gate::Pass) {
    const auto counts = co_await queue_.counts();
    if (counts) depth_ = counts->visible + counts->in_flight + counts->delayed;
    refresh_due_ = loop_.clock.now() + limits_.refresh_every;
    refreshing_ = false;
}

}  // namespace orderflow::orders
