// /v1/admin/workers: what operators have told all workers, and telling them.
#pragma once

#include "api-service/command_desk.hpp"
#include "api-service/operator_access.hpp"
#include "api-service/overview_desk.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class WorkersHandler {
  public:
    WorkersHandler(OverviewDesk& overview, const OperatorAccess& operators, CommandDesk& desk)
        : overview_(overview), operators_(operators), desk_(desk) {}

    task<net::Response> show(const net::Request& request);
    // pause or resume.
    task<net::Response> act(const net::Request& request, orders::DirectWorkers::Action action);
    task<net::Response> limit(const net::Request& request);

  private:
    OverviewDesk& overview_;
    const OperatorAccess& operators_;
    CommandDesk& desk_;
};

}  // namespace orderflow::api
