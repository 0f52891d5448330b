#include "queue-service/engine/receive_waiters.hpp"

namespace orderflow::queue {

WaiterId ReceiveWaiters::add(QueueNo queue, const ReceiveOptions& options, Instant until) {
    const WaiterId id{next_id_++};
    waiters_.emplace(id, Waiter{.id = id, .queue = queue, .options = options, .until = until});
    by_queue_.emplace(queue, id);
    by_time_.emplace(until, id);
    return id;
}

bool ReceiveWaiters::remove(WaiterId id) {
    const auto it = waiters_.find(id);
    if (it == waiters_.end()) return false;
    by_queue_.erase({it->second.queue, id});
    by_time_.erase({it->second.until, id});
    waiters_.erase(it);
    return true;
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

const Waiter* ReceiveWaiters::after(WaiterId id) const {
    const auto& waiter = waiters_.at(id);
    const auto it = by_queue_.upper_bound({waiter.queue, id});
    return it == by_queue_.end() || it->first != waiter.queue ? nullptr : &waiters_.at(it->second);
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
