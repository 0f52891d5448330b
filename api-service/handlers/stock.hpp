// /v1/admin/stock: what is there of each product, and its correction by operators.
#pragma once

#include "api-service/command_desk.hpp"
#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class StockHandler {
  public:
    StockHandler(orders::OrderReader& reader, const OperatorAccess& operators, CommandDesk& desk)
        : reader_(reader), operators_(operators), desk_(desk) {}

    task<net::Response> list(const net::Request& request);
    // Whether it can be done the worker says, in the audit record.
    task<net::Response> change(const net::Request& request);

  private:
    orders::OrderReader& reader_;
    const OperatorAccess& operators_;
    CommandDesk& desk_;
};

}  // namespace orderflow::api
