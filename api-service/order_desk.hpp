// OrderDesk: the one way from a checked draft to the queue, for JSON and for the form.
#pragma once

#include <optional>
#include <string>

#include "api-service/api_metrics.hpp"
#include "api-service/intake_loop.hpp"
#include "api-service/send_trace.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/orders/domain/draft.hpp"

namespace orderflow::api {

// Any loop. Everything passed in outlives it.
class OrderDesk {
  public:
    OrderDesk(IntakeLoops& intake, contract::Sha256 sha256, const SendTraces& traces, BootClock::duration accept_time,
              ApiMetrics& metrics)
        : intake_(intake), sha256_(std::move(sha256)), traces_(traces), accept_time_(accept_time), metrics_(metrics) {}

    // As orders::TakeOrder. Counts what became of it. The request outlives the call.
    task<Result<orders::TakenOrder>> take(const net::Request& request, orders::OrderDraft draft,
                                          std::optional<std::string> key);

    ApiMetrics& metrics() noexcept { return metrics_; }

  private:
    IntakeLoops& intake_;
    contract::Sha256 sha256_;
    const SendTraces& traces_;
    BootClock::duration accept_time_;
    ApiMetrics& metrics_;
};

}  // namespace orderflow::api
