// POST /v1/payments/callbacks: the payment provider says that something became of a charge or refund.
#pragma once

#include "api-service/api_parts.hpp"
#include "api-service/intake_loop.hpp"
#include "api-service/send_trace.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class PaymentCallbackHandler {
  public:
    PaymentCallbackHandler(IntakeLoops& intake, const CheckSignature& check, const Clock& clock,
                           const SendTraces& traces, BootClock::duration accept_time)
        : intake_(intake), check_(check), clock_(clock), traces_(traces), accept_time_(accept_time) {}

    // 202 when the news is on the queue. Nothing of the body is looked at before its signature is good.
    task<net::Response> operator()(const net::Request& request);

  private:
    IntakeLoops& intake_;
    const CheckSignature& check_;
    const Clock& clock_;
    const SendTraces& traces_;
    BootClock::duration accept_time_;
};

}  // namespace orderflow::api
