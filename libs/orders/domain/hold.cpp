// What went wrong often enough: the retry budget, and messages from the dead-letter queue.
#include "libs/orders/domain/limits.hpp"
#include "libs/orders/domain/transition.hpp"

namespace orderflow::orders {
namespace {

bool may_be_held(OrderStatus status) { return may_follow(status, OrderStatus::on_hold); }

Decision hold(Transition transition, DeadLetter letter) {
    auto& order = transition.order();
    order.held_from = order.status;
    order.failure.emplace(letter.code, letter.detail);
    transition.become(OrderStatus::on_hold);
    transition.event(EventType::order_on_hold, letter.code, letter.detail);
    transition.keep(std::move(letter));
    return std::move(transition).finish(Step::Kind::finished);
}

// The order stays `cancelling`: its money is neither here nor there, and nobody but the provider can say where.
void show_failed_refund(Transition& transition, const DeadLetter& letter) {
    transition.order().failure.emplace(letter.code, letter.detail);
    transition.event(EventType::payment_refund_failed, letter.code, letter.detail);
}

// It stays as it is until somebody has mended the cause at the provider; each attempt until then is refused like the
// first, and tells nothing new. A redriven letter that is refused again is there again.
Decision refuse_refund(const DeadLetter& letter, const Order& stored, const Loaded& loaded, WallTime now) {
    if (stored.status != OrderStatus::cancelling) return unchanged(loaded, Step::Kind::finished);  // settled meanwhile
    if (stored.failure && stored.failure->code == letter.code) {
        auto decision = unchanged(loaded, Step::Kind::finished);
        decision.letter = letter;
        decision.letter_once = true;
        return decision;
    }
    Transition transition(stored, now);
    transition.order().tries = 0;
    show_failed_refund(transition, letter);
    transition.keep_once(letter);
    return std::move(transition).finish(Step::Kind::finished);
}

Decision only_letter(const Loaded& loaded, const DeadLetter& letter) {
    auto decision = unchanged(loaded, Step::Kind::finished);
    decision.step.changed = true;
    decision.letter = letter;
    return decision;
}

}  // namespace

Decision decide_failure(const RecordFailure& change, const Loaded& loaded, WallTime now) {
    if (loaded.order == nullptr) return unchanged(loaded, Step::Kind::retry);  // the queue's receive count goes on
    const auto& stored = *loaded.order;
    if (is_settled(stored.status)) return unchanged(loaded, Step::Kind::finished);
    if (stored.tries + 1 >= limits::retry_budget) {
        if (may_be_held(stored.status)) return hold(Transition(stored, now), change.letter);
        // A refund that keeps failing: its command waits as a dead letter. A redrive of it has the whole budget again,
        // and so has the one that comes by itself (hold_limit.hpp).
        Transition transition(stored, now);
        transition.order().tries = 0;
        if (stored.status == OrderStatus::cancelling) {
            show_failed_refund(transition, change.letter);
            transition.keep_once(change.letter);
        } else {
            transition.keep(change.letter);
        }
        return std::move(transition).finish(Step::Kind::finished);
    }
    Transition transition(stored, now);
    const auto tries = ++transition.order().tries;
    if (stored.status == OrderStatus::cancelling && tries == limits::refund_failures_shown) {
        show_failed_refund(transition, change.letter);
    }
    return std::move(transition).finish(Step::Kind::retry);
}

Decision decide_hold(const HoldOrder& change, const Loaded& loaded, WallTime now) {
    if (loaded.tombstone) return only_letter(loaded, change.letter);
    if (loaded.order != nullptr) {
        if (change.refund_refused) return refuse_refund(change.letter, *loaded.order, loaded, now);
        if (!may_be_held(loaded.order->status)) return only_letter(loaded, change.letter);
        return hold(Transition(*loaded.order, now), change.letter);
    }
    if (!change.place) return only_letter(loaded, change.letter);
    const auto& place = *change.place;
    Transition transition(accepted_order(place), now);
    transition.event_at(place.accepted_at, EventType::order_accepted);
    if (const auto* intent = take_intent(transition, loaded)) {  // an intent is only read on insert: now or never
        transition.keep(change.letter);
        return apply_intent(std::move(transition), *intent);
    }
    return hold(std::move(transition), change.letter);
}

}  // namespace orderflow::orders
