// GET /v1/admin/audit and /v1/admin/audit/{id}: who asked for what, when, and what came of it.
#pragma once

#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/operator_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class AuditHandler {
  public:
    AuditHandler(orders::OperatorReader& reader, const OperatorAccess& operators)
        : reader_(reader), operators_(operators) {}

    task<net::Response> list(const net::Request& request);
    task<net::Response> one(const net::Request& request);

  private:
    orders::OperatorReader& reader_;
    const OperatorAccess& operators_;
};

}  // namespace orderflow::api
