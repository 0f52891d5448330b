// ReceiveWaiters: the long polls of all queues, in the order in which they arrived. The earliest waiter of a queue is
// served first; nobody polls: the shell serves a queue when something became visible in it.
#pragma once

#include <optional>
#include <set>

#include "queue-service/engine/queue_engine.hpp"

namespace orderflow::queue {

enum class WaiterId : std::uint64_t {};

struct Waiter {
    WaiterId id{};
    QueueNo queue{};
    ReceiveOptions options;
    Instant until{};  // answered empty at that time; in the past or now for a short poll
};

class ReceiveWaiters {
  public:
    WaiterId add(QueueNo queue, const ReceiveOptions& options, Instant until);
    // False when the waiter was taken before: served, timed out or cancelled.
    bool remove(WaiterId id);

    std::vector<QueueNo> queues() const;  // with at least one waiter
    // Null when nobody waits at this queue.
    const Waiter* earliest(QueueNo queue) const;
    // The one behind `id` at the same queue.
    const Waiter* after(WaiterId id) const;

    // A waiter whose time is over, if any.
    std::optional<WaiterId> timed_out(Instant now) const;
    std::optional<Instant> next_deadline() const;
    std::size_t size() const noexcept { return waiters_.size(); }

  private:
    std::map<WaiterId, Waiter> waiters_;
    std::set<std::pair<QueueNo, WaiterId>> by_queue_;
    std::set<std::pair<Instant, WaiterId>> by_time_;
    std::uint64_t next_id_ = 1;
};

}  // namespace orderflow::queue
