// ApiService: the HTTP service as a library. It is given ports, time and randomness, and gives a router for an
// HttpServer; it owns no thread, socket or file.
//
//   ApiService api(parts, config);
//   HttpServer server({.runtime = runtime, ..., .router = api.router(), .observer = api.observer()}, limits);
//   server.listen(address); server.start(); api.start();
//   ...
//   api.begin_drain(); server.stop(drain); then on each loop: co_await api.drain_loop(index, until);
//
// Threads: handlers run on the loops of `parts.loops`, each loop with an intake of its own (batcher, lookup,
// admission); what they share is safe for that. One loop is enough on small machines.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "api-service/api_config.hpp"
#include "api-service/api_parts.hpp"
#include "libs/net/http_observer.hpp"
#include "libs/net/router.hpp"
#include "libs/observe/tracer.hpp"

namespace orderflow::api {

class ApiService {
  public:
    // `tracer` may be null, and outlives it. Throws std::exception for a fault of the build (a file that is not built
    // in).
    ApiService(ApiParts parts, ApiConfig config, observe::Tracer* tracer = nullptr);
    // After every drain_loop() gave true, or when the loops do not run any more.
    ~ApiService();
    ApiService(const ApiService&) = delete;
    ApiService& operator=(const ApiService&) = delete;

    // Good as long as this object.
    const net::Router& router() const noexcept;
    net::HttpObserver& observer() noexcept;

    // From now on /readyz can say 200. Any thread.
    void start() noexcept;

    // From now on /readyz says 503, so that a load balancer looks elsewhere; orders are still taken. Any thread.
    void begin_drain() noexcept;

    // On the loop of that index in ApiParts::loops, after the HTTP server has stopped accepting. Takes no more, and
    // waits until every message that was handed over is answered for. False when `until` came first.
    task<bool> drain_loop(std::size_t index, Instant until);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::api
