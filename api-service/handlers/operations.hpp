// /healthz, /readyz and /metrics.
#pragma once

#include <atomic>

#include "api-service/api_parts.hpp"
#include "api-service/intake_loop.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

enum class Phase : std::uint8_t { starting, serving, draining };

// Any loop. Everything passed in, and a request its call, outlives it; so do the calls of the queue and the store that
// took too long for a probe.
class OperationsHandler {
  public:
    static constexpr BootClock::duration probe_patience = 2s;

    OperationsHandler(const ApiParts& parts, IntakeLoops& loops, const std::atomic<Phase>& phase)
        : parts_(parts), loops_(loops), phase_(phase) {}

    // The process answers; asks nobody.
    task<net::Response> alive(const net::Request& request);
    // It can take orders: started, not draining, the queue and the store answer, and the queue has room.
    task<net::Response> ready(const net::Request& request);
    task<net::Response> metrics(const net::Request& request);

  private:
    const ApiParts& parts_;
    IntakeLoops& loops_;
    const std::atomic<Phase>& phase_;
};

}  // namespace orderflow::api
