#include "programs/status_server.hpp"

#include <utility>

#include "libs/json/writer.hpp"

namespace orderflow {
namespace {

constexpr BootClock::duration probe_time = 3s;
constexpr BootClock::duration stop_time = 1s;

// `why_not_alive` outlives it: the route holds it.
task<net::Response> alive(const WhyNotAlive& why_not_alive) {
    if (const auto why = why_not_alive ? why_not_alive() : std::nullopt) co_return net::problem(503, "not-alive", *why);
    co_return net::Response::json(200, R"({"status":"ok"})");
}

// `readiness` outlives it: the route holds it.
task<net::Response> ready(const AskReadiness& readiness) {
    const auto found = co_await readiness();
    if (found.why_not) co_return net::problem(503, "not-ready", *found.why_not);
    json::Writer out;
    out.begin_object().key("status").string("ready");
    if (!found.remark.empty()) out.key("remark").string(found.remark);
    co_return net::Response::json(200, std::move(out.end_object()).take());
}

// `metrics` outlives it: it outlives the server.
task<net::Response> render(observe::Metrics& metrics) {
    co_return net::Response::of(200, "text/plain; version=0.0.4; charset=utf-8", metrics.render());
}

net::Route probe(std::string pattern, std::string name, net::Handler handler) {
    return {.method = net::Method::get,
            .pattern = std::move(pattern),
            .handler = std::move(handler),
            .name = std::move(name),
            .options = {.handler_time = probe_time, .always_admitted = true}};
}

}  // namespace

net::Route metrics_route(observe::Metrics& metrics) {
    return probe("/metrics", "readMetrics", [&metrics](const net::Request&) { return render(metrics); });
}

std::vector<net::Route> status_routes(observe::Metrics& metrics, AskReadiness readiness, WhyNotAlive why_not_alive) {
    std::vector<net::Route> routes;
    routes.push_back(
        probe("/healthz", "isAlive", [why = std::move(why_not_alive)](const net::Request&) { return alive(why); }));
    routes.push_back(
        probe("/readyz", "isReady", [ask = std::move(readiness)](const net::Request&) { return ready(ask); }));
    routes.push_back(metrics_route(metrics));
    return routes;
}

StatusServer::StatusServer(Parts parts, AskReadiness readiness, WhyNotAlive why_not_alive)
    : loop_(parts.clock, 1, "status"),
      router_(status_routes(parts.metrics, std::move(readiness), std::move(why_not_alive))),
      server_(
          {.runtime = loop_, .clock = parts.clock, .entropy = parts.entropy, .router = router_, .observer = observer_},
          {.connections = 64, .in_flight = 64}) {}

StatusServer::~StatusServer() { stop(); }

Result<void> StatusServer::start(const net::ListenAddress& address) {
    if (auto listening = server_.listen(address); !listening) return listening;
    loop_.start();
    server_.start();
    return {};
}

void StatusServer::stop() {
    if (std::exchange(stopped_, true)) return;
    server_.stop(stop_time);
    loop_.stop();
}

}  // namespace orderflow
