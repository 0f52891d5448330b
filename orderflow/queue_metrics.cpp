#include "orderflow/queue_metrics.hpp"

#include <chrono>
#include <set>
#include <utility>

#include "libs/orders/ports/queue_names.hpp"

namespace orderflow {
namespace {

constexpr auto* visible_name = "orderflow_queue_visible_messages";
constexpr auto* in_flight_name = "orderflow_queue_in_flight_messages";
constexpr auto* delayed_name = "orderflow_queue_delayed_messages";
constexpr auto* delivered_name = "orderflow_queue_messages_delivered_total";
constexpr auto* delivered_help = "Messages handed out; without a label: by queues that are not the system's own.";
constexpr auto* oldest_age_name = "orderflow_queue_oldest_age_seconds";

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
      delivered_elsewhere_(metrics.counter(delivered_name, delivered_help)),
      removed_(metrics.counter("orderflow_queue_messages_removed_total", "Messages deleted or expired.")),
      dead_lettered_(
          metrics.counter("orderflow_queue_messages_dead_lettered_total", "Messages moved to a dead-letter queue.")),
      disk_full_(metrics.counter("orderflow_queue_disk_full_total", "Groups that found no space on the disk.")) {
    for (const auto* name : {orders::orders_queue, orders::commands_queue, orders::letters_queue}) {
        const queue::QueueName of{queue::default_scope(), name};
        depths_.emplace(of, declare(metrics, name));
        delivered_.emplace(of, metrics.counter(delivered_name, delivered_help, {{"queue", name}}));
    }
}

QueueMetrics::Depth QueueMetrics::declare(observe::Metrics& metrics, const std::string& queue) {
    const observe::Metrics::Labels labels{{"queue", queue}};
    return {metrics.gauge(visible_name, "Messages that wait to be received.", labels),
            metrics.gauge(in_flight_name, "Messages received and not deleted.", labels),
            metrics.gauge(delayed_name, "Messages whose delay has not ended.", labels),
            metrics.gauge(oldest_age_name, "Age of the oldest message in the queue.", labels)};
}

void QueueMetrics::forget(const queue::QueueName& name) {
    const observe::Metrics::Labels labels{{"queue", label_of(name)}};
    for (const auto* gauge : {visible_name, in_flight_name, delayed_name, oldest_age_name}) {
        metrics_.remove_gauge(gauge, labels);
    }
}

void QueueMetrics::group_committed(const queue::GroupReport& report) {
    group_fill_.observe(static_cast<double>(report.operations));
    sync_seconds_.observe(in_seconds(report.sync_time));
    sent_.add(report.sent);
    removed_.add(report.removed);
    dead_lettered_.add(report.dead_lettered);
    // Acknowledged messages are gone, and nothing else would say when and why.
    for (const auto& name : report.purged) log_.warn("queue.purged", {{"queue", label_of(name)}});
    for (const auto& name : report.removed_queues) log_.warn("queue.removed", {{"queue", label_of(name)}});
}

void QueueMetrics::messages_delivered(const queue::QueueName& name, std::size_t count) {
    const auto known = delivered_.find(name);
    (known != delivered_.end() ? known->second : delivered_elsewhere_).add(count);
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

// First what is gone, so that there is room for what is new.
void QueueMetrics::queues_counted(const std::vector<std::pair<queue::QueueName, queue::QueueCounts>>& all) {
    std::set<queue::QueueName> names;
    for (const auto& [name, counts] : all) names.insert(name);
    std::erase_if(depths_, [&](const auto& depth) {
        if (names.contains(depth.first)) return false;
        forget(depth.first);
        return true;
    });
    for (const auto& [name, counts] : all) queue_changed(name, counts);
}

void QueueMetrics::disk_full() {
    disk_full_.add();
    log_.error("queue.disk_full", {{"advice", "free space on the data directory's disk; sending resumes by itself"}});
}

}  // namespace orderflow
