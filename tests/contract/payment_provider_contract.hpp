// The contract of the PaymentProvider port, for every adapter: at most one effect per key, the same answer for ever,
// and a refund that also stops a charge which is still on its way.
//
// An Adapter gives: `loop()`, whose run() runs a task to its end, `orders::PaymentProvider& provider()`, `void
// restart()` (made anew over the same durable state) and the payment methods `good()`, `refused()`, `unsaid()`
// (charged, but the first answer is lost).
#pragma once

#include <gtest/gtest.h>

#include "libs/orders/ports/payment_provider.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {

template <class Adapter>
class PaymentProviderContract : public ::testing::Test {
  protected:
    using Outcome = Result<EffectOutcome>;

    static ChargeRequest a_charge(std::uint32_t order, PaymentMethod method, std::int64_t minor = 2500) {
        const auto id = samples::order_id(order);
        return {charge_effect(id), id, Money(minor, samples::eur()), std::move(method)};
    }
    static RefundRequest a_refund(std::uint32_t order, std::int64_t minor = 2500) {
        const auto id = samples::order_id(order);
        return {refund_effect(id), charge_effect(id), id, Money(minor, samples::eur())};
    }
    Outcome charge(ChargeRequest request) { return loop().run(provider().charge(std::move(request))); }
    Outcome refund(RefundRequest request) { return loop().run(provider().refund(std::move(request))); }
    std::optional<EffectOutcome> find(EffectKey key) {
        auto found = loop().run(provider().find(std::move(key)));
        EXPECT_TRUE(found.has_value());
        return found ? *found : std::nullopt;
    }
    auto& loop() { return setup.loop(); }
    PaymentProvider& provider() { return setup.provider(); }

    Adapter setup;
};

TYPED_TEST_SUITE_P(PaymentProviderContract);

TYPED_TEST_P(PaymentProviderContract, GivenAGoodMethod_WhenChargedTwice_ThenItIsCapturedOnceWithOneAnswer) {
    const auto first = this->charge(this->a_charge(1, this->setup.good()));
    const auto second = this->charge(this->a_charge(1, this->setup.good()));

    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->state, EffectState::captured);
    EXPECT_EQ(first, second);
    EXPECT_EQ(this->find(charge_effect(samples::order_id(1))), *first);
}

TYPED_TEST_P(PaymentProviderContract, GivenARefusedMethod_WhenCharged_ThenItIsDeclinedForEver) {
    const auto first = this->charge(this->a_charge(1, this->setup.refused()));
    this->setup.restart();
    const auto second = this->charge(this->a_charge(1, this->setup.refused()));

    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->state, EffectState::declined);
    EXPECT_FALSE(first->code.empty());
    EXPECT_EQ(first, second);
}

TYPED_TEST_P(PaymentProviderContract, GivenAKeyThatWasNeverSeen_WhenAsked_ThenThereIsNothing) {
    EXPECT_FALSE(this->find(charge_effect(samples::order_id(9))).has_value());
}

TYPED_TEST_P(PaymentProviderContract, GivenALostAnswer_WhenAskedByTheKey_ThenTheChargeIsTold) {
    const auto lost = this->charge(this->a_charge(1, this->setup.unsaid()));
    const auto found = this->find(charge_effect(samples::order_id(1)));
    const auto again = this->charge(this->a_charge(1, this->setup.unsaid()));

    ASSERT_FALSE(lost.has_value());
    EXPECT_EQ(lost.error().kind(), ErrorKind::unavailable);
    EXPECT_EQ(lost.error().code(), "payment.outcome_unknown");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->state, EffectState::captured);
    EXPECT_EQ(again, *found);
}

TYPED_TEST_P(PaymentProviderContract, GivenTheSameKey_WhenUsedForAnotherRequest_ThenItIsRefused) {
    ASSERT_TRUE(this->charge(this->a_charge(1, this->setup.good())).has_value());

    const auto other = this->charge(this->a_charge(1, this->setup.good(), 9999));

    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().kind(), ErrorKind::invalid_input);
}

TYPED_TEST_P(PaymentProviderContract, GivenNothingToPay_WhenCharged_ThenItIsRefused) {
    const auto outcome = this->charge(this->a_charge(1, this->setup.good(), 0));

    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().kind(), ErrorKind::invalid_input);
}

TYPED_TEST_P(PaymentProviderContract, GivenACapturedCharge_WhenRefundedTwice_ThenItIsGivenBackOnce) {
    ASSERT_TRUE(this->charge(this->a_charge(1, this->setup.good())).has_value());

    const auto first = this->refund(this->a_refund(1));
    this->setup.restart();
    const auto second = this->refund(this->a_refund(1));

    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->state, EffectState::refunded);
    EXPECT_EQ(first, second);
    EXPECT_EQ(this->find(refund_effect(samples::order_id(1))), *first);
    EXPECT_EQ(this->find(charge_effect(samples::order_id(1)))->state, EffectState::captured);
}

TYPED_TEST_P(PaymentProviderContract, GivenNoCharge_WhenRefunded_ThenItIsVoidedAndALaterChargeIsDeclined) {
    const auto voided = this->refund(this->a_refund(1));
    const auto late = this->charge(this->a_charge(1, this->setup.good()));

    ASSERT_TRUE(voided.has_value());
    EXPECT_EQ(voided->state, EffectState::voided);
    ASSERT_TRUE(late.has_value());
    EXPECT_EQ(late->state, EffectState::declined);
    EXPECT_EQ(this->find(charge_effect(samples::order_id(1))), *late);
}

TYPED_TEST_P(PaymentProviderContract, GivenADeclinedCharge_WhenRefunded_ThenItIsVoidedAndStaysDeclined) {
    const auto declined = this->charge(this->a_charge(1, this->setup.refused()));

    const auto voided = this->refund(this->a_refund(1));

    ASSERT_TRUE(voided.has_value());
    EXPECT_EQ(voided->state, EffectState::voided);
    EXPECT_EQ(this->find(charge_effect(samples::order_id(1))), *declined);
}

TYPED_TEST_P(PaymentProviderContract, GivenAnAnswer_WhenTheProviderStartsAnew_ThenItIsStillKnown) {
    const auto first = this->charge(this->a_charge(1, this->setup.good()));

    this->setup.restart();

    EXPECT_EQ(this->find(charge_effect(samples::order_id(1))), *first);
}

REGISTER_TYPED_TEST_SUITE_P(
    PaymentProviderContract, GivenAGoodMethod_WhenChargedTwice_ThenItIsCapturedOnceWithOneAnswer,
    GivenARefusedMethod_WhenCharged_ThenItIsDeclinedForEver, GivenAKeyThatWasNeverSeen_WhenAsked_ThenThereIsNothing,
    GivenALostAnswer_WhenAskedByTheKey_ThenTheChargeIsTold, GivenTheSameKey_WhenUsedForAnotherRequest_ThenItIsRefused,
    GivenNothingToPay_WhenCharged_ThenItIsRefused, GivenACapturedCharge_WhenRefundedTwice_ThenItIsGivenBackOnce,
    GivenNoCharge_WhenRefunded_ThenItIsVoidedAndALaterChargeIsDeclined,
    GivenADeclinedCharge_WhenRefunded_ThenItIsVoidedAndStaysDeclined,
    GivenAnAnswer_WhenTheProviderStartsAnew_ThenItIsStillKnown);

}  // namespace orderflow::orders
