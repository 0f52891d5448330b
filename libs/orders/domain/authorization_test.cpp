#include "libs/orders/domain/authorization.hpp"

#include <gtest/gtest.h>

#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {
namespace {

using samples::eur;
using samples::gbp;

const EffectKey ours{"ord_1:charge"};
const EffectKey other{"ord_2:charge"};

std::string verdict(const std::optional<Authorization>& known) {
    return why_not_capturable(known, ours, Money(2500, eur())).value_or("may be captured");
}
Authorization of(std::optional<Money> amount, std::optional<EffectKey> captured_by = std::nullopt) {
    Authorization result;
    result.amount = amount;
    result.captured_by = std::move(captured_by);
    return result;
}

TEST(Authorization, GivenNoneOrAnotherOne_WhenJudged_ThenItIsDeclinedWithItsReason) {
    EXPECT_EQ(verdict(std::nullopt), "unknown-reference");
    EXPECT_EQ(verdict(of(Money(2500, eur()), other)), "reference-used");
    EXPECT_EQ(verdict(of(Money(2500, gbp()))), "currency-mismatch");
    EXPECT_EQ(verdict(of(Money(2499, eur()))), "amount-mismatch");
    EXPECT_EQ(verdict(of(Money(2501, eur()))), "amount-mismatch") << "the page showed another total";
    EXPECT_EQ(verdict(of(std::nullopt, other)), "reference-used");
}

TEST(Authorization, GivenTheOrdersOwn_WhenJudged_ThenItMayBeCaptured_AlsoWhenItWasAlready) {
    EXPECT_EQ(verdict(of(Money(2500, eur()))), "may be captured");
    EXPECT_EQ(verdict(of(Money(2500, eur()), ours)), "may be captured") << "the same key has the same answer";
    EXPECT_EQ(verdict(of(std::nullopt)), "may be captured");
}

}  // namespace
}  // namespace orderflow::orders
