// GET /v1/admin/overview with its stream and its history: what the whole system does, for operators.
#pragma once

#include <atomic>
#include <memory>

#include "api-service/intake_loop.hpp"
#include "api-service/operator_access.hpp"
#include "api-service/overview_desk.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class OverviewHandler {
  public:
    // Streams of this process at once; beyond: 503. A reader that is too slow for them is cut off by the server
    // (HttpLimits::write_time).
    static constexpr int streams_max = 32;

    OverviewHandler(OverviewDesk& desk, IntakeLoops& loops, const Clock& clock, const OperatorAccess& operators)
        : desk_(desk), loops_(loops), clock_(clock), operators_(operators) {}

    task<net::Response> now(const net::Request& request);
    task<net::Response> stream(const net::Request& request);
    task<net::Response> history(const net::Request& request);

  private:
    OverviewDesk& desk_;
    IntakeLoops& loops_;
    const Clock& clock_;
    const OperatorAccess& operators_;
    std::shared_ptr<std::atomic<int>> streams_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace orderflow::api
