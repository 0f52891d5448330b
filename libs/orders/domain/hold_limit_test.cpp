#include "libs/orders/domain/hold_limit.hpp"

#include <gtest/gtest.h>

#include "libs/orders/domain/limits.hpp"
#include "libs/orders/domain/toy_store_test.hpp"

namespace orderflow::orders {
namespace {

using samples::letter;
using samples::place;

const OrderId id = samples::order_id(1);
const WallTime held_at = samples::at(60);  // the time of ToyStore

CancelOrder cancel() { return {id, "cmd_1", "customer", samples::at(1)}; }

void spend_the_budget(ToyStore& store) {
    for (int i = 0; i < limits::retry_budget; ++i) store.apply(RecordFailure(id, letter("m1")));
}

TEST(HoldLimit, GivenAReservationOnHold_WhenItsTimeIsOver_ThenItIsCancelledOnceAndItsChargeVoided) {
    ToyStore store;
    store.apply(place(id));
    spend_the_budget(store);
    const HoldLimits limits;
    EXPECT_FALSE(overdue_cancel(store.order(id), limits, held_at + limits.hold_time_limit - 1ms));

    const auto command = overdue_cancel(store.order(id), limits, held_at + limits.hold_time_limit);

    ASSERT_TRUE(command);
    EXPECT_EQ(overdue_cancel(store.order(id), limits, held_at + 2 * limits.hold_time_limit)->command_id,
              command->command_id);
    EXPECT_EQ(store.apply(*command).kind, Step::Kind::refund);
    store.apply(SettleRefund(id, refund_effect(id), EffectState::voided, "re_1"));
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_EQ(store.order(id).cancel->reason, hold_time_limit_reason);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
}

TEST(HoldLimit, GivenAnOrderThatWentOnMeanwhile_WhenTheCommandComes_ThenItIsLeftAlone) {
    ToyStore store;
    store.apply(place(id));
    spend_the_budget(store);
    const auto command = overdue_cancel(store.order(id), {}, held_at + std::chrono::hours(100));
    store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));

    ASSERT_TRUE(command);
    store.apply(*command);

    EXPECT_EQ(store.order(id).status, OrderStatus::confirmed);
    EXPECT_EQ(store.last_event(id).type, EventType::cancel_refused);
}

TEST(HoldLimit, GivenAnOrderOnHoldThatHoldsNoStock_ThenItMayWaitForEver) {
    ToyStore store;
    store.apply(HoldOrder(id, letter("m1", "queue.receives_exhausted"), place(id)));

    EXPECT_FALSE(overdue_cancel(store.order(id), {}, held_at + std::chrono::hours(10'000)));
}

TEST(HoldLimit, GivenARefundThatStandsStill_WhenItsTimeIsOver_ThenTheSameCancelIsSentAgain) {
    ToyStore store;
    store.apply(place(id));
    store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));
    store.apply(cancel());
    const HoldLimits limits;
    EXPECT_FALSE(overdue_cancel(store.order(id), limits, held_at + limits.refund_retry - 1ms));

    const auto command = overdue_cancel(store.order(id), limits, held_at + limits.refund_retry);

    ASSERT_TRUE(command);
    EXPECT_EQ(command->command_id, "cmd_1");
    const auto step = store.apply(*command);
    EXPECT_EQ(step.kind, Step::Kind::refund);
    EXPECT_TRUE(step.resumed);
}

TEST(HoldLimit, GivenAReservedOrderThatNobodyWorksOn_WhenItsTimeIsOver_ThenItsOwnMessageIsSentAgain) {
    ToyStore store;
    auto order = place(id);
    order.tenant_id = "acme";
    store.apply(order);
    const HoldLimits limits;
    EXPECT_FALSE(overdue_place(store.order(id), limits, held_at + limits.lost_after - 1ms));

    const auto again = overdue_place(store.order(id), limits, held_at + limits.lost_after);

    ASSERT_TRUE(again);
    EXPECT_EQ(again->tenant_id, "acme");
    EXPECT_EQ(again->accepted_at, order.accepted_at);
    const auto step = store.apply(*again);
    EXPECT_EQ(step.kind, Step::Kind::charge);
    EXPECT_TRUE(step.resumed) << "the provider is asked first";
    EXPECT_EQ(store.events(id).back(), "inventory.reserved") << "no conflict: the same content";
}

TEST(HoldLimit, GivenAnOrderOnHoldCancellingOrSettled_ThenItsOwnMessageStaysAway) {
    ToyStore store;
    const auto late = held_at + std::chrono::hours(10'000);
    store.apply(place(id));
    spend_the_budget(store);
    EXPECT_FALSE(overdue_place(store.order(id), {}, late)) << "on hold";
    store.apply(cancel());
    EXPECT_FALSE(overdue_place(store.order(id), {}, late)) << "cancelling";
    store.apply(SettleRefund(id, refund_effect(id), EffectState::voided, "re_1"));
    EXPECT_FALSE(overdue_place(store.order(id), {}, late)) << "cancelled";
}

TEST(HoldLimit, GivenAnOrderThatIsSettled_ThenNothingIsOverdue) {
    ToyStore store;
    store.apply(place(id));
    EXPECT_FALSE(overdue_cancel(store.order(id), {}, held_at + std::chrono::hours(10'000))) << "reserved, under way";
    store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));
    EXPECT_FALSE(overdue_cancel(store.order(id), {}, held_at + std::chrono::hours(10'000)));
}

}  // namespace
}  // namespace orderflow::orders
