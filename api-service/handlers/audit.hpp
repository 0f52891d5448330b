// /v1/admin/audit: who asked for what, when, and what came of it; and an end to what goes on for long.
#pragma once

#include "api-service/command_desk.hpp"
#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/operator_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class AuditHandler {
  public:
    AuditHandler(orders::OperatorReader& reader, const OperatorAccess& operators, CommandDesk& desk)
        : reader_(reader), operators_(operators), desk_(desk) {}

    task<net::Response> list(const net::Request& request);
    task<net::Response> one(const net::Request& request);
    // The command goes no further; one without a record, which may still be in its queue, does not begin.
    task<net::Response> stop(const net::Request& request);

  private:
    orders::OperatorReader& reader_;
    const OperatorAccess& operators_;
    CommandDesk& desk_;
};

}  // namespace orderflow::api
