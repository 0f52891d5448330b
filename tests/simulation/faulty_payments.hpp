// FaultyPayments: the payment provider as it is met over a network: unreachable, slow, or with answers that are lost
// after the money has moved.
#pragma once

#include "libs/async/sleep.hpp"
#include "libs/orders/ports/payment_provider.hpp"
#include "tests/simulation/life.hpp"
#include "tests/simulation/mischief.hpp"
#include "tests/simulation/trace.hpp"

namespace orderflow::simulation {

// For the threads of SimThreads. Everything it is given outlives it.
class FaultyPayments final : public orders::PaymentProvider {
  public:
    FaultyPayments(orders::PaymentProvider& inner, Executor& timers, const Clock& clock, Mischief& mischief,
                   Entropy& dice, const Life& life, Trace& trace)
        : inner_(inner), timers_(timers), clock_(clock), mischief_(mischief), dice_(dice), life_(life), trace_(trace) {}

    task<Result<orders::EffectOutcome>> charge(orders::ChargeRequest request) override {
        const auto key = request.key.value;
        return met("charge " + key, inner_.charge(std::move(request)));
    }
    task<Result<std::optional<orders::EffectOutcome>>> find(orders::EffectKey key) override {
        const auto text = key.value;
        return met("find " + text, inner_.find(std::move(key)));
    }
    task<Result<std::optional<orders::Authorization>>> authorization(orders::ChargeRequest request) override {
        const auto key = request.key.value;
        return met("authorization " + key, inner_.authorization(std::move(request)));
    }
    task<Result<orders::EffectOutcome>> refund(orders::RefundRequest request) override {
        const auto key = request.key.value;
        return met("refund " + key, inner_.refund(std::move(request)));
    }

  private:
    template <class T>
    task<Result<T>> met(std::string what, task<Result<T>> call) {
        if (life_.gone || mischief_.strikes(Fault::payment_unreachable)) {
            co_return fail(ErrorKind::unavailable, "payment.unavailable");
        }
        if (mischief_.strikes(Fault::payment_slow)) {
            const auto wait = std::chrono::milliseconds(dice_.below(60'000));
            trace_.note("payments", "{} waits {} ms", what, wait.count());
            co_await sleep_until(timers_, clock_.now() + wait);
            if (life_.gone) co_return fail(ErrorKind::unavailable, "payment.unavailable");
        }
        auto answer = co_await std::move(call);
        trace_.note("payments", "{}: {}", what, answer ? "answered" : answer.error().code());
        if (mischief_.strikes(Fault::payment_answer_lost)) {
            co_return fail(ErrorKind::unavailable, "payment.outcome_unknown");
        }
        co_return answer;
    }

    orders::PaymentProvider& inner_;
    Executor& timers_;
    const Clock& clock_;
    Mischief& mischief_;
    Entropy& dice_;
    const Life& life_;
    Trace& trace_;
};

}  // namespace orderflow::simulation
