// GET /v1/orders/{id}/stream.
#pragma once

#include "api-service/api_metrics.hpp"
#include "api-service/callers.hpp"
#include "api-service/intake_loop.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it. How many streams a client may have is the
// server's limit (HttpLimits::streams_per_client).
class StreamEventsHandler {
  public:
    StreamEventsHandler(orders::OrderReader& reader, orders::OrderFeed& feed, const orders::OrderIds& ids,
                        IntakeLoops& loops, ApiMetrics& metrics, const Callers& callers)
        : reader_(reader), feed_(feed), ids_(ids), loops_(loops), metrics_(metrics), callers_(callers) {}

    task<net::Response> operator()(const net::Request& request);

  private:
    orders::OrderReader& reader_;
    orders::OrderFeed& feed_;
    const orders::OrderIds& ids_;
    IntakeLoops& loops_;
    ApiMetrics& metrics_;
    const Callers& callers_;
};

}  // namespace orderflow::api
