// OrderDesk: the one way from a checked draft to the queue, for JSON and for the form.
#pragma once

#include <optional>
#include <string>

#include "api-service/api_metrics.hpp"
#include "api-service/callers.hpp"
#include "api-service/intake_loop.hpp"
#include "api-service/send_trace.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/orders/domain/draft.hpp"

namespace orderflow::api {

// Any loop. Everything passed in outlives it.
class OrderDesk {
  public:
    OrderDesk(IntakeLoops& intake, const Callers& callers, contract::Sha256 sha256, const SendTraces& traces,
              BootClock::duration accept_time, ApiMetrics& metrics)
        : intake_(intake),
          callers_(callers),
          sha256_(std::move(sha256)),
          traces_(traces),
          accept_time_(accept_time),
          metrics_(metrics) {}

    // As orders::TakeOrder, for the tenant of the caller. Counts what became of it. unauthorized: Callers::caller_of().
    // The request outlives the call.
    task<Result<orders::TakenOrder>> take(const net::Request& request, orders::OrderDraft draft,
                                          std::optional<std::string> key);

    // Whether its caller may give amounts: with a key of scope orders:prices.
    contract::Amounts amounts_of(const net::Request& request) const;

    // Seconds for Retry-After of an answer to an error of take().
    std::string retry_after(const net::Request& request, const Error& error) const;
    // The key of a request, by the rule for its caller.
    Result<std::optional<std::string>> key_of(const net::Request& request) const;

    ApiMetrics& metrics() noexcept { return metrics_; }

  private:
    IntakeLoops& intake_;
    const Callers& callers_;
    contract::Sha256 sha256_;
    const SendTraces& traces_;
    BootClock::duration accept_time_;
    ApiMetrics& metrics_;
};

}  // namespace orderflow::api
