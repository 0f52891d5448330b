// What the queue journal reports, as metrics.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "queue-service/journal/journal_observer.hpp"

namespace orderflow {

// Called on the journal's executor. Metrics and logger outlive it.
class QueueMetrics final : public queue::JournalObserver {
  public:
    QueueMetrics(observe::Metrics& metrics, const observe::Logger& log);

    void group_committed(const queue::GroupReport& report) override;
    void messages_delivered(const queue::QueueName& name, std::size_t count) override;
    void queue_changed(const queue::QueueName& name, const queue::QueueCounts& counts) override;
    void queues_counted(const std::vector<std::pair<queue::QueueName, queue::QueueCounts>>& all) override;
    void disk_full() override;

    // Further queues than this have no depths of their own: labels cost whoever collects them. A queue that was removed
    // makes room.
    static constexpr std::size_t queues_max = 200;
    // What time changes without a group (ages, ends of leases and delays) is as old as this at most.
    static constexpr BootClock::duration counted_every = 1s;

  private:
    struct Depth {
        observe::Gauge& visible;
        observe::Gauge& in_flight;
        observe::Gauge& delayed;
        observe::Gauge& oldest_age;
    };
    static Depth declare(observe::Metrics& metrics, const std::string& queue);
    void forget(const queue::QueueName& name);

    observe::Metrics& metrics_;
    const observe::Logger& log_;
    observe::Histogram& group_fill_;
    observe::Histogram& sync_seconds_;
    observe::Counter& sent_;
    observe::Counter& delivered_elsewhere_;
    observe::Counter& removed_;
    observe::Counter& dead_lettered_;
    observe::Counter& disk_full_;
    std::map<queue::QueueName, Depth> depths_;
    // A counter stays for ever, so only the system's own queues have one each.
    std::map<queue::QueueName, observe::Counter&> delivered_;
};

}  // namespace orderflow
