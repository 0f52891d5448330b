// T2 and T3: the payment provider answered.
#include "libs/orders/domain/transition.hpp"

#include "libs/base/safeguard.hpp"

namespace orderflow::orders {
namespace {

bool answers(const std::optional<PaymentEffect>& effect, const EffectKey& key) {
    if (!effect || effect->key != key) return false;
    return effect->state == EffectState::started || !safeguard(Safeguard::settle_once);
}

void close(PaymentEffect& effect, EffectState state, const std::string& reference) {
    effect.state = state;
    effect.provider_reference = reference;
}

void book_capture(Transition& transition, const std::string& reference) {
    auto& order = transition.order();
    close(*order.charge, EffectState::captured, reference);
    transition.post(order.charge->key, provider_account, sales_account, order.charge->amount);
    transition.event(EventType::payment_captured);
}

Decision captured(Transition transition, const SettleCharge& change) {
    auto& order = transition.order();
    order.tries = 0;
    book_capture(transition, change.provider_reference);
    if (order.status == OrderStatus::cancelling) {  // the cancel's own refund step gives it back
        return std::move(transition).finish(Step::Kind::finished);
    }
    order.payment_status = PaymentStatus::captured;
    if (order.status == OrderStatus::on_hold) {  // the answer came after the budget was spent: the order goes on
        order.held_from.reset();
        order.failure.reset();
        transition.become(OrderStatus::reserved);
        transition.event(EventType::order_resumed);
    }
    transition.become(OrderStatus::confirmed);
    transition.event(EventType::order_confirmed);
    return std::move(transition).finish(Step::Kind::finished);
}

Decision declined(Transition transition, const SettleCharge& change) {
    auto& order = transition.order();
    order.tries = 0;
    close(*order.charge, EffectState::declined, change.provider_reference);
    transition.event(EventType::payment_declined, change.code);
    if (order.status == OrderStatus::cancelling) return std::move(transition).finish(Step::Kind::finished);
    order.payment_status = PaymentStatus::declined;
    if (order.status == OrderStatus::on_hold) {
        order.held_from.reset();
        transition.become(OrderStatus::reserved);
        transition.event(EventType::order_resumed);
    }
    const auto code = change.code.empty() ? std::string("payment-declined") : change.code;
    order.failure.emplace(code, "The payment was declined.");
    order.fulfillment_status = FulfillmentStatus::cancelled;
    transition.release_stock();
    transition.become(OrderStatus::rejected);
    transition.event(EventType::order_rejected, code, order.failure->detail);
    return std::move(transition).finish(Step::Kind::finished);
}

}  // namespace

// The step asks the provider and then settles as ever; what is closed, or being cancelled, has nothing to ask.
Decision decide_news(const PaymentNews& change, const Loaded& loaded) {
    if (loaded.order == nullptr) {
        // Before its order: the message comes again.
        return unchanged(loaded, loaded.tombstone ? Step::Kind::finished : Step::Kind::retry);
    }
    const auto& order = *loaded.order;
    if (answers(order.refund, change.effect)) return Decision(refund_step(order, true));
    const bool may_charge = order.status == OrderStatus::reserved || order.status == OrderStatus::on_hold;
    if (may_charge && answers(order.charge, change.effect)) return Decision(charge_step(order, true));
    return unchanged(loaded, Step::Kind::finished);
}

Decision decide_charge(const SettleCharge& change, const Loaded& loaded, WallTime now) {
    // A late answer to a charge that was closed meanwhile (another worker, a refund that voided it) changes nothing.
    if (loaded.order == nullptr || !answers(loaded.order->charge, change.effect)) {
        return unchanged(loaded, Step::Kind::finished);
    }
    Transition transition(*loaded.order, now);
    if (change.state == EffectState::captured) return captured(std::move(transition), change);
    return declined(std::move(transition), change);
}

Decision decide_refund(const SettleRefund& change, const Loaded& loaded, WallTime now) {
    if (loaded.order == nullptr || !answers(loaded.order->refund, change.effect)) {
        return unchanged(loaded, Step::Kind::finished);
    }
    Transition transition(*loaded.order, now);
    auto& order = transition.order();
    order.tries = 0;
    order.failure.reset();
    close(*order.refund, change.state, change.provider_reference);
    if (change.state == EffectState::refunded) {
        // The capture's own answer may have been lost: the books hold both sides or neither.
        if (order.charge->state == EffectState::started) book_capture(transition, {});
        transition.post(order.refund->key, sales_account, provider_account, order.refund->amount);
        order.payment_status = PaymentStatus::refunded;
        transition.event(EventType::payment_refunded);
    } else {
        if (order.charge->state ==
            EffectState::captured) {  // voided after its capture: the money went back all the same
            transition.post(order.refund->key, sales_account, provider_account, order.refund->amount);
        }
        if (order.charge->state == EffectState::started) close(*order.charge, EffectState::voided, {});
        order.payment_status = PaymentStatus::voided;
        transition.event(EventType::payment_voided);
    }
    transition.release_stock();
    order.fulfillment_status = FulfillmentStatus::cancelled;
    transition.become(OrderStatus::cancelled);
    transition.event(EventType::order_cancelled, order.cancel ? order.cancel->reason : std::string());
    return std::move(transition).finish(Step::Kind::finished);
}

}  // namespace orderflow::orders
