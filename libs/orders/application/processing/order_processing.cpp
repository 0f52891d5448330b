#include "libs/orders/application/processing/order_processing.hpp"

#include <utility>

#include "libs/async/answer_within.hpp"
#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"

namespace orderflow::orders {
namespace {

DeadLetter letter_with(DeadLetter letter, const Error& why) {
    letter.code = why.code();
    letter.detail = why.detail();
    return letter;
}

Change settled_by(const Step& step, const OrderId& order, EffectOutcome outcome) {
    if (step.kind == Step::Kind::refund) {
        return SettleRefund(order, step.effect->key, outcome.state, std::move(outcome.reference));
    }
    const auto state = outcome.state == EffectState::captured ? EffectState::captured : EffectState::declined;
    return SettleCharge(order, step.effect->key, state, std::move(outcome.reference), std::move(outcome.code));
}

// What moved has to be what was recorded, also when the provider is asked for it later.
Result<EffectOutcome> as_asked(EffectOutcome outcome, const Money& amount) {
    if (!outcome.amount || *outcome.amount == amount || !safeguard(Safeguard::amount_check)) return outcome;
    return fail(ErrorKind::invalid_input, "payment.amount_mismatch",
                "The payment provider answered for " + std::to_string(outcome.amount->minor) + " " +
                    std::string(outcome.amount->currency.code()) + ", not " + std::to_string(amount.minor) + " " +
                    std::string(amount.currency.code()) + ".");
}

std::optional<Result<EffectOutcome>> checked(std::optional<Result<EffectOutcome>> outcome, const Money& amount) {
    if (!outcome || !*outcome) return outcome;
    return as_asked(**std::move(outcome), amount);
}

HoldOrder hold_of(const Incoming& incoming, const Error& why) {
    HoldOrder hold(*order_id_of(incoming.change), letter_with(incoming.letter, why));
    if (const auto* place = std::get_if<PlaceOrder>(&incoming.change)) hold.place = *place;
    return hold;
}

Money amount_of(const Step& step) { return {step.effect->amount, step.currency.value()}; }

bool is_failure(const Result<EffectOutcome>& outcome) {
    return !outcome && reaction_to(outcome.error().kind()) == Reaction::retry;
}

}  // namespace

task<Fate> OrderProcessing::process(const Incoming& incoming, std::stop_token stop) {
    const auto* id = order_id_of(incoming.change);
    ORDERFLOW_INVARIANT(id != nullptr);
    const auto order = *id;
    // What was delivered before may have brought a worker down: it must not take its neighbours with it.
    const bool suspect = incoming.letter.receive_count >= 2 && safeguard(Safeguard::suspect_alone);
    const Lane lane{.urgent = incoming.urgent, .alone = suspect};
    auto* const watch = incoming.watch;
    Fate fate(Fate::Kind::remove);
    auto change = incoming.change;
    bool recorded_failure = false;
    for (;;) {
        const auto step = co_await apply(std::move(change), lane, watch);
        if (!step && reaction_to(step.error().kind()) == Reaction::park) {
            co_return co_await park(hold_of(incoming, step.error()), lane, watch, stop);
        }
        if (!step) co_return fate_of_error(step.error(), incoming.letter.receive_count, stop);
        if (step->settled_now) fate.settled.emplace(step->status, step->accepted_at);
        if (step->kind == Step::Kind::finished) {
            fate.dead_lettered = recorded_failure && step->changed;
            co_return fate;
        }
        if (step->kind == Step::Kind::retry) {
            const auto tries =
                step->tries > 0 ? static_cast<std::uint32_t>(step->tries) : incoming.letter.receive_count;
            co_return retry(tries, std::move(fate.code));
        }
        auto asked = co_await ask_provider(*step, order, watch, stop);
        if (!asked) co_return Fate(Fate::Kind::give_back);
        if (*asked) {
            change = settled_by(*step, order, **std::move(asked));
        } else if (is_failure(*asked)) {
            recorded_failure = true;
            fate.code = asked->error().code();
            change = RecordFailure(order, letter_with(incoming.letter, asked->error()));
        } else {
            auto hold = hold_of(incoming, asked->error());
            hold.refund_refused = step->kind == Step::Kind::refund;
            co_return co_await park(std::move(hold), lane, watch, stop);
        }
    }
}

task<Result<Step>> OrderProcessing::apply(Change&& change, Lane lane, EffectWatch* watch) {
    WatchedChange watched(watch, change);
    if (watch != nullptr) set_trace(change, watch->kept_traceparent());
    auto step = co_await applier_.apply(std::move(change), lane);
    watched.ended(step);
    co_return step;
}

// Ends with a definite answer, with a failure that counts, or with a stop.
task<OrderProcessing::Asked> OrderProcessing::ask_provider(const Step& step, const OrderId& order, EffectWatch* watch,
                                                           std::stop_token stop) {
    bool tried = false;
    for (;;) {
        const auto turn = co_await circuit_.enter(order, stop);
        if (turn == PaymentCircuit::Turn::stop) co_return std::nullopt;
        Asked outcome;
        try {
            outcome = co_await call_provider(step, order, step.resumed || tried, watch, stop);
        } catch (...) {
            circuit_.failed(order);  // a provider that throws does not work
            throw;
        }
        if (!outcome) co_return std::nullopt;
        if (!is_failure(*outcome)) {
            circuit_.answered(order);
            co_return outcome;
        }
        if (circuit_.failed(order)) co_return outcome;
        tried = true;
    }
}

task<OrderProcessing::Asked> OrderProcessing::call_provider(const Step& step, const OrderId& order, bool look_first,
                                                            EffectWatch* watch, std::stop_token stop) {
    if (step.kind == Step::Kind::refund) return refund(step, order, watch, std::move(stop));
    if (look_first && safeguard(Safeguard::ask_first)) return find_or_charge(step, order, watch, std::move(stop));
    return verify_and_charge(step, order, watch, std::move(stop));
}

task<OrderProcessing::Asked> OrderProcessing::refund(const Step& step, const OrderId& order, EffectWatch* watch,
                                                     std::stop_token stop) {
    const auto amount = amount_of(step);
    RefundRequest request(step.effect->key, step.charge_key.value(), order, amount);
    WatchedCall watched(watch, "refund");
    request.traceparent = watched.traceparent();
    auto outcome = co_await in_time<EffectOutcome>(payments_.refund(std::move(request)), stop);
    watched.ended(outcome);
    co_return checked(std::move(outcome), amount);
}

task<OrderProcessing::Asked> OrderProcessing::find_or_charge(const Step& step, const OrderId& order, EffectWatch* watch,
                                                             std::stop_token stop) {
    WatchedCall watched(watch, "find");
    auto found = co_await in_time<std::optional<EffectOutcome>>(payments_.find(step.effect->key), stop);
    watched.ended(found);
    if (!found) co_return std::nullopt;
    if (!*found) co_return fail(std::move(*found).error());
    if (**found) co_return as_asked(***std::move(found), amount_of(step));
    co_return co_await verify_and_charge(step, order, watch, stop);
}

task<OrderProcessing::Asked> OrderProcessing::verify_and_charge(const Step& step, const OrderId& order,
                                                                EffectWatch* watch, std::stop_token stop) {
    ChargeRequest request(step.effect->key, order, amount_of(step), step.payment);
    if (step.payment.mode != PaymentMode::preauthorized || !safeguard(Safeguard::authorized_check)) {
        co_return co_await charge(std::move(request), watch, stop);
    }
    WatchedCall watched(watch, "authorization");
    request.traceparent = watched.traceparent();
    auto known = co_await in_time<std::optional<Authorization>>(payments_.authorization(request), stop);
    watched.ended(known);
    if (!known) co_return std::nullopt;
    if (!*known) co_return fail(std::move(*known).error());
    // Nothing was sent that could still capture it: every charge of this key was judged like this before.
    if (auto why = why_not_capturable(**known, request.key, request.amount)) {
        co_return EffectOutcome(EffectState::declined, {}, *std::move(why));
    }
    co_return co_await charge(std::move(request), watch, stop);
}

task<OrderProcessing::Asked> OrderProcessing::charge(ChargeRequest&& request, EffectWatch* watch,
                                                     std::stop_token stop) {
    const auto amount = request.amount;
    WatchedCall watched(watch, "charge");
    request.traceparent = watched.traceparent();
    auto outcome = co_await in_time<EffectOutcome>(payments_.charge(std::move(request)), stop);
    watched.ended(outcome);
    co_return checked(std::move(outcome), amount);
}

template <class T>
task<std::optional<Result<T>>> OrderProcessing::in_time(task<Result<T>> call, std::stop_token stop) {
    const auto until = loop_.clock.now() + policy_.payment_timeout;
    auto answer = co_await answer_within<Result<T>>(loop_.spawn, loop_.timers, std::move(call), until, stop);
    if (!answer && !stop.stop_requested()) {
        answer.emplace(
            fail(ErrorKind::unavailable, "payment.outcome_unknown", "The payment provider did not answer in time."));
    }
    co_return answer;
}

task<Fate> OrderProcessing::park(HoldOrder hold, Lane lane, EffectWatch* watch, std::stop_token stop) {
    const auto receive_count = hold.letter.receive_count;
    Fate fate(Fate::Kind::remove);
    fate.code = hold.letter.code;
    const auto held = co_await apply(std::move(hold), lane, watch);
    if (!held) co_return fate_of_error(held.error(), receive_count, stop);
    fate.dead_lettered = held->changed;
    if (held->settled_now) fate.settled.emplace(held->status, held->accepted_at);
    co_return fate;
}

Fate OrderProcessing::fate_of_error(const Error& why, std::uint32_t receive_count, const std::stop_token& stop) {
    if (stop.stop_requested()) return Fate(Fate::Kind::give_back);
    if (!safeguard(Safeguard::keep_on_failure)) return Fate(Fate::Kind::remove);
    return retry(receive_count, why.code());
}

Fate OrderProcessing::retry(std::uint32_t tries, std::string code) {
    Fate fate(Fate::Kind::retry);
    fate.delay = full_jitter(policy_.retry, tries > 0 ? tries - 1 : 0, entropy_);
    fate.code = std::move(code);
    return fate;
}

}  // namespace orderflow::orders
