#include "api-service/intake_loop.hpp"

#include <algorithm>

#include "libs/base/invariant.hpp"

namespace orderflow::api {

IntakeLoop::IntakeLoop(const ApiParts& parts, const ApiConfig& config, orders::LoopParts loop,
                       orders::RecentOrders& recent, orders::Backlog& backlog, const orders::IntakeMessages& messages,
                       orders::IntakeObserver& observer)
    : loop_(std::move(loop)),
      orders_batcher_(parts.orders_queue, loop_, parts.entropy, {}, observer),
      commands_batcher_(parts.commands_queue, loop_, parts.entropy, {}, observer),
      lookup_(parts.reader, loop_, {}, observer),
      admission_(parts.orders_queue, loop_, backlog,
                 {.queue_depth = config.queue_depth_max, .wait = config.wait_target}),
      take_order_({.ids = parts.ids,
                   .recent = recent,
                   .lookup = lookup_,
                   .admission = admission_,
                   .orders_queue = orders_batcher_,
                   .messages = messages,
                   .clock = parts.clock,
                   .entropy = parts.entropy}),
      request_cancel_({.ids = parts.ids,
                       .reader = parts.reader,
                       .commands_queue = commands_batcher_,
                       .messages = messages,
                       .clock = parts.clock,
                       .entropy = parts.entropy}),
      report_payment_({.ids = parts.ids,
                       .commands_queue = commands_batcher_,
                       .messages = messages,
                       .clock = parts.clock,
                       .entropy = parts.entropy}) {}

task<bool> IntakeLoop::drain_until(Instant until) {
    const bool orders_done = co_await orders_batcher_.drain_until(until);
    const bool commands_done = co_await commands_batcher_.drain_until(until);
    const bool reads_done = co_await lookup_.drain_until(until);
    const bool counts_done = co_await admission_.drain_until(until);
    co_return orders_done&& commands_done&& reads_done&& counts_done;
}

IntakeLoops::IntakeLoops(const ApiParts& parts, const ApiConfig& config, const orders::IntakeMessages& messages,
                         orders::IntakeObserver& observer)
    : backlog_(parts.instances) {
    for (const auto& loop : parts.loops) {
        loops_.push_back(std::make_unique<IntakeLoop>(parts, config, loop, recent_, backlog_, messages, observer));
    }
}

IntakeLoop& IntakeLoops::of(const net::Request& request) {
    const auto found =
        std::ranges::find_if(loops_, [&](const auto& candidate) { return &candidate->loop().timers == request.loop; });
    ORDERFLOW_INVARIANT(found != loops_.end());
    return **found;
}

}  // namespace orderflow::api
