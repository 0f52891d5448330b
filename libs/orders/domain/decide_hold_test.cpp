// The retry budget, dead letters, holding and going on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/domain/limits.hpp"
#include "libs/orders/domain/toy_store_test.hpp"

namespace orderflow::orders {
namespace {

using samples::letter;
using samples::order_id;
using samples::place;
using testing::ElementsAre;

const OrderId id = order_id(1);

CancelOrder cancel() { return {id, "c1", "customer", samples::at(70)}; }

Step fail_until_the_budget_is_spent(ToyStore& store) {
    for (int i = 1; i < limits::retry_budget; ++i) {
        const auto step = store.apply(RecordFailure(id, letter("m1")));
        EXPECT_EQ(step.kind, Step::Kind::retry);
        EXPECT_EQ(step.tries, i);
    }
    EXPECT_TRUE(store.letters().empty());
    return store.apply(RecordFailure(id, letter("m1")));
}

TEST(Failure, GivenABudgetThatLasts_WhenRecorded_ThenTheOrderStaysAndTheMessageIsRetried) {
    ToyStore store;
    store.apply(place(id));
    const auto version = store.order(id).version;

    const auto step = store.apply(RecordFailure(id, letter("m1")));

    EXPECT_EQ(step.kind, Step::Kind::retry);
    EXPECT_EQ(store.order(id).tries, 1);
    EXPECT_EQ(store.order(id).version, version);
    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
}

TEST(Failure, GivenTheBudgetIsSpent_WhenRecorded_ThenTheOrderIsHeldWithItsStockAndItsLetter) {
    ToyStore store;
    store.apply(place(id));

    const auto step = fail_until_the_budget_is_spent(store);

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_EQ(step.status, OrderStatus::on_hold);
    EXPECT_EQ(store.order(id).held_from, OrderStatus::reserved);
    EXPECT_EQ(store.order(id).failure.value().code, "payment.unavailable");
    EXPECT_EQ(store.shelf().stock("mug").reserved, 2);
    EXPECT_EQ(store.letters().count("m1"), 1U);
}

TEST(Failure, GivenAnAnswer_WhenItComes_ThenTheBudgetIsWholeAgain) {
    ToyStore store;
    store.apply(place(id));
    store.apply(RecordFailure(id, letter("m1")));

    store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));

    EXPECT_EQ(store.order(id).tries, 0);
}

TEST(Failure, GivenTheChargeFailedOften_WhenCancelled_ThenTheRefundHasABudgetOfItsOwn) {
    ToyStore store;
    store.apply(place(id));
    for (int i = 1; i < limits::retry_budget; ++i) store.apply(RecordFailure(id, letter("m1")));

    store.apply(cancel());

    EXPECT_EQ(store.apply(RecordFailure(id, letter("m2"))).kind, Step::Kind::retry);
}

TEST(Failure, GivenARefundThatKeepsFailing_WhenTheBudgetIsSpent_ThenItsCommandIsALetterAndCanBeSentAgain) {
    ToyStore store;
    store.apply(place(id));
    store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));
    store.apply(cancel());

    const auto step = fail_until_the_budget_is_spent(store);

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelling);
    EXPECT_EQ(store.letters().count("m1"), 1U);
    EXPECT_EQ(store.apply(cancel()).kind, Step::Kind::refund);
    EXPECT_EQ(store.apply(RecordFailure(id, letter("m1"))).kind, Step::Kind::retry);
}

TEST(Failure, GivenARefundThatKeepsFailing_ThenTheOrderShowsItUntilTheMoneyIsBack) {
    ToyStore store;
    store.apply(place(id));
    store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));
    store.apply(cancel());
    const auto shown = [&] { return std::ranges::count(store.events(id), "payment.refund_failed"); };

    for (int i = 1; i < limits::refund_failures_shown; ++i) store.apply(RecordFailure(id, letter("m1")));
    EXPECT_EQ(shown(), 0) << "a hiccup is no news";
    store.apply(RecordFailure(id, letter("m1")));
    EXPECT_EQ(shown(), 1);
    EXPECT_EQ(store.order(id).failure->code, "payment.unavailable");
    for (int i = limits::refund_failures_shown; i < limits::retry_budget; ++i) {
        store.apply(RecordFailure(id, letter("m1")));
    }
    EXPECT_EQ(shown(), 2) << "the budget is spent";

    store.apply(cancel());
    store.apply(SettleRefund(id, refund_effect(id), EffectState::refunded, "re_1"));
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_FALSE(store.order(id).failure.has_value());
}

TEST(Failure, GivenARefundThatFailsForSeveralBudgets_ThenItIsOneLetter) {
    ToyStore store;
    store.apply(place(id));
    store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));
    store.apply(cancel());

    for (int i = 0; i < 3 * limits::retry_budget; ++i) {
        store.apply(RecordFailure(id, letter("m" + std::to_string(i / limits::retry_budget))));
    }

    EXPECT_EQ(store.letters().size(), 1U);
}

// A refund that the provider refuses, as the worker tells it.
class RefusedRefund : public testing::Test {
  protected:
    RefusedRefund() {
        store.apply(place(id));
        store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));
        store.apply(cancel());
    }
    Step refuse(std::string message, std::string code = "payment.request_refused") {
        HoldOrder hold(id, letter(std::move(message), std::move(code)));
        hold.refund_refused = true;
        return store.apply(hold);
    }
    std::int64_t shown() const { return std::ranges::count(store.events(id), "payment.refund_failed"); }

    ToyStore store;
};

TEST_F(RefusedRefund, ThenTheOrderShowsItAndItsCommandIsALetter) {
    const auto step = refuse("m1");

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_TRUE(step.changed);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelling);
    EXPECT_EQ(store.order(id).failure.value().code, "payment.request_refused");
    EXPECT_EQ(store.last_event(id).code, "payment.request_refused");
    EXPECT_EQ(shown(), 1);
    EXPECT_EQ(store.letters().count("m1"), 1U);
}

TEST_F(RefusedRefund, GivenTheSameAnswerAgain_ThenNothingIsNew) {
    refuse("m1");
    const auto before = store.order(id);

    const auto step = refuse("m2");

    EXPECT_FALSE(step.changed);
    EXPECT_EQ(store.order(id), before);
    EXPECT_EQ(store.letters().size(), 1U);
}

TEST_F(RefusedRefund, GivenAnotherAnswer_ThenThatIsShownToo) {
    refuse("m1");

    refuse("m2", "payment.amount_mismatch");

    EXPECT_EQ(shown(), 2);
    EXPECT_EQ(store.order(id).failure.value().code, "payment.amount_mismatch");
    EXPECT_EQ(store.letters().size(), 2U);
}

TEST_F(RefusedRefund, GivenARefundThatWasDoneMeanwhile_ThenNothingIsKept) {
    store.apply(SettleRefund(id, refund_effect(id), EffectState::refunded, "re_1"));

    EXPECT_FALSE(refuse("m1").changed);

    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_TRUE(store.letters().empty());
}

TEST(Failure, GivenASettledOrUnknownOrder_WhenRecorded_ThenNothingChanges) {
    ToyStore store;
    EXPECT_EQ(store.apply(RecordFailure(id, letter("m1"))).kind, Step::Kind::retry);
    store.apply(place(id, samples::draft({{"mug", 99}})));

    const auto step = store.apply(RecordFailure(id, letter("m1")));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_FALSE(step.changed);
    EXPECT_TRUE(store.letters().empty());
}

TEST(Hold, GivenAHeldReservation_WhenItsMessageIsSentAgain_ThenTheProviderIsAskedFirst) {
    ToyStore store;
    store.apply(place(id));
    fail_until_the_budget_is_spent(store);

    const auto step = store.apply(place(id));

    EXPECT_EQ(step.kind, Step::Kind::charge);
    EXPECT_TRUE(step.resumed);
    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
    EXPECT_EQ(store.order(id).tries, 0);
    EXPECT_FALSE(store.order(id).failure.has_value());
    EXPECT_EQ(store.last_event(id).type, EventType::order_resumed);
}

TEST(Hold, GivenAHeldReservation_WhenALateCaptureIsTold_ThenItIsConfirmed) {
    ToyStore store;
    store.apply(place(id));
    fail_until_the_budget_is_spent(store);

    store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1"));

    EXPECT_EQ(store.order(id).status, OrderStatus::confirmed);
    EXPECT_FALSE(store.order(id).held_from.has_value());
    EXPECT_FALSE(store.order(id).failure.has_value());
}

TEST(Hold, GivenAHeldReservation_WhenALateDeclineIsTold_ThenItIsRejectedAndItsStockIsBack) {
    ToyStore store;
    store.apply(place(id));
    fail_until_the_budget_is_spent(store);

    store.apply(SettleCharge(id, charge_effect(id), EffectState::declined, "ch_1", "card-declined"));

    EXPECT_EQ(store.order(id).status, OrderStatus::rejected);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
}

TEST(Hold, GivenAHeldReservation_WhenCancelled_ThenItsPossibleChargeIsGivenBackFirst) {
    ToyStore store;
    store.apply(place(id));
    fail_until_the_budget_is_spent(store);

    const auto step = store.apply(cancel());

    EXPECT_EQ(step.kind, Step::Kind::refund);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelling);
    store.apply(SettleRefund(id, refund_effect(id), EffectState::voided, "re_1"));
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_FALSE(store.order(id).failure.has_value());
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
}

TEST(DeadLetter, GivenAnOrderThatWasNeverStored_WhenItsMessageDied_ThenItIsStoredOnHold) {
    ToyStore store;

    auto lost = place(id);
    lost.tenant_id = "acme";
    const auto step = store.apply(HoldOrder(id, letter("m1", "queue.receives_exhausted"), lost));
    EXPECT_EQ(store.order(id).tenant_id, "acme");

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_EQ(store.order(id).status, OrderStatus::on_hold);
    EXPECT_EQ(store.order(id).held_from, OrderStatus::accepted);
    EXPECT_THAT(store.events(id), ElementsAre("order.accepted", "order.on_hold"));
    EXPECT_EQ(store.letters().count("m1"), 1U);

    const auto again = store.apply(place(id));

    EXPECT_EQ(again.kind, Step::Kind::charge);
    EXPECT_FALSE(again.resumed);
    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
}

TEST(DeadLetter, GivenACancelCameBefore_WhenTheOrdersMessageDied_ThenTheOrderIsCancelledAndTheLetterKept) {
    ToyStore store;
    store.apply(cancel());

    store.apply(HoldOrder(id, letter("m1"), place(id)));

    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_FALSE(store.has_intent(id));
    EXPECT_EQ(store.letters().count("m1"), 1U);
}

TEST(DeadLetter, GivenAReservedOrder_WhenItsMessageDied_ThenItIsHeldWithItsStock) {
    ToyStore store;
    store.apply(place(id));

    store.apply(HoldOrder(id, letter("m1"), place(id)));

    EXPECT_EQ(store.order(id).status, OrderStatus::on_hold);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 2);
}

TEST(DeadLetter, GivenASettledHeldOrBuriedOrder_WhenItsMessageDied_ThenOnlyTheLetterIsKept) {
    ToyStore store;
    store.apply(place(id, samples::draft({{"mug", 1}}, samples::invoice())));
    const auto before = store.order(id);

    store.apply(HoldOrder(id, letter("m1"), place(id)));
    EXPECT_EQ(store.order(id), before);

    store.apply(HoldOrder(order_id(2), letter("m2"), place(order_id(2))));
    const auto held = store.order(order_id(2));
    store.apply(HoldOrder(order_id(2), letter("m3"), place(order_id(2))));
    EXPECT_EQ(store.order(order_id(2)), held);

    store.bury(order_id(2));
    store.apply(HoldOrder(order_id(2), letter("m4"), place(order_id(2))));
    EXPECT_EQ(store.find(order_id(2)), nullptr);

    store.apply(HoldOrder(order_id(3), letter("m5")));  // a cancel whose order never came
    EXPECT_EQ(store.find(order_id(3)), nullptr);
    EXPECT_EQ(store.letters().size(), 5U);
}

TEST(DeadLetter, GivenAMessageNobodyCanRead_WhenParked_ThenItsLetterIsKept) {
    ToyStore store;

    const auto step = store.apply(ParkMessage(letter("m1", "message.unreadable")));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_TRUE(step.changed);
    EXPECT_TRUE(store.orders().empty());
    EXPECT_EQ(store.letters().at("m1").code, "message.unreadable");
}

}  // namespace
}  // namespace orderflow::orders
