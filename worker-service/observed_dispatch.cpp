#include "worker-service/observed_dispatch.hpp"

#include <algorithm>
#include <chrono>

namespace orderflow::worker {
namespace {

observe::Gauge& endpoints_in(observe::Metrics& metrics, const char* state) {
    return metrics.gauge("orderflow_webhook_endpoints", "Webhook endpoints, by state.", {{"state", state}});
}

}  // namespace

ObservedDispatch::ObservedDispatch(observe::Metrics& metrics, const observe::Logger& log)
    : log_(log),
      calls_{},
      seconds_(metrics.histogram("orderflow_webhook_call_seconds", "Time of one call to a webhook endpoint.",
                                 observe::Metrics::latency_bounds())),
      disabled_(metrics.counter("orderflow_webhook_disabled_total",
                                "Webhook endpoints that were disabled because of their answers.")),
      store_errors_(metrics.counter("orderflow_webhook_store_errors_total",
                                    "Calls of the dispatcher of events to the store that failed.")),
      enabled_now_(endpoints_in(metrics, "enabled")),
      disabled_now_(endpoints_in(metrics, "disabled")),
      not_served_now_(endpoints_in(metrics, "not_served")),
      failing_(metrics.gauge("orderflow_webhook_endpoints_failing",
                             "Webhook endpoints served here whose last ten calls or more failed.")),
      backlog_(metrics.gauge("orderflow_webhook_backlog", "Events that were read for webhooks and not delivered.")),
      held_(metrics.gauge("orderflow_webhook_held_orders", "Orders whose next event waits for another attempt.")),
      oldest_(metrics.gauge("orderflow_webhook_oldest_seconds", "Age of the oldest event that is not delivered.")) {
    for (std::size_t i = 0; i < calls_.size(); ++i) {
        const std::string outcome(to_string(static_cast<orders::DeliveryOutcome>(i)));
        calls_[i] = &metrics.counter("orderflow_webhook_calls_total", "Calls to webhook endpoints, by outcome.",
                                     {{"outcome", outcome}});
    }
}

void ObservedDispatch::called(const orders::EventDelivery& delivery) {
    using orders::DeliveryOutcome;
    calls_[static_cast<std::size_t>(delivery.outcome)]->add();
    seconds_.observe(std::chrono::duration<double>(std::chrono::milliseconds(delivery.duration_ms)).count());
    if (delivery.outcome == DeliveryOutcome::delivered) return;
    const auto level = delivery.outcome == DeliveryOutcome::failed ? observe::LogLevel::info : observe::LogLevel::warn;
    log_.log(level, "webhook.not_delivered",
             {{"webhook", delivery.endpoint},
              {"order_id", delivery.lane == orders::LaneKind::test ? std::string() : delivery.order.to_string()},
              {"version", delivery.version},
              {"attempt", delivery.attempt},
              {"status", delivery.status},
              {"code", delivery.code},
              {"outcome", to_string(delivery.outcome)}},
             nullptr);
}

void ObservedDispatch::serving(std::string_view endpoint, bool begun) {
    log_.info(begun ? "webhook.serving" : "webhook.not_serving", {{"webhook", endpoint}});
}

void ObservedDispatch::disabled(std::string_view endpoint, std::string_view code) {
    disabled_.add();
    log_.error("webhook.disabled", {{"webhook", endpoint}, {"code", code}});
}

void ObservedDispatch::state(std::string_view endpoint, const DispatchState& state) {
    states_.insert_or_assign(std::string(endpoint), state);
    DispatchState all;
    std::size_t failing = 0;
    for (const auto& [id, one] : states_) {
        all.backlog += one.backlog;
        all.held_orders += one.held_orders;
        all.oldest = std::max(all.oldest, one.oldest);
        failing += one.failing ? 1 : 0;
    }
    failing_.set(static_cast<double>(failing));
    backlog_.set(static_cast<double>(all.backlog));
    held_.set(static_cast<double>(all.held_orders));
    oldest_.set(std::chrono::duration<double>(all.oldest).count());
}

void ObservedDispatch::endpoints(const EndpointCounts& counts) {
    enabled_now_.set(static_cast<double>(counts.enabled - counts.not_served));
    disabled_now_.set(static_cast<double>(counts.disabled));
    not_served_now_.set(static_cast<double>(counts.not_served));
}

void ObservedDispatch::declared(std::string_view endpoint) { log_.info("topic.declared", {{"webhook", endpoint}}); }

void ObservedDispatch::store_failed(std::string_view call, const Error& why) {
    store_errors_.add();
    log_.warn("webhook.store_failed", {{"call", call}, {"code", why.code()}});
}

}  // namespace orderflow::worker
