// What the journal tells the outside about itself; the composition root turns it into metrics.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "queue-service/engine/queue_engine.hpp"

namespace orderflow::queue {

struct GroupReport {
    std::size_t operations = 0;  // answered by this commit: how well the group is filled
    std::size_t sent = 0;
    std::size_t delivered = 0;
    std::size_t removed = 0;        // deleted, or their retention ended
    std::size_t dead_lettered = 0;  // moved to a dead-letter queue
    // Somebody asked for it: all messages of these are gone, of the others the queue itself, too.
    std::vector<QueueName> purged{};
    std::vector<QueueName> removed_queues{};
    BootClock::duration apply_time{};
    BootClock::duration sync_time{};  // of the commit with its sync
};

// Called on the journal's executor: be quick, do not call back.
class JournalObserver {
  public:
    virtual ~JournalObserver() = default;
    // A group is on disk and its waiters are answered.
    virtual void group_committed(const GroupReport& report) = 0;
    // After it, for each queue that handed messages out.
    virtual void messages_delivered(const QueueName& /*name*/, std::size_t /*count*/) {}
    // For every queue when the journal is opened (on that thread), and after each group for those that it touched.
    virtual void queue_changed(const QueueName& name, const QueueCounts& counts) = 0;
    // All queues there are, once in CommitterOptions::tell_every: ages grow and leases end without a group.
    virtual void queues_counted(const std::vector<std::pair<QueueName, QueueCounts>>& /*all*/) {}
    // The disk has no space: what grows is refused until a later attempt succeeds.
    virtual void disk_full() = 0;
};

}  // namespace orderflow::queue
