// WebhookDelivery: the dispatcher of events with the connections it needs, on the worker's loop: to webhooks, and to
// the topic that is configured.
#pragma once

#include <memory>
#include <optional>

#include "libs/base/entropy.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/public_address.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/observe/tracer.hpp"
#include "libs/webhooks/http_event_sender.hpp"
#include "programs/event_routes.hpp"
#include "programs/event_topic.hpp"
#include "worker-service/event_dispatcher.hpp"
#include "worker-service/observed_dispatch.hpp"
#include "worker-service/topic_declaration.hpp"

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
        orders::OperatorStore& operators;
        observe::Tracer* tracer;  // null: no traces
    };

    // invalid_input "tls.trust_unreadable", and those of EventTopic::open().
    static Result<std::unique_ptr<WebhookDelivery>> open(Parts parts, net::OutboundRules rules,
                                                         std::optional<EventTopicSettings> topic);

    // On the loop, all three.
    void start();
    void ask_to_stop();
    task<void> stop(Instant deadline);
    // When the loop does not run any more, and is still there.
    void close();

  private:
    WebhookDelivery(Parts parts, net::OutboundRules rules, std::unique_ptr<net::HttpPool> pool,
                    std::unique_ptr<EventTopic> topic);

    std::unique_ptr<net::HttpPool> pool_;
    std::unique_ptr<EventTopic> topic_;  // null: none is configured
    webhooks::HttpEventSender sender_;
    EventRoutes routes_;
    worker::ObservedDispatch observer_;
    worker::EventDispatcher dispatcher_;
    std::unique_ptr<worker::TopicDeclaration> declaration_;
};

}  // namespace orderflow
