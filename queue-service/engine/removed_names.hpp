// RemovedNames: names of queues that were removed a moment ago, until they may be used again. Times are the calendar's,
// because they are kept over a restart; when it jumped back, a name is free.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "libs/base/clock.hpp"
#include "queue-service/engine/limits.hpp"
#include "queue-service/engine/queue_name.hpp"

namespace orderflow::queue {

// Whether less than `cooldown` has passed since `then`.
inline bool is_recent(WallTime then, WallTime now, std::chrono::seconds cooldown) {
    return now >= then && now - then < cooldown;
}

class RemovedNames {
  public:
    void add(const QueueName& name, WallTime at) {
        times_[name] = at;
        order_.emplace_back(at, name);
    }
    bool is_recent(const QueueName& name, WallTime now) const {
        const auto known = times_.find(name);
        return known != times_.end() && queue::is_recent(known->second, now, limits::name_cooldown);
    }
    // A name that need not be known any more, taken out. The longest known are looked at first.
    std::optional<QueueName> take_old(WallTime now) {
        while (!order_.empty() && !queue::is_recent(order_.front().first, now, limits::name_cooldown)) {
            auto [at, name] = std::move(order_.front());
            order_.pop_front();
            const auto known = times_.find(name);
            if (known == times_.end() || known->second != at) continue;  // removed once more since
            times_.erase(known);
            return std::move(name);
        }
        return std::nullopt;
    }

  private:
    std::map<QueueName, WallTime> times_;
    std::deque<std::pair<WallTime, QueueName>> order_;
};

}  // namespace orderflow::queue
