// GET /v1/admin/orders/{id}/timeline: everything that happened to one order, for operators.
#pragma once

#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Its parts are read one after the other: what happens in between shows in some of them. Any loop. Everything passed
// in, and a request its call, outlives it.
class OrderTimelineHandler {
  public:
    OrderTimelineHandler(orders::OrderReader& orders, orders::OperatorReader& reader, orders::EndpointReader& endpoints,
                         const orders::OrderIds& ids, const OperatorAccess& operators)
        : orders_(orders), reader_(reader), endpoints_(endpoints), ids_(ids), operators_(operators) {}

    task<net::Response> operator()(const net::Request& request);

  private:
    orders::OrderReader& orders_;
    orders::OperatorReader& reader_;
    orders::EndpointReader& endpoints_;
    const orders::OrderIds& ids_;
    const OperatorAccess& operators_;
};

}  // namespace orderflow::api
