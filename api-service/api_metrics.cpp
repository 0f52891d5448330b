#include "api-service/api_metrics.hpp"

namespace orderflow::api {
namespace {

constexpr auto refusals = std::to_array<const char*>(
    {"malformed-json", "malformed-form", "body-too-large", "unsupported-media-type", "invalid-idempotency-key",
     "validation-failed", "idempotency-key-reused", "rate-limited", "overloaded", "queue-unavailable",
     "outcome-unknown", "draining", "internal", "other"});

double seconds(BootClock::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

ApiMetrics::ApiMetrics(observe::Metrics& metrics, const observe::Logger& log, const std::vector<std::string>& routes)
    : log_(log),
      accepted_(metrics.counter("orderflow_orders_accepted_total", "Orders that the queue has taken durably.")),
      replayed_(metrics.counter("orderflow_orders_replayed_total", "Orders that were known to be accepted before.")),
      send_retries_(metrics.counter("orderflow_send_retries_total", "Messages that went to the queue once more.")),
      lookups_skipped_(metrics.counter("orderflow_key_lookups_skipped_total",
                                       "Keys of which the store could not say in time whether it knows them.")),
      accept_failures_(metrics.counter("orderflow_accept_failures_total", "Connections that could not be accepted.")),
      bugs_(metrics.counter("orderflow_http_faults_total", "Requests that met a fault of the service.")),
      refused_before_route_(metrics.counter("orderflow_http_refused_total", "Requests refused before any route.")),
      batch_messages_(metrics.histogram("orderflow_send_batch_messages", "Messages in one send to the queue.",
                                        {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})),
      send_seconds_(metrics.histogram("orderflow_send_seconds", "Time of one send to the queue.",
                                      observe::Metrics::latency_bounds())),
      connections_(metrics.gauge("orderflow_http_connections", "Open HTTP connections.")),
      streams_(metrics.gauge("orderflow_event_streams", "Open streams of order events.")) {
    for (const char* code : refusals) {
        refused_.emplace(code,
                         &metrics.counter("orderflow_orders_refused_total",
                                          "Order requests that were not accepted, by reason.", {{"reason", code}}));
    }
    for (const auto& route : routes) {
        RouteMetrics entry{&metrics.histogram("orderflow_http_request_seconds",
                                              "Time from the first byte of a request to the last of its answer.",
                                              observe::Metrics::latency_bounds(), {{"route", route}}),
                           {}};
        for (std::size_t i = 1; i < entry.by_class.size(); ++i) {
            entry.by_class[i] = &metrics.counter("orderflow_http_responses_total", "Answers by route and class.",
                                                 {{"route", route}, {"class", std::to_string(i) + "xx"}});
        }
        routes_.emplace(route, entry);
    }
}

void ApiMetrics::answered(const Exchange& exchange) {
    const auto route = routes_.find(exchange.route);
    if (route != routes_.end()) {
        route->second.seconds->observe(seconds(exchange.took));
        const auto status_class = exchange.status / 100;
        if (status_class >= 1 && status_class < route->second.by_class.size()) {
            route->second.by_class[status_class]->add();
        }
    }
    if (exchange.status >= 500) {
        log_.warn("http.failed",
                  {{"route", exchange.route}, {"status", exchange.status}, {"request_id", exchange.request_id}});
    }
}

void ApiMetrics::refused(unsigned /*status*/, std::string_view /*code*/) { refused_before_route_.add(); }

void ApiMetrics::accept_failed(std::string_view reason) {
    accept_failures_.add();
    log_.error("http.accept_failed", {{"reason", reason}});
}

void ApiMetrics::bug(std::string_view route, std::string_view what) {
    bugs_.add();
    log_.error("http.fault", {{"route", route}, {"what", what}});
}

void ApiMetrics::batch_sent(std::size_t entries, BootClock::duration took) {
    batch_messages_.observe(static_cast<double>(entries));
    send_seconds_.observe(seconds(took));
}

void ApiMetrics::order_refused(std::string_view code) {
    const auto known = refused_.find(code);
    (known == refused_.end() ? refused_.at("other") : known->second)->add();
}

}  // namespace orderflow::api
