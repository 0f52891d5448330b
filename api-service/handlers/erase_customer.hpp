// POST /v1/admin/customers/erase: the orders of a customer lose all that is personal.
#pragma once

#include "api-service/command_desk.hpp"
#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class EraseCustomerHandler {
  public:
    EraseCustomerHandler(const OperatorAccess& operators, CommandDesk& desk) : operators_(operators), desk_(desk) {}

    // How many orders there were, and which are in the way, the worker says, in the audit record.
    task<net::Response> operator()(const net::Request& request);

  private:
    const OperatorAccess& operators_;
    CommandDesk& desk_;
};

}  // namespace orderflow::api
