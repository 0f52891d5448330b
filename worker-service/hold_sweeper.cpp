#include "worker-service/hold_sweeper.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/contract/draft_json.hpp"
#include "libs/contract/order_message.hpp"

namespace orderflow::worker {
namespace {

constexpr std::uint32_t page_orders = 100;

bool is_under_way(orders::OrderStatus status) {
    return status != orders::OrderStatus::on_hold && status != orders::OrderStatus::cancelling;
}

std::string message_of(const orders::PlaceOrder& place, std::int32_t version) {
    const auto id = "lost-" + place.id.to_string() + "-" + std::to_string(version);
    return contract::encode_place({id, place.id, place.fingerprint, place.accepted_at, std::nullopt, place.tenant_id},
                                  contract::encode_draft(*place.draft));
}

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
        for (const auto status :
             {orders::OrderStatus::on_hold, orders::OrderStatus::cancelling, orders::OrderStatus::accepted,
              orders::OrderStatus::processing, orders::OrderStatus::reserved}) {
            co_await sweep(status);
        }
        if (!stop.stop_requested()) co_await sleep_until(loop_.timers, loop_.clock.now() + policy_.every, stop);
    }
}

// A store that cannot be read is looked at again in the next round.
task<void> HoldSweeper::sweep(orders::OrderStatus status) {
    orders::OrderQuery query;
    query.status = status;
    query.limit = page_orders;
    // Most that are under way came just now.
    if (is_under_way(status)) query.created_before = now() - policy_.limits.lost_after;
    if (const auto behind = behind_.find(status); behind != behind_.end()) query.starting_after = behind->second;
    behind_.erase(status);
    for (std::uint32_t page = 0; page < policy_.pages_max && !stop_.stop_requested(); ++page) {
        const auto found = co_await parts_.reader.list(query);
        if (!found) co_return;
        std::vector<Due> due;
        for (const auto& order : found->orders) {
            if (not_before_.contains({order.id, status})) continue;
            if (auto body = overdue(order)) due.push_back({order.id, *std::move(body)});
        }
        if (!due.empty() && !co_await send(status, std::move(due))) co_return;
        if (!found->has_more || found->orders.empty()) co_return;
        query.starting_after = found->orders.back().id;
    }
    // Asked to stop before the first page, it has come nowhere.
    if (query.starting_after) behind_.insert_or_assign(status, *query.starting_after);
}

// False when the queue refused: the next round tries again. What may have been sent is sent again with the same id.
task<bool> HoldSweeper::send(orders::OrderStatus status, std::vector<Due> due) {
    const bool under_way = is_under_way(status);
    auto& queue = under_way ? parts_.orders : parts_.commands;
    const std::chrono::seconds resend_after = under_way ? policy_.limits.lost_after : policy_.resend_after;
    const auto limits = queue.limits();
    for (std::size_t at = 0; at < due.size();) {
        std::vector<orders::OutgoingMessage> messages;
        std::size_t bytes = 0;
        auto end = at;
        while (end < due.size() &&
               (end == at || (end - at < limits.entries && bytes + due[end].body.size() <= limits.bytes))) {
            bytes += due[end].body.size();
            messages.emplace_back(std::move(due[end++].body));
        }
        const auto sent = co_await queue.send(std::move(messages));
        if (!sent) {
            parts_.observer.queue_failed(under_way ? orders_queue : commands_queue, "send", sent.error());
            co_return false;
        }
        for (std::size_t i = 0; i < end - at && i < sent->size(); ++i) {
            if ((*sent)[i])
                not_before_.insert_or_assign(Stand(due[at + i].order, status), loop_.clock.now() + resend_after);
        }
        at = end;
    }
    co_return true;
}

std::optional<std::string> HoldSweeper::overdue(const orders::Order& order) const {
    if (const auto command = overdue_cancel(order, policy_.limits, now())) {
        return contract::encode_cancel(*command, std::nullopt);
    }
    const auto place = overdue_place(order, policy_.limits, now());
    return place ? std::optional(message_of(*place, order.version)) : std::nullopt;
}

WallTime HoldSweeper::now() const {
    const auto carried = made_at_ + std::chrono::duration_cast<std::chrono::milliseconds>(loop_.clock.now() - made_);
    return std::min(carried, loop_.clock.wall());
}

void HoldSweeper::forget_old() {
    const auto now = loop_.clock.now();
    std::erase_if(not_before_, [&](const auto& entry) { return now >= entry.second; });
}

}  // namespace orderflow::worker
