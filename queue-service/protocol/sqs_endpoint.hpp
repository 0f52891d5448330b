// SqsEndpoint: the queues served over the Amazon SQS protocol, with health checks, on one listening address.
//
//   SqsEndpoint endpoint({.runtime = runtime, .clock = clock, .entropy = entropy, .queues = *queues,
//                         .authenticator = authenticator, .observer = observer}, config);
//   runtime.start();
//   if (auto ready = endpoint.start(); !ready) ...
//   ...
//   endpoint.stop(drain);
//
// POST and GET of "/" and of "/ACCOUNT/NAME" are the protocol, GET /healthz and GET /readyz the checks.
#pragma once

#include <atomic>

#include "libs/net/http_server.hpp"
#include "queue-service/protocol/sqs_handler.hpp"

namespace orderflow::sqs {

struct SqsEndpointConfig {
    net::ListenAddress listen;
    std::string account = "000000000000";
    net::HttpLimits http = {};
    std::vector<net::Route> more_routes = {};  // of the program around it: metrics
};

class SqsEndpoint {
  public:
    // Everything passed in outlives the endpoint and, as handlers may still wait, the runtime's threads.
    struct Parts {
        net::Runtime& runtime;
        const Clock& clock;
        Entropy& entropy;
        queue::DurableQueues& queues;
        RequestAuthenticator& authenticator;
        net::HttpObserver& observer;
        ActionObserver* actions = nullptr;  // may be null
    };
    SqsEndpoint(Parts parts, SqsEndpointConfig config);
    SqsEndpoint(const SqsEndpoint&) = delete;
    SqsEndpoint& operator=(const SqsEndpoint&) = delete;

    // Once, with the runtime started: listens and serves. Errors: HttpServer::listen().
    Result<void> start();
    // Where it really listens: port 0 has become a number. After start().
    net::ListenAddress bound() const { return server_.bound(); }

    // From now on /readyz says 503, so that a load balancer looks elsewhere. Any thread.
    void begin_drain() noexcept { draining_.store(true); }

    // Long polls end with what there is, other requests are answered; see HttpServer::stop(). Not on a core.
    bool stop(BootClock::duration drain);

    const net::Router& router() const noexcept { return router_; }

  private:
    std::vector<net::Route> routes();
    task<net::Response> ready();

    Parts parts_;
    SqsEndpointConfig config_;
    QueueDirectory directory_;
    SqsHandler handler_;
    std::atomic<bool> draining_ = false;
    net::Router router_;
    net::HttpServer server_;
};

}  // namespace orderflow::sqs
