#include "libs/audit/legal_path.hpp"

#include <gtest/gtest.h>

namespace orderflow::audit {
namespace {

using enum orders::EventType;
using orders::EventType;
using orders::OrderStatus;

// Where these events lead; nothing when one of them may not come.
std::optional<OrderStatus> end_of(std::initializer_list<EventType> types) {
    LegalPath path;
    for (const auto type : types) {
        if (!path.step(type)) return std::nullopt;
    }
    return path.at();
}

TEST(LegalPath, GivenAnOrderThatWaitedOnHold_ThenItGoesOnFromWhereItWas) {
    EXPECT_EQ(end_of({order_accepted, order_on_hold, order_resumed, order_created, inventory_reserved, payment_captured,
                      order_confirmed}),
              OrderStatus::confirmed);
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, order_on_hold, payment_captured, order_resumed,
                      order_confirmed}),
              OrderStatus::confirmed);
}

TEST(LegalPath, GivenACancelAtAnyMomentBeforeTheEnd_ThenItEndsCancelled) {
    EXPECT_EQ(end_of({order_accepted, cancel_requested, order_cancelled}), OrderStatus::cancelled);
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, cancel_requested, payment_captured,
                      payment_refunded, inventory_released, order_cancelled}),
              OrderStatus::cancelled);
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, cancel_requested, payment_voided,
                      inventory_released, order_cancelled}),
              OrderStatus::cancelled);
    EXPECT_EQ(end_of({order_accepted, order_on_hold, cancel_requested, order_cancelled}), OrderStatus::cancelled);
}

TEST(LegalPath, GivenARefundThatFails_ThenOnlyWhileItIsDue) {
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, cancel_requested, payment_refund_failed,
                      payment_refund_failed, payment_voided, inventory_released, order_cancelled}),
              OrderStatus::cancelled);
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, payment_refund_failed}), std::nullopt);
}

TEST(LegalPath, GivenAConflictOrARefusedCancel_ThenTheOrderStaysWhereItIs) {
    EXPECT_EQ(end_of({order_accepted, order_rejected, order_conflict, cancel_refused}), OrderStatus::rejected);
    EXPECT_EQ(end_of({order_conflict}), std::nullopt);
}

TEST(LegalPath, GivenAStepThatSkipsWhatItRestsOn_ThenItIsIllegal) {
    EXPECT_EQ(end_of({order_created}), std::nullopt);
    EXPECT_EQ(end_of({order_accepted, order_accepted}), std::nullopt);
    EXPECT_EQ(end_of({order_accepted, inventory_reserved}), std::nullopt) << "reserved before it was checked";
    EXPECT_EQ(end_of({order_accepted, order_created, order_confirmed}), std::nullopt) << "confirmed without stock";
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, order_rejected}), std::nullopt)
        << "rejected while it holds stock";
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, payment_declined, order_confirmed}),
              std::nullopt)
        << "confirmed although declined";
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, payment_captured, payment_declined}),
              std::nullopt)
        << "two answers to one charge";
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, payment_captured, order_confirmed,
                      cancel_requested, inventory_released, order_cancelled}),
              std::nullopt)
        << "cancelled with the money kept";
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, cancel_requested, payment_refunded}),
              std::nullopt)
        << "refunded what was never taken";
    EXPECT_EQ(
        end_of({order_accepted, order_created, inventory_reserved, cancel_requested, payment_voided, order_cancelled}),
        std::nullopt)
        << "cancelled with the stock kept";
    EXPECT_EQ(end_of({order_accepted, order_rejected, order_on_hold}), std::nullopt) << "an end is an end";
    EXPECT_EQ(end_of({order_accepted, order_completed}), std::nullopt);
}

TEST(LegalPath, GivenAFulfilment_ThenItCompletesAConfirmedOrderAndNoCancelFollows) {
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, order_confirmed, fulfillment_refused,
                      fulfillment_created, cancel_refused, fulfillment_created, order_completed}),
              OrderStatus::completed);
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, order_confirmed, order_completed}),
              std::nullopt)
        << "nothing was shipped";
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, fulfillment_created}), std::nullopt)
        << "shipped before it was paid";
    EXPECT_EQ(end_of({order_accepted, order_created, inventory_reserved, order_confirmed, fulfillment_created,
                      cancel_requested}),
              std::nullopt);
}

}  // namespace
}  // namespace orderflow::audit
