// Admission: refuses new orders while too much waits, here or in the queue, so that what was accepted is served.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/async/gate.hpp"
#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::orders {

struct AdmissionLimits {
    std::size_t waiting_messages = 20'000;         // in this process, for an answer of the queue
    std::size_t waiting_bytes = 64 * 1024 * 1024;  // the same, bodies
    std::uint64_t queue_depth = 2'000'000;         // messages in the queue, in flight and delayed ones too
    BootClock::duration refresh_every = 100ms;     // how old the depth may become while orders arrive
};

struct Load {
    std::size_t waiting_messages = 0;
    std::size_t waiting_bytes = 0;
    std::uint64_t queue_depth = 0;
};

// Pure: whether one more order is too much.
bool is_overloaded(const Load& load, const AdmissionLimits& limits) noexcept;

// For one loop. The depth is asked for in the background, only while orders arrive, and counted up by what was sent
// since; while the queue does not tell it, the last one known holds. The queue outlives it.
class Admission {
  public:
    Admission(MessageQueue& queue, LoopParts loop, AdmissionLimits limits);

    // unavailable "overloaded" when the order has to be refused; nothing was handed over then.
    Result<void> admit(std::size_t waiting_messages, std::size_t waiting_bytes);

    // The queue has taken so many.
    void accepted(std::uint64_t messages) noexcept { depth_ += messages; }

    std::uint64_t known_depth() const noexcept { return depth_; }

    // Asks no more and waits for the question under way. False when `until` came first. To be called before
    // destruction.
    task<bool> drain_until(Instant until) { co_return co_await gate_.drain_until(until); }

  private:
    task<void> refresh(Gate::Pass pass);

    MessageQueue& queue_;
    LoopParts loop_;
    AdmissionLimits limits_;
    std::uint64_t depth_ = 0;
    Instant refresh_due_{};
    bool refreshing_ = false;
    Gate gate_;
};

}  // namespace orderflow::orders
