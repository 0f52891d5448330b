// POST /v1/orders/{id}/cancel.
#pragma once

#include "api-service/callers.hpp"
#include "api-service/intake_loop.hpp"
#include "api-service/send_trace.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class CancelOrderHandler {
  public:
    CancelOrderHandler(IntakeLoops& intake, const Callers& callers, const orders::OrderIds& ids,
                       const SendTraces& traces, BootClock::duration accept_time)
        : intake_(intake), callers_(callers), ids_(ids), traces_(traces), accept_time_(accept_time) {}

    task<net::Response> operator()(const net::Request& request);

  private:
    IntakeLoops& intake_;
    const Callers& callers_;
    const orders::OrderIds& ids_;
    const SendTraces& traces_;
    BootClock::duration accept_time_;
};

}  // namespace orderflow::api
