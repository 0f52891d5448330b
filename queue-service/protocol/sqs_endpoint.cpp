#include "queue-service/protocol/sqs_endpoint.hpp"

#include <utility>

#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {

namespace {

// The longest poll, and what is left of a handler's usual time for the answer.
constexpr BootClock::duration action_time = queue::limits::receive_wait_max + 10s;
constexpr BootClock::duration probe_time = 2s;

// The request outlives the task: the session owns it.
task<net::Response> alive(const net::Request& /*request*/) { co_return net::Response::json(200, R"({"status":"ok"})"); }

}  // namespace

SqsEndpoint::SqsEndpoint(Parts parts, SqsEndpointConfig config)
    : parts_(parts),
      config_(std::move(config)),
      directory_(parts.queues),
      handler_(directory_, parts.authenticator, parts.entropy, config_.account),
      router_(routes()),
      server_({.runtime = parts.runtime,
               .clock = parts.clock,
               .entropy = parts.entropy,
               .router = router_,
               .observer = parts.observer},
              config_.http) {
    if (parts.actions != nullptr) handler_.observe_with(parts.clock, *parts.actions);
}

std::vector<net::Route> SqsEndpoint::routes() {
    auto all = std::exchange(config_.more_routes, {});
    for (const auto* pattern : {"/", "/{account}/{name}", "/{account}/{name}/"}) {
        for (const auto method : {net::Method::get, net::Method::post}) {
            all.push_back({.method = method,
                           .pattern = pattern,
                           .handler = [this](const net::Request& request) { return handler_(request); },
                           .name = "sqs",
                           .options = {.body_bytes = limits::request_bytes_max,
                                       .handler_time = action_time,
                                       .ends_with_peer = may_wait_long}});
        }
    }
    const net::RouteOptions probe{.handler_time = probe_time, .always_admitted = true};
    all.push_back(
        {.method = net::Method::get, .pattern = "/healthz", .handler = alive, .name = "isAlive", .options = probe});
    all.push_back({.method = net::Method::get,
                   .pattern = "/readyz",
                   .handler = [this](const net::Request&) { return ready(); },
                   .name = "isReady",
                   .options = probe});
    return all;
}

// A writer that does not answer within probe_time makes the server answer 503.
task<net::Response> SqsEndpoint::ready() {
    if (draining_.load()) co_return net::problem(503, "not-ready", "The service is stopping.");
    if (parts_.queues.full()) co_return net::problem(503, "not-ready", "The disk is full.");
    const auto names = co_await parts_.queues.list_queues(queue::default_scope(), {}, {}, 1);
    if (!names) co_return net::problem(503, "not-ready", "The queues do not answer.");
    co_return net::Response::json(200, R"({"status":"ready"})");
}

Result<void> SqsEndpoint::start() {
    if (auto listening = server_.listen(config_.listen); !listening) return listening;
    server_.start();
    return {};
}

bool SqsEndpoint::stop(BootClock::duration drain) {
    begin_drain();
    handler_.end_long_polls();
    return server_.stop(drain);
}

}  // namespace orderflow::sqs
