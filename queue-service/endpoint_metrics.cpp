#include "queue-service/endpoint_metrics.hpp"

#include <chrono>

#include "queue-service/protocol/action_table.hpp"

namespace orderflow::sqs {
namespace {

// The label of requests that name no action of Amazon SQS: names that clients invent are no labels.
constexpr std::string_view no_action = "none";

}  // namespace

EndpointMetrics::EndpointMetrics(observe::Metrics& metrics, const observe::Logger& log)
    : log_(log),
      connections_(metrics.gauge("orderflow_sqs_connections", "Open connections to the Amazon SQS endpoint.")),
      bytes_in_(metrics.counter("orderflow_sqs_received_bytes_total", "Bodies of requests.")),
      bytes_out_(metrics.counter("orderflow_sqs_sent_bytes_total", "Answers with their heads.")),
      refused_(metrics.counter("orderflow_sqs_refused_total", "Requests and connections refused before any action.")),
      accept_failures_(
          metrics.counter("orderflow_sqs_accept_failures_total", "Connections that could not be accepted.")),
      bugs_(metrics.counter("orderflow_sqs_faults_total", "Requests that met a fault of the service.")) {
    for (const auto& action : actions()) {
        actions_.emplace(action.name, declare(metrics, std::string(action.name)));
    }
    actions_.emplace(no_action, declare(metrics, std::string(no_action)));
}

EndpointMetrics::ActionMetrics EndpointMetrics::declare(observe::Metrics& metrics, const std::string& action) {
    ActionMetrics entry{&metrics.histogram("orderflow_sqs_request_seconds",
                                           "From a request to its answer, the wait of a long poll included.",
                                           observe::Metrics::latency_bounds(), {{"action", action}}),
                        {}};
    for (const std::size_t i : {2U, 4U, 5U}) {
        entry.by_class[i] = &metrics.counter("orderflow_sqs_requests_total", "Requests by action and class of status.",
                                             {{"action", action}, {"class", std::to_string(i) + "xx"}});
    }
    return entry;
}

void EndpointMetrics::performed(std::string_view action, unsigned status, BootClock::duration took) {
    const auto known = actions_.find(action);
    const auto& entry = known == actions_.end() ? actions_.find(no_action)->second : known->second;
    entry.seconds->observe(std::chrono::duration<double>(took).count());
    const auto status_class = status / 100;
    if (status_class < entry.by_class.size() && entry.by_class[status_class] != nullptr) {
        entry.by_class[status_class]->add();
    }
}

void EndpointMetrics::answered(const Exchange& exchange) {
    bytes_in_.add(exchange.body_bytes_in);
    bytes_out_.add(exchange.bytes_out);
    if (exchange.status >= 500) {
        log_.warn("sqs.failed",
                  {{"route", exchange.route}, {"status", exchange.status}, {"request_id", exchange.request_id}});
    }
}

void EndpointMetrics::refused(unsigned /*status*/, std::string_view /*code*/) { refused_.add(); }

void EndpointMetrics::accept_failed(std::string_view reason) {
    accept_failures_.add();
    log_.error("sqs.accept_failed", {{"reason", reason}});
}

void EndpointMetrics::bug(std::string_view route, std::string_view what) {
    bugs_.add();
    log_.error("sqs.fault", {{"route", route}, {"what", what}});
}

}  // namespace orderflow::sqs
