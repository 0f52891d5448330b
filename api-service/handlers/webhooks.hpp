// /v1/admin/webhooks: where the events of orders go, for operators: made, changed, tried, replayed, and what became of
// each call.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api-service/api_parts.hpp"
#include "api-service/command_desk.hpp"
#include "api-service/operator_access.hpp"
#include "libs/net/public_address.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Reads ask the store. A command goes to the queue, also while the store is down; what the store holds now gives early
// answers, the worker's audit record is the final one. Any loop. Everything passed in, and a request its call, outlives
// it.
class WebhooksHandler {
  public:
    WebhooksHandler(orders::EndpointReader& reader, orders::OrderReader& orders, const OperatorAccess& operators,
                    CommandDesk& desk, WebhookSecret secret, net::OutboundRules rules)
        : reader_(reader),
          orders_(orders),
          operators_(operators),
          desk_(desk),
          secret_(std::move(secret)),
          rules_(rules) {}

    task<net::Response> list(const net::Request& request);
    task<net::Response> one(const net::Request& request);
    task<net::Response> deliveries(const net::Request& request);
    task<net::Response> create(const net::Request& request);
    task<net::Response> update(const net::Request& request);
    task<net::Response> remove(const net::Request& request);
    task<net::Response> rotate_secret(const net::Request& request);
    task<net::Response> test(const net::Request& request);
    task<net::Response> replay(const net::Request& request);

  private:
    // The endpoint that the address names, or the early answer to one that is not there. Neither: the store could not
    // be read, and the worker decides.
    struct Found {
        std::optional<orders::EventEndpoint> endpoint;
        std::optional<net::Response> answer;
    };
    task<Found> find(const net::Request& request);
    std::optional<net::Response> refused_url(const std::string& text) const;
    task<std::optional<net::Response>> unknown_event(orders::EndpointWish wish);

    orders::EndpointReader& reader_;
    orders::OrderReader& orders_;
    const OperatorAccess& operators_;
    CommandDesk& desk_;
    WebhookSecret secret_;
    net::OutboundRules rules_;
};

}  // namespace orderflow::api
