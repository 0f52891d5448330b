// WebhookDelivery: the dispatcher of events with the connections it needs, on the worker's loop.
#pragma once

#include <memory>

#include "libs/base/entropy.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/public_address.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/webhooks/http_event_sender.hpp"
#include "worker-service/event_dispatcher.hpp"
#include "worker-service/observed_dispatch.hpp"

namespace orderflow {

class WebhookDelivery {
  public:
    // All outlive it.
    struct Parts {
        net::Runtime& loop;
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        observe::Metrics& metrics;
        orders::EndpointStore& store;
        orders::EndpointReader& reader;
        orders::OrderReader& orders;
    };

    // invalid_input "tls.trust_unreadable".
    static Result<std::unique_ptr<WebhookDelivery>> open(Parts parts, net::OutboundRules rules);

    // On the loop, all three.
    void start() { dispatcher_.start(); }
    void ask_to_stop() { dispatcher_.ask_to_stop(); }
    task<void> stop(Instant deadline) { return dispatcher_.stop(deadline); }
    // When the loop does not run any more, and is still there.
    void close() { pool_->close_idle(); }

  private:
    WebhookDelivery(Parts parts, net::OutboundRules rules, std::unique_ptr<net::HttpPool> pool);

    std::unique_ptr<net::HttpPool> pool_;
    webhooks::HttpEventSender sender_;
    worker::ObservedDispatch observer_;
    worker::EventDispatcher dispatcher_;
};

}  // namespace orderflow
