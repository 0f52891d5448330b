// /healthz, /readyz and /metrics.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>

#include "api-service/api_parts.hpp"
#include "api-service/intake_loop.hpp"
#include "libs/async/shared_answer.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

enum class Phase : std::uint8_t { starting, serving, draining };

// Any loop. Everything passed in, and a request its call, outlives it; so do the calls of the queue and the store that
// took too long for a probe.
class OperationsHandler {
  public:
    static constexpr BootClock::duration probe_patience = 2s;
    // Probes come from several places and must cost nothing.
    static constexpr BootClock::duration answer_good_for = 1s;

    OperationsHandler(const ApiParts& parts, const IntakeLoops& loops, const std::atomic<Phase>& phase);

    // The process answers; asks nobody.
    task<net::Response> alive(const net::Request& request);
    // It can take orders: started, not draining, the queue and the store answer, and the queue has room. What queue and
    // store said is good for `answer_good_for`; one probe of a loop asks at a time.
    task<net::Response> ready(const net::Request& request);
    task<net::Response> metrics(const net::Request& request);

  private:
    using WhyNot = std::optional<std::string>;
    task<WhyNot> ask_parts(const orders::LoopParts& loop) const;

    const ApiParts& parts_;
    const std::atomic<Phase>& phase_;
    std::map<const Executor*, SharedAnswer<WhyNot>> answers_;  // by loop
};

}  // namespace orderflow::api
