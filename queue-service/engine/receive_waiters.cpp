#include "queue-service/engine/receive_waiters.hpp"

namespace orderflow::queue {

void ReceiveWaiters::add(const Waiter& waiter) {
    waiters_.emplace(waiter.id, waiter);
    by_queue_.emplace(waiter.queue, waiter.id);
    by_time_.emplace(waiter.until, waiter.id);
}

std::optional<Waiter> ReceiveWaiters::take(WaiterId id) {
    auto taken = waiters_.extract(id);
    if (taken.empty()) return std::nullopt;
    by_queue_.erase({taken.mapped().queue, id});
    by_time_.erase({taken.mapped().until, id});
    return taken.mapped();
}

std::vector<QueueNo> ReceiveWaiters::queues() const {
    std::vector<QueueNo> all;
    for (auto it = by_queue_.begin(); it != by_queue_.end();) {
        all.push_back(it->first);
        it = by_queue_.lower_bound({QueueNo{static_cast<std::uint32_t>(it->first) + 1}, WaiterId{0}});
    }
    return all;
}

const Waiter* ReceiveWaiters::earliest(QueueNo queue) const {
    const auto it = by_queue_.lower_bound({queue, WaiterId{0}});
    return it == by_queue_.end() || it->first != queue ? nullptr : &waiters_.at(it->second);
}

std::optional<WaiterId> ReceiveWaiters::timed_out(Instant now) const {
    if (by_time_.empty() || by_time_.begin()->first > now) return std::nullopt;
    return by_time_.begin()->second;
}

std::optional<Instant> ReceiveWaiters::next_deadline() const {
    if (by_time_.empty()) return std::nullopt;
    return by_time_.begin()->first;
}

}  // namespace orderflow::queue
