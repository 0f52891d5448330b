#include "libs/orders/domain/retention.hpp"

#include <gtest/gtest.h>

#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {
namespace {

Order an_order(OrderStatus status, PaymentStatus payment) {
    Order order(samples::order_id(1), samples::draft({{"mug", 1}}), samples::fingerprint(1), samples::at(0));
    order.status = status;
    order.payment_status = payment;
    return order;
}

TEST(Retention, GivenAnOrderThatMayStillChange_ThenItIsKeptHoweverOldItIs) {
    using enum OrderStatus;
    for (const auto status : {accepted, processing, reserved, confirmed, cancelling, on_hold}) {
        EXPECT_FALSE(may_be_archived(an_order(status, PaymentStatus::pending), samples::at(1'000'000)))
            << to_string(status);
    }
    for (const auto status : {completed, rejected, cancelled}) {
        EXPECT_TRUE(may_be_archived(an_order(status, PaymentStatus::pending), samples::at(1))) << to_string(status);
    }
}

TEST(Retention, GivenMoneyThatIsUnderWay_ThenTheOrderIsKept) {
    for (const auto payment : {PaymentStatus::started, PaymentStatus::refunding}) {
        EXPECT_FALSE(may_be_archived(an_order(OrderStatus::cancelled, payment), samples::at(1)));
    }
    EXPECT_TRUE(may_be_archived(an_order(OrderStatus::cancelled, PaymentStatus::refunded), samples::at(1)));
}

TEST(Retention, GivenAnOrderThatChangedAtTheCutoff_ThenItIsKept) {
    EXPECT_FALSE(may_be_archived(an_order(OrderStatus::rejected, PaymentStatus::pending), samples::at(0)));
}

}  // namespace
}  // namespace orderflow::orders
