// The site: the form, the receipt, their assets, and the API's own description.
#pragma once

#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class PagesHandler {
  public:
    PagesHandler(orders::OrderReader& reader, const orders::OrderIds& ids) : reader_(reader), ids_(ids) {}

    task<net::Response> shop(const net::Request& request);
    // The receipt; with view=plain the one that the server fills in.
    task<net::Response> order(const net::Request& request);
    // The console of operators.
    task<net::Response> console(const net::Request& request);
    task<net::Response> asset(const net::Request& request);
    task<net::Response> openapi(const net::Request& request);
    task<net::Response> asyncapi(const net::Request& request);

  private:
    task<net::Response> plain_receipt(const net::Request& request);

    orders::OrderReader& reader_;
    const orders::OrderIds& ids_;
};

}  // namespace orderflow::api
