// EventRoutes: each event to the sender that serves its endpoint.
#pragma once

#include <utility>

#include "libs/orders/ports/event_sender.hpp"

namespace orderflow {

class EventRoutes final : public orders::EventSender {
  public:
    // Both outlive it; `topic` may be null.
    EventRoutes(orders::EventSender& webhooks, orders::EventSender* topic) : webhooks_(webhooks), topic_(topic) {}

    bool serves(const orders::EventEndpoint& endpoint) const override { return route(endpoint).serves(endpoint); }
    task<orders::SendAnswer> send(orders::EventEndpoint endpoint, orders::OutgoingEvent event, Instant deadline,
                                  std::stop_token stop) override {
        auto& sender = route(endpoint);
        return sender.send(std::move(endpoint), std::move(event), deadline, std::move(stop));
    }

  private:
    orders::EventSender& route(const orders::EventEndpoint& endpoint) const {
        return topic_ != nullptr && topic_->serves(endpoint) ? *topic_ : webhooks_;
    }

    orders::EventSender& webhooks_;
    orders::EventSender* topic_;
};

}  // namespace orderflow
