// When delays and leases end, over all queues of an engine; O(log n).
#pragma once

#include <optional>
#include <set>

#include "queue-service/engine/message.hpp"

namespace orderflow::queue {

class Deadlines {
  public:
    void add(Instant at, MessageKey key) { entries_.insert({at, key}); }
    void remove(Instant at, MessageKey key) { entries_.erase({at, key}); }

    std::optional<Instant> next() const {
        if (entries_.empty()) return std::nullopt;
        return entries_.begin()->first;
    }
    // The earliest that is due, taken out.
    std::optional<MessageKey> take_due(Instant now) {
        if (entries_.empty() || entries_.begin()->first > now) return std::nullopt;
        const auto key = entries_.begin()->second;
        entries_.erase(entries_.begin());
        return key;
    }

  private:
    std::set<std::pair<Instant, MessageKey>> entries_;
};

}  // namespace orderflow::queue
