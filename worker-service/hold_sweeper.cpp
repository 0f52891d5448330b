#include "worker-service/hold_sweeper.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/contract/order_message.hpp"

namespace orderflow::worker {
namespace {

constexpr std::uint32_t page_orders = 100;

}  // namespace

HoldSweeper::HoldSweeper(Parts parts, orders::LoopParts loop, SweepPolicy policy)
    : parts_(parts),
      loop_(std::move(loop)),
      policy_(policy),
      made_at_(loop_.clock.wall()),
      made_(loop_.clock.now()),
      gate_(loop_.timers) {}

void HoldSweeper::start() { loop_.spawn(run(gate_.enter())); }

task<bool> HoldSweeper::stop(Instant until) {
    ask_to_stop();
    co_return co_await gate_.drain_until(until);
}

task<void> HoldSweeper::run(Gate::Pass pass) {
    const auto stop = stop_.get_token();
    while (!stop.stop_requested()) {
        forget_old();
        co_await sweep(orders::OrderStatus::on_hold);
        co_await sweep(orders::OrderStatus::cancelling);
        if (!stop.stop_requested()) co_await sleep_until(loop_.timers, loop_.clock.now() + policy_.every, stop);
    }
}

// A store that cannot be read is looked at again in the next round.
task<void> HoldSweeper::sweep(orders::OrderStatus status) {
    orders::OrderQuery query;
    query.status = status;
    query.limit = page_orders;
    if (const auto behind = behind_.find(status); behind != behind_.end()) query.starting_after = behind->second;
    behind_.erase(status);
    for (std::uint32_t page = 0; page < policy_.pages_max && !stop_.stop_requested(); ++page) {
        const auto found = co_await parts_.reader.list(query);
        if (!found) co_return;
        std::vector<orders::CancelOrder> due;
        for (const auto& order : found->orders) {
            auto command = overdue_cancel(order, policy_.limits, now());
            if (command && !sent_.contains(order.id)) due.push_back(*std::move(command));
        }
        if (!due.empty() && !co_await send(std::move(due))) co_return;
        if (!found->has_more || found->orders.empty()) co_return;
        query.starting_after = found->orders.back().id;
    }
    // Asked to stop before the first page, it has come nowhere.
    if (query.starting_after) behind_.insert_or_assign(status, *query.starting_after);
}

// False when the queue refused: the next round tries again. What may have been sent is sent again with the same id.
task<bool> HoldSweeper::send(std::vector<orders::CancelOrder> commands) {
    const auto entries = std::max<std::size_t>(parts_.commands.limits().entries, 1);
    for (std::size_t at = 0; at < commands.size(); at += entries) {
        const auto end = std::min(at + entries, commands.size());
        std::vector<orders::OutgoingMessage> messages;
        for (auto i = at; i < end; ++i) messages.emplace_back(contract::encode_cancel(commands[i], std::nullopt));
        const auto sent = co_await parts_.commands.send(std::move(messages));
        if (!sent) {
            parts_.observer.queue_failed(commands_queue, "send", sent.error());
            co_return false;
        }
        for (auto i = at; i < end && i - at < sent->size(); ++i) {
            if ((*sent)[i - at]) sent_.insert_or_assign(commands[i].id, loop_.clock.now());
        }
    }
    co_return true;
}

WallTime HoldSweeper::now() const {
    const auto carried = made_at_ + std::chrono::duration_cast<std::chrono::milliseconds>(loop_.clock.now() - made_);
    return std::min(carried, loop_.clock.wall());
}

void HoldSweeper::forget_old() {
    const auto now = loop_.clock.now();
    std::erase_if(sent_, [&](const auto& entry) { return now - entry.second >= policy_.resend_after; });
}

}  // namespace orderflow::worker
