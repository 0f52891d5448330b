#include "worker-service/retention_sweeper.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/contract/order_record_json.hpp"
#include "libs/orders/domain/retention.hpp"

namespace orderflow::worker {
namespace {

using orders::OrderStatus;

constexpr std::array terminal{OrderStatus::completed, OrderStatus::rejected, OrderStatus::cancelled};

// Somebody was faster; that is no failure.
bool is_about_one_order(const Error& error) {
    return error.kind() == ErrorKind::not_found || error.kind() == ErrorKind::conflict;
}

}  // namespace

RetentionSweeper::RetentionSweeper(Parts parts, orders::LoopParts loop, RetentionPolicy policy)
    : parts_(parts),
      loop_(std::move(loop)),
      policy_(policy),
      made_at_(loop_.clock.wall()),
      made_(loop_.clock.now()),
      gate_(loop_.timers) {}

void RetentionSweeper::start() { loop_.spawn(run(gate_.enter())); }

task<bool> RetentionSweeper::stop(Instant until) {
    ask_to_stop();
    co_return co_await gate_.drain_until(until);
}

task<void> RetentionSweeper::run(Gate::Pass pass) {
    const auto stop = stop_.get_token();
    while (!stop.stop_requested()) {
        for (const auto status : terminal) {
            const auto swept = co_await sweep(status);
            if (swept) continue;
            parts_.observer.retention_failed(swept.error());
            break;
        }
        if (!stop.stop_requested()) co_await sleep_until(loop_.timers, loop_.clock.now() + policy_.every, stop);
    }
}

// Numbers rise with the time of storing, so behind the first order that is too young there is nothing to find that
// would not be found a little later.
task<Result<void>> RetentionSweeper::sweep(OrderStatus status) {
    const auto stop = stop_.get_token();
    orders::OldestQuery query{.status = status, .limit = policy_.group};
    while (!stop.stop_requested()) {
        auto page = co_await parts_.oldest.oldest(query);
        if (!page) co_return fail(page.error());
        if (page->orders.empty()) break;
        query.after = page->orders.back().number;
        const bool behind_are_old = page->has_more && page->orders.back().created_at < cutoff();
        std::erase_if(page->orders, [this](const auto& order) { return !may_be_archived(order, cutoff()); });
        if (!page->orders.empty()) {
            if (auto kept = co_await archive(std::move(page->orders)); !kept) co_return kept;
        }
        if (!behind_are_old) break;
        co_await sleep_until(loop_.timers, loop_.clock.now() + policy_.rest, stop);
    }
    co_return Result<void>();
}

task<Result<void>> RetentionSweeper::archive(std::vector<orders::Order> due) {
    std::string lines;
    std::vector<orders::Order> archived;
    for (auto& order : due) {
        const auto events = co_await parts_.reader.events(order.id, 0);
        if (!events) co_return fail(events.error());
        // Another worker was faster: no order is without events, and its own archive has them.
        if (events->empty()) continue;
        const auto ledger = co_await parts_.reader.ledger(order.id);
        if (!ledger) co_return fail(ledger.error());
        lines += contract::encode_order_record(order, *events, *ledger);
        lines += '\n';
        archived.push_back(std::move(order));
    }
    if (archived.empty()) co_return Result<void>();
    if (auto kept = co_await parts_.archive.keep(std::move(lines)); !kept) co_return kept;
    std::size_t buried = 0;
    Result<void> outcome;
    for (const auto& order : archived) {
        if (stop_.get_token().stop_requested()) break;
        const auto gone = co_await parts_.burial.bury(order.id, order.version);
        if (gone && *gone) ++buried;
        if (gone || is_about_one_order(gone.error())) continue;
        outcome = fail(gone.error());
        break;
    }
    if (buried > 0) parts_.observer.archived(buried);
    co_return outcome;
}

WallTime RetentionSweeper::cutoff() const {
    const auto carried = made_at_ + std::chrono::duration_cast<std::chrono::milliseconds>(loop_.clock.now() - made_);
    return std::min(carried, loop_.clock.wall()) - policy_.keep;
}

}  // namespace orderflow::worker
