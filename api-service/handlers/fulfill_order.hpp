// POST /v1/admin/orders/{id}/fulfilments: lines of an order left the warehouse.
#pragma once

#include "api-service/command_desk.hpp"
#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class FulfillOrderHandler {
  public:
    FulfillOrderHandler(const orders::OrderIds& ids, orders::OrderReader& reader, const OperatorAccess& operators,
                        CommandDesk& desk)
        : ids_(ids), reader_(reader), operators_(operators), desk_(desk) {}

    // 202: the command is durable. The worker decides; what it refuses is an event of the order.
    task<net::Response> operator()(const net::Request& request);

  private:
    const orders::OrderIds& ids_;
    orders::OrderReader& reader_;
    const OperatorAccess& operators_;
    CommandDesk& desk_;
};

}  // namespace orderflow::api
