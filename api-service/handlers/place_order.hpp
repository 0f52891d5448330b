// POST /order and POST /v1/orders with JSON.
#pragma once

#include "api-service/order_desk.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. The desk and the requests outlive their calls.
class PlaceOrderHandler {
  public:
    // Bodies are read up to this size although contract::request_bytes_max is the limit: one that is not JSON at all is
    // told that (400) rather than its size (413). JSONTestSuite has such bodies of 250 KB.
    static constexpr std::size_t judged_bytes_max = 256 * 1024;

    explicit PlaceOrderHandler(OrderDesk& desk) : desk_(desk) {}

    task<net::Response> operator()(const net::Request& request);

  private:
    OrderDesk& desk_;
};

}  // namespace orderflow::api
