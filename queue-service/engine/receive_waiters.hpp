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
    Instant until{};  // answered empty at that time: for a short poll, now
    bool long_poll = false;
};

class ReceiveWaiters {
  public:
    // Ids are given in the order of arrival: a smaller one is served first. Also puts a waiter back that was taken.
    void add(const Waiter& waiter);
    // Nothing when the waiter was taken before: served, timed out or cancelled.
    std::optional<Waiter> take(WaiterId id);

    std::vector<QueueNo> queues() const;  // with at least one waiter
    // Null when nobody waits at this queue.
    const Waiter* earliest(QueueNo queue) const;

    // A waiter whose time is over, if any.
    std::optional<WaiterId> timed_out(Instant now) const;
    std::optional<Instant> next_deadline() const;
    std::size_t size() const noexcept { return waiters_.size(); }

  private:
    std::map<WaiterId, Waiter> waiters_;
    std::set<std::pair<QueueNo, WaiterId>> by_queue_;
    std::set<std::pair<Instant, WaiterId>> by_time_;
};

}  // namespace orderflow::queue
