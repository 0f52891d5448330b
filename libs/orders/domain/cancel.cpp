// A cancel command: taken before fulfilment, refused after, remembered when it comes before its order.
#include "libs/orders/domain/transition.hpp"

#include "libs/base/safeguard.hpp"

namespace orderflow::orders {
namespace {

Decision refuse(const CancelOrder& change, const Order& stored, WallTime now, std::string code, std::string detail) {
    Transition transition(stored, now);
    transition.order().cancel.emplace(change.command_id, change.reason, change.requested_at);
    transition.event(EventType::cancel_refused, std::move(code), std::move(detail));
    return std::move(transition).finish(Step::Kind::finished);
}

// One intent is kept for an order to come. Another tenant's does not stand in the way of the owner's: nobody knows yet
// who that is.
bool is_taken(const CancelIntent* kept, const std::optional<std::string>& tenant) {
    return kept != nullptr && kept->tenant_id && kept->tenant_id != tenant;
}

Decision before_its_order(const CancelOrder& change, const Loaded& loaded) {
    if (loaded.tombstone) return unchanged(loaded, Step::Kind::finished);
    // What cannot be decided without the order waits for it: the queue's receive count says for how long.
    if (change.expected_version || is_taken(loaded.intent, change.tenant_id)) {
        return unchanged(loaded, Step::Kind::retry);
    }
    auto decision = unchanged(loaded, Step::Kind::finished);
    decision.step.changed = true;
    decision.keep_intent.emplace(change.command_id, change.reason, change.requested_at);
    decision.keep_intent->tenant_id = change.tenant_id;
    return decision;
}

bool is_of_another(const Order& order, const std::optional<std::string>& tenant) {
    return tenant && order.tenant_id != *tenant && safeguard(Safeguard::cancel_tenant);
}

}  // namespace

Decision begin_cancel(Transition transition) {
    auto& order = transition.order();
    const auto reason = order.cancel->reason;
    transition.event(EventType::cancel_requested, reason);
    const bool may_hold_money =
        order.charge && (order.charge->state == EffectState::started || order.charge->state == EffectState::captured);
    order.held_from.reset();
    order.failure.reset();
    order.tries = 0;  // the refund has a budget of its own
    if (may_hold_money) {
        order.payment_status = PaymentStatus::refunding;
        order.refund.emplace(refund_effect(order.id), order.charge->amount, transition.now());
        transition.become(OrderStatus::cancelling);
        return std::move(transition).refund(false);
    }
    transition.release_stock();
    order.fulfillment_status = FulfillmentStatus::cancelled;
    transition.become(OrderStatus::cancelled);
    transition.event(EventType::order_cancelled, reason);
    return std::move(transition).finish(Step::Kind::finished);
}

const CancelIntent* take_intent(Transition& transition, const Loaded& loaded) {
    if (loaded.intent == nullptr) return nullptr;
    transition.intent_done();
    return is_of_another(transition.order(), loaded.intent->tenant_id) ? nullptr : loaded.intent;
}

Decision apply_intent(Transition transition, const CancelIntent& intent) {
    transition.order().cancel.emplace(intent.command_id, intent.reason, intent.requested_at);
    return begin_cancel(std::move(transition));
}

Decision decide_cancel(const CancelOrder& change, const Loaded& loaded, WallTime now) {
    if (loaded.order == nullptr) return before_its_order(change, loaded);
    const auto& stored = *loaded.order;
    // Nothing is written: the history is not theirs either. The API says 404 as soon as it can read the order.
    if (is_of_another(stored, change.tenant_id)) return unchanged(loaded, Step::Kind::finished);
    const bool repeated =
        safeguard(Safeguard::cancel_once) && stored.cancel && stored.cancel->command_id == change.command_id;
    if (stored.status ==
        OrderStatus::cancelling) {  // resumed after a crash, or a second command: same refund, same key
        return Decision(refund_step(stored, true));
    }
    if (repeated || stored.status == OrderStatus::cancelled) return unchanged(loaded, Step::Kind::finished);
    if (change.expected_version && *change.expected_version != stored.version) {
        return refuse(change, stored, now, "version-mismatch",
                      "The order is at version " + std::to_string(stored.version) + ", the cancel was meant for " +
                          std::to_string(*change.expected_version) + ".");
    }
    if (is_terminal(stored.status)) {
        return refuse(change, stored, now, "not-cancellable",
                      "The order is " + std::string(to_string(stored.status)) + " and cannot be cancelled any more.");
    }
    if (!stored.fulfillments.empty()) {
        return refuse(change, stored, now, "not-cancellable", "A part of the order was shipped already.");
    }
    Transition transition(stored, now);
    transition.order().cancel.emplace(change.command_id, change.reason, change.requested_at);
    return begin_cancel(std::move(transition));
}

}  // namespace orderflow::orders
