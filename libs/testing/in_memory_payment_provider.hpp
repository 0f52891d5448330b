// InMemoryPaymentProvider: the PaymentProvider port in memory, with the tokens of the simulated one and faults on
// command. For tests; one thread. Its effects can be listed: a double charge would be seen.
#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/orders/ports/payment_provider.hpp"

namespace orderflow {

class InMemoryPaymentProvider final : public orders::PaymentProvider {
  public:
    struct Effect {
        Effect(orders::OrderId o, orders::EffectOutcome r, std::int64_t a)
            : order(o), outcome(std::move(r)), amount(a) {}
        orders::OrderId order;
        orders::EffectOutcome outcome;
        std::int64_t amount;
    };

    // Both outlive it.
    InMemoryPaymentProvider(Executor& timers, const Clock& clock) : timers_(timers), clock_(clock) {}

    task<Result<orders::EffectOutcome>> charge(orders::ChargeRequest request) override {
        ++calls_;
        ++charges_;
        const auto token = request.method.token.value_or("");
        if (token == "tok_throw") throw std::runtime_error("the provider has a bug");
        if (down_ || broken_.contains(request.order)) co_return unavailable("payment.unavailable");
        if (token == "tok_hang") co_await sleep_until(timers_, clock_.now() + std::chrono::hours(24));
        if (token == "tok_slow") co_await sleep_until(timers_, clock_.now() + std::chrono::seconds(3));
        if (const auto known = effects_.find(request.key); known != effects_.end()) co_return known->second.outcome;
        if (request.amount.minor <= 0) co_return fail(ErrorKind::invalid_input, "payment.amount");
        if (token == "tok_flaky" && ++flaky_calls_[request.key] <= 2) co_return unavailable("payment.unavailable");
        auto outcome = token == "tok_declined" ? made(orders::EffectState::declined, "card-declined")
                                               : made(orders::EffectState::captured);
        effects_.emplace(request.key, Effect(request.order, outcome, request.amount.minor));
        if (says) effects_.at(request.key).outcome.amount = outcome.amount = says;
        if (on_charge) on_charge(request);
        if (token == "tok_unknown") co_return unavailable("payment.outcome_unknown");
        co_return outcome;
    }

    task<Result<std::optional<orders::EffectOutcome>>> find(orders::EffectKey key) override {
        ++calls_;
        if (down_) co_return unavailable("payment.unavailable");
        const auto known = effects_.find(key);
        if (known == effects_.end()) co_return std::nullopt;
        co_return known->second.outcome;
    }

    task<Result<std::optional<orders::Authorization>>> authorization(orders::ChargeRequest request) override {
        ++calls_;
        if (down_) co_return unavailable("payment.unavailable");
        const auto known = authorizations.find(request.method.reference.value_or(""));
        if (known == authorizations.end()) co_return std::nullopt;
        co_return known->second;
    }

    task<Result<orders::EffectOutcome>> refund(orders::RefundRequest request) override {
        ++calls_;
        if (down_ || broken_.contains(request.order)) co_return unavailable("payment.unavailable");
        if (refuses_refunds) co_return fail(ErrorKind::invalid_input, "payment.request_refused");
        if (const auto known = effects_.find(request.key); known != effects_.end()) co_return known->second.outcome;
        const auto charge = effects_.find(request.charge);
        const bool captured = charge != effects_.end() && charge->second.outcome.state == orders::EffectState::captured;
        if (charge == effects_.end()) {
            effects_.emplace(request.charge, Effect(request.order, made(orders::EffectState::declined, "voided"),
                                                    request.amount.minor));
        }
        auto outcome = made(captured ? orders::EffectState::refunded : orders::EffectState::voided);
        effects_.emplace(request.key, Effect(request.order, outcome, request.amount.minor));
        co_return outcome;
    }

    // Every call fails and does nothing.
    void set_down(bool down) { down_ = down; }
    // Charges and refunds of this order fail and do nothing, for ever or until this is taken back; those of others
    // work.
    void never_answer(const orders::OrderId& order, bool never = true) {
        if (never)
            broken_[order] = true;
        else
            broken_.erase(order);
    }

    const std::map<orders::EffectKey, Effect>& effects() const noexcept { return effects_; }
    std::size_t calls() const noexcept { return calls_; }
    // Calls of charge() among them.
    std::size_t charges() const noexcept { return charges_; }
    // By reference.
    std::map<std::string, orders::Authorization> authorizations;
    // What answers to charges say was moved; else they say nothing.
    std::optional<orders::Money> says;
    bool refuses_refunds = false;
    // Runs when a charge has taken effect, before it is answered.
    std::function<void(const orders::ChargeRequest&)> on_charge;

  private:
    static std::unexpected<Error> unavailable(const char* code) { return fail(ErrorKind::unavailable, code); }
    orders::EffectOutcome made(orders::EffectState state, std::string code = {}) {
        return {state, "mem_" + std::to_string(++made_), std::move(code)};
    }

    Executor& timers_;
    const Clock& clock_;
    std::map<orders::EffectKey, Effect> effects_;
    std::map<orders::EffectKey, int> flaky_calls_;
    std::map<orders::OrderId, bool> broken_;
    std::size_t calls_ = 0;
    std::size_t charges_ = 0;
    std::int64_t made_ = 0;
    bool down_ = false;
};

}  // namespace orderflow
