#include "libs/orders/domain/transition.hpp"

#include <algorithm>
#include <map>

#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"

namespace orderflow::orders {

Order accepted_order(const PlaceOrder& place) {
    Order order(place.id, place.draft, place.fingerprint, place.accepted_at);
    order.tenant_id = place.tenant_id;
    return order;
}

void Transition::event(EventType type, std::string code, std::string detail) {
    event_at(now_, type, std::move(code), std::move(detail));
}

void Transition::event_at(WallTime at, EventType type, std::string code, std::string detail) {
    ++order_.version;
    order_.updated_at = now_;
    events_.emplace_back(order_.version, type, at, std::move(code), std::move(detail));
}

void Transition::become(OrderStatus status) {
    ORDERFLOW_INVARIANT(may_follow(order_.status, status));
    order_.status = status;
}

void Transition::reserve_stock() {
    auto demand = demand_of(*order_.draft);
    ORDERFLOW_INVARIANT(demand.has_value());  // the caller checked the quantities against the shelf
    stock_ = *std::move(demand);
    order_.holds_stock = true;
    event(EventType::inventory_reserved);
}

void Transition::release_stock() {
    if (!order_.holds_stock && safeguard(Safeguard::release_once)) return;
    auto held = demand_of(*order_.draft);
    ORDERFLOW_INVARIANT(held.has_value() && stock_.empty());
    stock_ = *std::move(held);
    for (auto& move : stock_) move.reserve = -move.reserve;
    order_.holds_stock = false;
    event(EventType::inventory_released);
}

void Transition::ship_stock(const std::vector<ShippedLine>& lines) {
    ORDERFLOW_INVARIANT(order_.holds_stock && stock_.empty());
    for (const auto& line : lines) stock_.emplace_back(line.sku, -line.quantity, line.quantity);
}

void Transition::post(const EffectKey& effect, const char* debit, const char* credit, std::int64_t amount) {
    ledger_.emplace_back(effect, debit, credit, amount, now_);
}

void Transition::keep_once(DeadLetter letter) {
    keep(std::move(letter));
    letter_once_ = true;
}

Decision Transition::finish(Step::Kind kind) && {
    auto step = step_of(order_, kind);
    step.changed = true;
    step.settled_now = order_.status != before_ && is_settled(order_.status);
    Decision decision(std::move(step));
    decision.order = std::move(order_);
    decision.events = std::move(events_);
    decision.stock = std::move(stock_);
    decision.ledger = std::move(ledger_);
    decision.letter = std::move(letter_);
    decision.letter_once = letter_once_;
    decision.audit = std::move(audit_);
    decision.drop_intent = drop_intent_;
    return decision;
}

Decision Transition::charge(bool resumed) && {
    auto step = charge_step(order_, resumed);
    auto decision = std::move(*this).finish(Step::Kind::charge);
    step.changed = true;
    decision.step = std::move(step);
    return decision;
}

Decision Transition::refund(bool resumed) && {
    auto step = refund_step(order_, resumed);
    auto decision = std::move(*this).finish(Step::Kind::refund);
    step.changed = true;
    decision.step = std::move(step);
    return decision;
}

Decision unchanged(const Loaded& loaded, Step::Kind kind) {
    if (loaded.order == nullptr) return Decision(Step(kind));
    return Decision(step_of(*loaded.order, kind));
}

Step step_of(const Order& order, Step::Kind kind) {
    Step step(kind);
    step.status = order.status;
    step.version = order.version;
    step.tries = order.tries;
    step.accepted_at = order.created_at;
    return step;
}

Step charge_step(const Order& order, bool resumed) {
    auto step = step_of(order, Step::Kind::charge);
    step.resumed = resumed;
    step.effect = order.charge;
    step.currency = order.draft->currency;
    step.payment = order.draft->payment;
    return step;
}

Step refund_step(const Order& order, bool resumed) {
    ORDERFLOW_INVARIANT(order.charge.has_value());
    auto step = step_of(order, Step::Kind::refund);
    step.resumed = resumed;
    step.effect = order.refund;
    step.charge_key = order.charge->key;
    step.currency = order.draft->currency;
    return step;
}

std::optional<std::vector<StockMove>> demand_of(const OrderDraft& draft) {
    std::vector<StockMove> demand;
    demand.reserve(draft.lines.size());
    for (const auto& line : draft.lines) demand.emplace_back(line.sku, line.quantity);
    std::ranges::sort(demand, {}, &StockMove::sku);
    std::size_t kept = 0;
    for (std::size_t i = 1; i < demand.size(); ++i) {
        if (demand[i].sku == demand[kept].sku) {
            const auto sum = checked_add(demand[kept].reserve, demand[i].reserve);
            if (!sum) return std::nullopt;
            demand[kept].reserve = *sum;
        } else if (++kept != i) {
            demand[kept] = std::move(demand[i]);
        }
    }
    if (!demand.empty()) demand.erase(demand.begin() + static_cast<std::ptrdiff_t>(kept) + 1, demand.end());
    return demand;
}

}  // namespace orderflow::orders
