#include "orderflow/queue_metrics.hpp"

#include <chrono>
#include <utility>

namespace orderflow {
namespace {

constexpr double in_seconds(BootClock::duration time) { return std::chrono::duration<double>(time).count(); }

// Names are unique in their scope alone.
std::string label_of(const queue::QueueName& name) {
    if (name.scope == queue::default_scope()) return name.name;
    return name.scope.region + "/" + name.scope.account + "/" + name.name;
}

}  // namespace

QueueMetrics::QueueMetrics(observe::Metrics& metrics, const observe::Logger& log)
    : metrics_(metrics),
      log_(log),
      group_fill_(metrics.histogram("orderflow_queue_group_operations", "Operations that shared one sync.",
                                    {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})),
      sync_seconds_(metrics.histogram("orderflow_queue_sync_seconds", "Commit of the queue journal with its sync.",
                                      observe::Metrics::latency_bounds())),
      sent_(metrics.counter("orderflow_queue_messages_sent_total", "Messages that a queue took.")),
      delivered_(metrics.counter("orderflow_queue_messages_delivered_total", "Messages handed out by a queue.")),
      removed_(metrics.counter("orderflow_queue_messages_removed_total", "Messages deleted or expired.")),
      dead_lettered_(
          metrics.counter("orderflow_queue_messages_dead_lettered_total", "Messages moved to a dead-letter queue.")),
      disk_full_(metrics.counter("orderflow_queue_disk_full_total", "Groups that found no space on the disk.")) {
    for (const auto* name : {"orders", "orders-commands", "orders-dlq"}) {
        depths_.emplace(queue::QueueName{queue::default_scope(), name}, declare(metrics, name));
    }
}

QueueMetrics::Depth QueueMetrics::declare(observe::Metrics& metrics, const std::string& queue) {
    const observe::Metrics::Labels labels{{"queue", queue}};
    return {metrics.gauge("orderflow_queue_visible_messages", "Messages that wait to be received.", labels),
            metrics.gauge("orderflow_queue_in_flight_messages", "Messages received and not deleted.", labels),
            metrics.gauge("orderflow_queue_delayed_messages", "Messages whose delay has not ended.", labels),
            metrics.gauge("orderflow_queue_oldest_age_seconds", "Age of the oldest message in the queue.", labels)};
}

void QueueMetrics::group_committed(const queue::GroupReport& report) {
    group_fill_.observe(static_cast<double>(report.operations));
    sync_seconds_.observe(in_seconds(report.sync_time));
    sent_.add(report.sent);
    delivered_.add(report.delivered);
    removed_.add(report.removed);
    dead_lettered_.add(report.dead_lettered);
}

void QueueMetrics::queue_changed(const queue::QueueName& name, const queue::QueueCounts& counts) {
    auto depth = depths_.find(name);
    if (depth == depths_.end()) {
        if (depths_.size() == queues_max) return;
        depth = depths_.emplace(name, declare(metrics_, label_of(name))).first;
    }
    depth->second.visible.set(static_cast<double>(counts.visible));
    depth->second.in_flight.set(static_cast<double>(counts.in_flight));
    depth->second.delayed.set(static_cast<double>(counts.delayed));
    depth->second.oldest_age.set(counts.oldest_age ? in_seconds(*counts.oldest_age) : 0.0);
}

void QueueMetrics::disk_full() {
    disk_full_.add();
    log_.error("queue.disk_full", {{"advice", "free space on the data directory's disk; sending resumes by itself"}});
}

}  // namespace orderflow
