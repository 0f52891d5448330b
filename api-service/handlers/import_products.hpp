// POST /v1/admin/products/import: a file of products becomes commands.
#pragma once

#include "api-service/command_desk.hpp"
#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class ImportProductsHandler {
  public:
    ImportProductsHandler(const OperatorAccess& operators, orders::OrderReader& reader, CommandDesk& desk)
        : operators_(operators), reader_(reader), desk_(desk) {}

    // 202 once every part is durable; 422 with all errors of all rows. With dry_run=true 200 and what would change:
    // nothing is sent.
    task<net::Response> operator()(const net::Request& request);

  private:
    const OperatorAccess& operators_;
    orders::OrderReader& reader_;
    CommandDesk& desk_;
};

}  // namespace orderflow::api
