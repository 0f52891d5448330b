// GET /v1/products.
#pragma once

#include "libs/contract/fingerprint.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class ListProductsHandler {
  public:
    ListProductsHandler(orders::OrderReader& reader, contract::Sha256 sha256)
        : reader_(reader), sha256_(std::move(sha256)) {}

    task<net::Response> operator()(const net::Request& request);

  private:
    orders::OrderReader& reader_;
    contract::Sha256 sha256_;
};

}  // namespace orderflow::api
