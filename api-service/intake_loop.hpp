// IntakeLoop: the intake of one loop. Requests of a loop share batches; nothing is shared between loops but the queue,
// the store, RecentOrders and Backlog, so no handler takes a lock while it waits.
#pragma once

#include <memory>
#include <vector>

#include "api-service/api_config.hpp"
#include "api-service/api_parts.hpp"
#include "api-service/contract_messages.hpp"
#include "libs/net/request.hpp"
#include "libs/orders/application/intake/report_payment.hpp"
#include "libs/orders/application/intake/request_cancel.hpp"
#include "libs/orders/application/intake/take_order.hpp"

namespace orderflow::api {

class IntakeLoop {
  public:
    // Everything outlives it.
    IntakeLoop(const ApiParts& parts, const ApiConfig& config, orders::LoopParts loop, orders::RecentOrders& recent,
               orders::Backlog& backlog, const orders::IntakeMessages& messages, orders::IntakeObserver& observer);

    const orders::LoopParts& loop() const noexcept { return loop_; }
    orders::TakeOrder& take_order() noexcept { return take_order_; }
    const orders::Admission& admission() const noexcept { return admission_; }
    orders::RequestCancel& request_cancel() noexcept { return request_cancel_; }
    orders::SendBatcher& commands() noexcept { return commands_batcher_; }
    orders::ReportPayment& report_payment() noexcept { return report_payment_; }

    // On the loop. Takes no more and waits for what is inside; false when `until` came first.
    task<bool> drain_until(Instant until);

  private:
    orders::LoopParts loop_;
    orders::SendBatcher orders_batcher_;
    orders::SendBatcher commands_batcher_;
    orders::FingerprintLookup lookup_;
    orders::Admission admission_;
    orders::TakeOrder take_order_;
    orders::RequestCancel request_cancel_;
    orders::ReportPayment report_payment_;
};

// One IntakeLoop for each loop of the service.
class IntakeLoops {
  public:
    IntakeLoops(const ApiParts& parts, const ApiConfig& config, const orders::IntakeMessages& messages,
                orders::IntakeObserver& observer);

    // That of the loop that runs the request.
    IntakeLoop& of(const net::Request& request);
    const std::vector<std::unique_ptr<IntakeLoop>>& all() const noexcept { return loops_; }

  private:
    // Bridges the time until the store knows an order; at 20,000 orders a second this is more than a second.
    static constexpr std::size_t recent_orders_max = 32'768;

    orders::RecentOrders recent_{recent_orders_max};
    orders::Backlog backlog_;
    std::vector<std::unique_ptr<IntakeLoop>> loops_;
};

}  // namespace orderflow::api
