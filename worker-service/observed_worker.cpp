#include "worker-service/observed_worker.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace orderflow::worker {
namespace {

using orders::Fate;
using orders::OrderStatus;

constexpr std::array settled_statuses{OrderStatus::confirmed, OrderStatus::completed, OrderStatus::rejected,
                                      OrderStatus::cancelled};

double seconds(std::chrono::duration<double> span) { return span.count(); }

std::string order_text(const MessageReport& report) {
    return report.order != nullptr ? report.order->to_string() : std::string();
}

observe::Counter& ended(observe::Metrics& metrics, const std::string& queue, const char* how) {
    return metrics.counter("orderflow_worker_messages_processed_total",
                           "Messages whose work ended, by what became of the message.",
                           {{"queue", queue}, {"fate", how}});
}

observe::Counter& call_errors(observe::Metrics& metrics, const std::string& queue, const char* call) {
    return metrics.counter("orderflow_worker_queue_errors_total", "Calls to a queue that failed.",
                           {{"queue", queue}, {"call", call}});
}

std::vector<double> settle_bounds() {
    return {0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600};
}

}  // namespace

ObservedWorker::OfQueue::OfQueue(observe::Metrics& metrics, const std::string& name)
    : received(metrics.counter("orderflow_worker_messages_received_total", "Messages received.", {{"queue", name}})),
      in_progress(
          metrics.gauge("orderflow_worker_messages_in_progress", "Messages being worked on.", {{"queue", name}})),
      processing(metrics.histogram("orderflow_worker_processing_seconds",
                                   "From the receive of a message to the end of the work on it.",
                                   observe::Metrics::latency_bounds(), {{"queue", name}})),
      removed(ended(metrics, name, "removed")),
      retried(ended(metrics, name, "retried")),
      given_back(ended(metrics, name, "given_back")),
      dead_letters(metrics.counter("orderflow_worker_dead_letters_total", "Dead letters stored.", {{"queue", name}})),
      dropped(metrics.counter("orderflow_worker_messages_dropped_total",
                              "News of payments that came as often as the queue allows before their order.",
                              {{"queue", name}})),
      receive_errors(call_errors(metrics, name, "receive")),
      remove_errors(call_errors(metrics, name, "remove")),
      visibility_errors(call_errors(metrics, name, "change_visibility")),
      leases_lost(metrics.counter("orderflow_worker_leases_lost_total",
                                  "Messages whose lease ended before the work on them.", {{"queue", name}})),
      paused(metrics.gauge("orderflow_worker_paused", "1 while an operator has paused receiving.", {{"queue", name}})),
      stalled(metrics.gauge("orderflow_worker_stalled_receives",
                            "Receives without answer or error beyond every deadline.", {{"queue", name}})),
      stalls(metrics.counter("orderflow_worker_receive_stalls_total", "Receives that began to be stalled.",
                             {{"queue", name}})),
      exceptions(metrics.counter("orderflow_worker_exceptions_total", "Exceptions in the work on a message.",
                                 {{"queue", name}})) {}

ObservedWorker::ObservedWorker(observe::Metrics& metrics, const observe::Logger& log, const Clock& clock)
    : log_(log),
      clock_(clock),
      metrics_(metrics),
      settled_{},
      time_to_settled_(metrics.histogram("orderflow_order_time_to_settled_seconds",
                                         "From the acceptance of an order to its settled status.", settle_bounds())),
      group_changes_(metrics.histogram("orderflow_store_group_changes", "Changes in one transaction of the store.",
                                       {1, 2, 5, 10, 20, 50, 100, 200, 500})),
      group_seconds_(metrics.histogram("orderflow_store_group_seconds", "Time of one transaction of the store.",
                                       observe::Metrics::latency_bounds())),
      store_down_(metrics.gauge("orderflow_worker_store_down", "1 while the order store does not answer.")),
      circuit_open_(metrics.gauge("orderflow_worker_payment_circuit_open", "1 while payments are only probed.")) {
    std::ranges::transform(settled_statuses, settled_.begin(), [&metrics](OrderStatus status) {
        return &metrics.counter("orderflow_orders_settled_total", "Orders that reached a settled status.",
                                {{"status", std::string(to_string(status))}});
    });
    // From the start, so that whoever collects them sees the first count as a rise.
    for (const auto* queue : {orders_queue, commands_queue, letters_queue}) of(queue);
}

ObservedWorker::OfQueue& ObservedWorker::of(std::string_view queue) {
    const auto known = queues_.find(queue);
    if (known != queues_.end()) return known->second;
    const std::string name(queue);
    return queues_.try_emplace(name, metrics_, name).first->second;
}

void ObservedWorker::received(std::string_view queue, std::size_t messages) { of(queue).received.add(messages); }

void ObservedWorker::in_progress(std::string_view queue, std::size_t messages) {
    of(queue).in_progress.set(static_cast<double>(messages));
}

void ObservedWorker::processed(const MessageReport& report) {
    auto& queue = of(report.queue);
    queue.processing.observe(seconds(report.took));
    switch (report.fate.kind) {
        case Fate::Kind::remove: queue.removed.add(); break;
        case Fate::Kind::retry: queue.retried.add(); break;
        case Fate::Kind::give_back: queue.given_back.add(); break;
    }
    if (report.fate.dead_lettered) queue.dead_letters.add();
    if (report.fate.dropped) queue.dropped.add();
    if (report.fate.settled) settled(report);
    log_report(report);
}

void ObservedWorker::settled(const MessageReport& report) {
    const auto& fact = *report.fate.settled;
    const auto place = std::ranges::find(settled_statuses, fact.status);
    if (place == settled_statuses.end()) return;
    settled_[static_cast<std::size_t>(place - settled_statuses.begin())]->add();
    // Two machines' wall clocks: a small negative difference is none.
    const auto took = std::max(clock_.wall() - fact.accepted_at, std::chrono::milliseconds(0));
    // What is completed was settled before, when it was confirmed: how long shipping takes is another question.
    if (fact.status != OrderStatus::completed) time_to_settled_.observe(seconds(took));
    log_.debug(
        "order.settled",
        {{"order_id", order_text(report)}, {"status", to_string(fact.status)}, {"since_accepted_ms", took.count()}},
        report.trace);
}

void ObservedWorker::log_report(const MessageReport& report) const {
    const auto& fate = report.fate;
    if (fate.dead_lettered) {
        log_.warn("message.dead_lettered",
                  {{"queue", report.queue},
                   {"message_id", report.message.value},
                   {"order_id", order_text(report)},
                   {"code", fate.code},
                   {"receive_count", report.receive_count}},
                  report.trace);
    } else if (fate.dropped) {
        log_.info("message.dropped",
                  {{"queue", report.queue},
                   {"message_id", report.message.value},
                   {"order_id", order_text(report)},
                   {"code", fate.code},
                   {"receive_count", report.receive_count}},
                  report.trace);
    } else if (fate.kind == Fate::Kind::retry) {
        log_.info("message.retried",
                  {{"queue", report.queue},
                   {"message_id", report.message.value},
                   {"order_id", order_text(report)},
                   {"code", fate.code},
                   {"delay_ms", fate.delay.count()},
                   {"receive_count", report.receive_count}},
                  report.trace);
    }
}

void ObservedWorker::queue_failed(std::string_view queue, std::string_view call, const Error& why) {
    auto& metrics = of(queue);
    if (call == "receive") metrics.receive_errors.add();
    if (call == "remove") metrics.remove_errors.add();
    if (call == "change_visibility") metrics.visibility_errors.add();
    auto& failing = metrics.calls.try_emplace(std::string(call)).first->second;
    failing.now = true;
    ++failing.untold;
    const auto at = clock_.now();
    if (failing.told_at && at - *failing.told_at < failures_told_every) return;
    failing.told_at = at;
    log_.warn("queue.call_failed", {{"queue", queue},
                                    {"call", call},
                                    {"code", why.code()},
                                    {"why", why.detail()},
                                    {"times", std::exchange(failing.untold, 0)}});
}

// Several calls are under way at a time: one that fails late must not begin it all anew, so the time of the last line
// is kept.
void ObservedWorker::queue_answered(std::string_view queue, std::string_view call) {
    auto& calls = of(queue).calls;
    const auto found = calls.find(call);
    if (found == calls.end() || !std::exchange(found->second.now, false)) return;
    log_.info("queue.call_answered", {{"queue", queue}, {"call", call}, {"failed", found->second.untold}});
}

void ObservedWorker::lease_lost(std::string_view queue) {
    of(queue).leases_lost.add();
    log_.warn("message.lease_lost", {{"queue", queue}});
}

void ObservedWorker::receives_stalled(std::string_view queue, std::size_t receives) {
    auto& metrics = of(queue);
    const auto before = metrics.stalled_before;
    metrics.stalled.set(static_cast<double>(receives));
    if (receives > before) metrics.stalls.add(receives - before);
    metrics.stalled_before = receives;
    log_.log(receives > 0 ? observe::LogLevel::error : observe::LogLevel::info,
             receives > 0 ? "queue.receives_stalled" : "queue.receives_answered",
             {{"queue", queue}, {"receives", receives}}, nullptr);
}

void ObservedWorker::paused(std::string_view queue, bool is_paused) {
    of(queue).paused.set(is_paused ? 1 : 0);
    log_.warn(is_paused ? "worker.paused" : "worker.resumed", {{"queue", queue}});
}

void ObservedWorker::payment_circuit(bool open) {
    circuit_open_.set(open ? 1 : 0);
    log_.log(open ? observe::LogLevel::error : observe::LogLevel::info,
             open ? "payments.circuit_opened" : "payments.circuit_closed", {}, nullptr);
}

void ObservedWorker::threw(std::string_view queue, std::string_view what) {
    of(queue).exceptions.add();
    log_.error("worker.exception", {{"queue", queue}, {"what", what}});
}

void ObservedWorker::group_applied(std::size_t changes, BootClock::duration took) {
    group_changes_.observe(static_cast<double>(changes));
    group_seconds_.observe(seconds(took));
}

void ObservedWorker::store_down(const Error& why) {
    store_down_.set(1);
    log_.error("store.down", {{"code", why.code()}});
}

void ObservedWorker::store_up() {
    store_down_.set(0);
    log_.info("store.up");
}

}  // namespace orderflow::worker
