// StatusServer: /healthz, /readyz and /metrics of a program that has no API of its own, on a thread of its own.
#pragma once

#include <atomic>
#include <functional>

#include "libs/async/task.hpp"
#include "libs/base/entropy.hpp"
#include "libs/net/http_observer.hpp"
#include "libs/net/http_server.hpp"
#include "libs/observe/metrics.hpp"
#include "programs/readiness.hpp"

namespace orderflow {

// The three routes, to be mounted anywhere. Everything passed in outlives the router that holds them.
//   /healthz  200 when `why_not_alive` gives nothing (or is empty), else 503 with its text; asks nobody outside
//   /readyz   what `readiness` says: 200, with its remark when there is one, or 503 with the reason
using AskReadiness = std::function<task<Readiness>()>;
net::Route metrics_route(observe::Metrics& metrics);
using WhyNotAlive = std::function<std::optional<std::string>()>;  // on the loop of the routes
std::vector<net::Route> status_routes(observe::Metrics& metrics, AskReadiness readiness, WhyNotAlive why_not_alive);

class StatusServer {
  public:
    // All outlive it.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        observe::Metrics& metrics;
    };
    StatusServer(Parts parts, AskReadiness readiness, WhyNotAlive why_not_alive = {});
    // stop().
    ~StatusServer();
    StatusServer(const StatusServer&) = delete;
    StatusServer& operator=(const StatusServer&) = delete;

    // Once. Errors: HttpServer::listen().
    Result<void> start(const net::ListenAddress& address);
    net::ListenAddress bound() const { return server_.bound(); }
    // Of the routes: what they await resumes there.
    net::Runtime& loop() { return loop_; }

    // Idempotent. Blocks for a moment.
    void stop();

  private:
    net::Runtime loop_;
    net::Router router_;
    net::HttpObserver observer_;
    net::HttpServer server_;
    bool stopped_ = false;
};

}  // namespace orderflow
