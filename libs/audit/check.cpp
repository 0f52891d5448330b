#include "libs/audit/check.hpp"

#include <algorithm>

#include "libs/audit/checks.hpp"

namespace orderflow::audit {
namespace {

void count_what_is_stored(const Snapshot& snapshot, Report& report) {
    for (const auto& order : snapshot.orders) {
        ++report.seen.stored;
        if (is_settled(order.status)) ++report.seen.settled;
        if (order.status == orders::OrderStatus::on_hold) ++report.seen.on_hold;
    }
    report.seen.tombstones = snapshot.tombstones.size();
    for (const auto& effect : snapshot.provider) {
        if (effect.state == orders::EffectState::captured) ++report.seen.charges;
        if (effect.state == orders::EffectState::refunded) ++report.seen.refunds;
    }
}

}  // namespace

Evidence::Evidence(const History& h, const Snapshot& s, const CheckOptions& o) : history(h), snapshot(s), options(o) {
    stored.reserve(snapshot.orders.size());
    for (const auto& order : snapshot.orders) stored.emplace(order.id, &order);
    for (const auto& queue : snapshot.queues) {
        for (const auto& message : queue.messages) {
            queued.insert(message.order);
            if (message.kind == QueuedMessage::Kind::place) places_queued.insert(message.order);
            if (message.kind == QueuedMessage::Kind::cancel) cancels_queued.insert(message.order);
        }
    }
    dead_letters.insert(snapshot.dead_letter_orders.begin(), snapshot.dead_letter_orders.end());
    tombstones.insert(snapshot.tombstones.begin(), snapshot.tombstones.end());
}

std::size_t count_events(const StoredOrder& order, orders::EventType type) {
    return static_cast<std::size_t>(std::ranges::count(order.events, type, &StoredEvent::type));
}

Report check(const History& history, const Snapshot& snapshot, const CheckOptions& options) {
    const Evidence evidence(history, snapshot, options);
    Report report;
    count_what_is_stored(snapshot, report);
    check_attempts(evidence, report);
    check_histories(evidence, report);
    check_stock(evidence, report);
    check_money(evidence, report);
    check_queues(evidence, report);
    return report;
}

}  // namespace orderflow::audit
