// Admission: refuses new orders while too much waits, here or in the queue, so that what was accepted is served.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "libs/async/gate.hpp"
#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/application/intake/tenant_shares.hpp"
#include "libs/orders/application/intake/wait_estimate.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::orders {

struct AdmissionLimits {
    std::size_t waiting_messages = 20'000;         // in this process, for an answer of the queue
    std::size_t waiting_bytes = 64 * 1024 * 1024;  // the same, bodies
    std::uint64_t queue_depth = 2'000'000;         // messages in the queue, in flight and delayed ones too
    BootClock::duration wait = 1h;                 // until a worker has an order that is sent now, as far as is known
    BootClock::duration refresh_every = 100ms;     // how old the depth may become while orders arrive
};

struct Load {
    std::size_t waiting_messages = 0;
    std::size_t waiting_bytes = 0;
    std::uint64_t queue_depth = 0;
    std::optional<BootClock::duration> wait;  // not known: the depth alone counts
};

// Pure: whether one more order is too much.
bool is_overloaded(const Load& load, const AdmissionLimits& limits) noexcept;

// Pure: how long it takes until the queue is within its limits, at the rate that `load` knows; 1 s to an hour.
std::chrono::seconds room_after(const Load& load, const AdmissionLimits& limits) noexcept;

// What all loops of a process know of the queue together, as each sends a part and one queue holds all. Any thread.
class Backlog {
  public:
    // `instances`: how many processes send as much as this one, 1 or more; empty: this one alone. They are not counted
    // one by one: a balancer gives each about the same.
    explicit Backlog(std::function<std::int64_t()> instances = {}) : instances_(std::move(instances)) {}

    void accepted(std::string_view tenant, Instant now);
    void look(std::uint64_t depth, Instant now);
    std::optional<BootClock::duration> wait(std::uint64_t depth) const;
    bool is_above_share(std::string_view tenant) const;

  private:
    std::function<std::int64_t()> instances_;
    mutable std::mutex mutex_;
    WaitEstimate estimate_;
    TenantShares shares_;
    std::uint64_t sent_ = 0;
};

// For one loop. The depth is asked for in the background, only while orders arrive, and counted up by what was sent
// since; while the queue does not tell it, the last one known holds. Queue and backlog outlive it.
//
// A tenant that has sent more than its share is refused from half of a limit on (depth or wait): who fills the queue
// waits first, and the others have room.
class Admission {
  public:
    Admission(MessageQueue& queue, LoopParts loop, Backlog& backlog, AdmissionLimits limits);

    // unavailable "overloaded" when the order has to be refused; nothing was handed over then.
    Result<void> admit(std::size_t waiting_messages, std::size_t waiting_bytes, std::string_view tenant);

    // The queue has taken an order.
    void accepted(std::string_view tenant);

    // When there may be room again, if no more comes: 1 s to an hour. 1 s when nobody knows.
    std::chrono::seconds room_after() const;

    std::uint64_t known_depth() const noexcept { return depth_; }

    // Asks no more and waits for the question under way. False when `until` came first. To be called before
    // destruction.
    task<bool> drain_until(Instant until) { co_return co_await gate_.drain_until(until); }

  private:
    task<void> refresh(Gate::Pass pass);

    MessageQueue& queue_;
    LoopParts loop_;
    Backlog& backlog_;
    AdmissionLimits limits_;
    std::uint64_t depth_ = 0;
    Instant refresh_due_{};
    bool refreshing_ = false;
    Gate gate_;
};

}  // namespace orderflow::orders
