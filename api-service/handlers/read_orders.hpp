// GET /v1/orders/{id}, GET /v1/orders/{id}/events and, for operators, GET /v1/orders.
#pragma once

#include "api-service/callers.hpp"
#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class ReadOrdersHandler {
  public:
    ReadOrdersHandler(orders::OrderReader& reader, const orders::OrderIds& ids, const OperatorAccess& operators,
                      const Callers& callers)
        : reader_(reader), ids_(ids), operators_(operators), callers_(callers) {}

    task<net::Response> one(const net::Request& request);
    task<net::Response> events(const net::Request& request);
    task<net::Response> list(const net::Request& request);

  private:
    orders::OrderReader& reader_;
    const orders::OrderIds& ids_;
    const OperatorAccess& operators_;
    const Callers& callers_;
};

}  // namespace orderflow::api
