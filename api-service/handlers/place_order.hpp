// POST /order and POST /v1/orders with JSON.
#pragma once

#include "api-service/order_desk.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. The desk and the requests outlive their calls.
class PlaceOrderHandler {
  public:
    explicit PlaceOrderHandler(OrderDesk& desk) : desk_(desk) {}

    task<net::Response> operator()(const net::Request& request);

  private:
    OrderDesk& desk_;
};

}  // namespace orderflow::api
