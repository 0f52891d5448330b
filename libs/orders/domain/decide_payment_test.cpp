// T2, cancel and refund: the provider's answers in every order they can come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/domain/toy_store_test.hpp"

namespace orderflow::orders {
namespace {

using samples::draft;
using samples::order_id;
using samples::place;
using testing::Contains;
using testing::ElementsAre;

const OrderId id = order_id(1);

SettleCharge captured() { return {id, charge_effect(id), EffectState::captured, "ch_1"}; }
SettleCharge declined() { return {id, charge_effect(id), EffectState::declined, "ch_1", "card-declined"}; }
SettleRefund refunded() { return {id, refund_effect(id), EffectState::refunded, "re_1"}; }
SettleRefund voided() { return {id, refund_effect(id), EffectState::voided, "re_1"}; }
CancelOrder cancel(std::string command = "c1") { return {id, std::move(command), "customer", samples::at(70)}; }

TEST(Charge, GivenAReservedOrder_WhenCaptured_ThenItIsConfirmedAndBooked) {
    ToyStore store;
    store.apply(place(id));

    const auto step = store.apply(captured());

    const auto& order = store.order(id);
    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_TRUE(step.settled_now);
    EXPECT_EQ(order.status, OrderStatus::confirmed);
    EXPECT_EQ(order.payment_status, PaymentStatus::captured);
    EXPECT_EQ(order.charge.value().provider_reference, "ch_1");
    EXPECT_EQ(store.received(id), order.total);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 2);
}

TEST(Charge, GivenAReservedOrder_WhenDeclined_ThenItIsRejectedAndItsStockIsBack) {
    ToyStore store;
    store.apply(place(id));

    store.apply(declined());

    EXPECT_EQ(store.order(id).status, OrderStatus::rejected);
    EXPECT_EQ(store.order(id).payment_status, PaymentStatus::declined);
    EXPECT_EQ(store.order(id).failure.value().code, "card-declined");
    EXPECT_EQ(store.received(id), 0);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
    EXPECT_THAT(store.events(id), ElementsAre("order.accepted", "order.created", "inventory.reserved",
                                              "payment.declined", "inventory.released", "order.rejected"));
}

TEST(Charge, GivenAnAnswerThatWasTaken_WhenItComesAgain_ThenNothingChanges) {
    ToyStore store;
    store.apply(place(id));
    store.apply(captured());

    const auto again = store.apply(captured());
    const auto other = store.apply(declined());

    EXPECT_FALSE(again.changed);
    EXPECT_FALSE(other.changed);
    EXPECT_EQ(store.order(id).status, OrderStatus::confirmed);
    EXPECT_EQ(store.postings(id), 1U);
}

TEST(Charge, GivenAnAnswerToAnotherEffect_WhenItComes_ThenNothingChanges) {
    ToyStore store;
    store.apply(place(id));

    const auto step = store.apply(SettleCharge(id, charge_effect(order_id(2)), EffectState::captured, "ch_2"));

    EXPECT_FALSE(step.changed);
    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
}

TEST(Cancel, GivenNothingToGiveBack_WhenCancelled_ThenItIsFinalAtOnce) {
    ToyStore store;
    store.apply(place(id, draft({{"mug", 1}}, samples::invoice())));

    const auto step = store.apply(cancel());

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_TRUE(step.settled_now);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
}

TEST(Cancel, GivenATenantThatAsksAboutAnothersOrder_ThenNothingHappens_AlsoWhenItAskedBeforeTheOrderCame) {
    auto foreign = cancel();
    foreign.tenant_id = "bert";
    ToyStore store;
    store.apply(place(id));
    const auto events = store.events(id);

    const auto late = store.apply(foreign);

    EXPECT_FALSE(late.changed);
    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
    EXPECT_EQ(store.events(id), events) << "the history is not theirs either";

    ToyStore other;
    other.apply(foreign);
    other.apply(place(id));
    EXPECT_EQ(other.order(id).status, OrderStatus::reserved);
    EXPECT_FALSE(other.has_intent(id));
}

TEST(Cancel, GivenATenantThatAsksAboutItsOwnOrder_ThenItIsCancelled) {
    auto own = cancel();
    own.tenant_id = default_tenant;
    ToyStore store;
    store.apply(place(id, draft({{"mug", 1}}, samples::invoice())));

    store.apply(own);

    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
}

TEST(Cancel, GivenAPaidOrder_WhenCancelled_ThenItIsFinalOnlyAfterTheRefund) {
    ToyStore store;
    store.apply(place(id));
    store.apply(captured());

    const auto step = store.apply(cancel());

    EXPECT_EQ(step.kind, Step::Kind::refund);
    EXPECT_EQ(step.effect.value().key, refund_effect(id));
    EXPECT_EQ(step.charge_key, charge_effect(id));
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelling);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 2);

    const auto end = store.apply(refunded());

    EXPECT_TRUE(end.settled_now);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_EQ(store.order(id).payment_status, PaymentStatus::refunded);
    EXPECT_EQ(store.received(id), 0);
    EXPECT_EQ(store.postings(id), 2U);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
}

TEST(Cancel, GivenAChargeUnderWay_WhenCancelledAndVoided_ThenALateAnswerChangesNothing) {
    ToyStore store;
    store.apply(place(id));
    store.apply(cancel());
    store.apply(voided());

    const auto late = store.apply(declined());

    EXPECT_FALSE(late.changed);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_EQ(store.order(id).payment_status, PaymentStatus::voided);
    EXPECT_EQ(store.postings(id), 0U);
}

TEST(Cancel, GivenTheAnswerOfACaptureWasLost_WhenRefunded_ThenTheBooksHoldBothSides) {
    ToyStore store;
    store.apply(place(id));
    store.apply(cancel());

    store.apply(refunded());

    EXPECT_EQ(store.postings(id), 2U);
    EXPECT_EQ(store.received(id), 0);
    EXPECT_THAT(store.events(id), Contains("payment.captured"));
}

TEST(Cancel, GivenTheCaptureIsToldWhileCancelling_WhenRefunded_ThenItIsBookedOnce) {
    ToyStore store;
    store.apply(place(id));
    store.apply(cancel());
    store.apply(captured());
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelling);

    store.apply(refunded());
    const auto late = store.apply(captured());

    EXPECT_FALSE(late.changed);
    EXPECT_EQ(store.postings(id), 2U);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
}

TEST(Cancel, GivenTheDeclineIsToldWhileCancelling_WhenVoided_ThenNothingIsBooked) {
    ToyStore store;
    store.apply(place(id));
    store.apply(cancel());
    store.apply(declined());

    store.apply(voided());

    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_EQ(store.postings(id), 0U);
}

TEST(Cancel, GivenACapturedCharge_WhenTheProviderVoidsIt_ThenTheBooksShowTheMoneyGoBack) {
    ToyStore store;
    store.apply(place(id));
    store.apply(captured());
    store.apply(cancel());

    store.apply(voided());

    EXPECT_EQ(store.received(id), 0);
    EXPECT_EQ(store.postings(id), 2U);
}

TEST(Cancel, GivenCancelling_WhenAnyCancelComes_ThenTheSameRefundIsResumed) {
    ToyStore store;
    store.apply(place(id));
    store.apply(captured());
    store.apply(cancel());

    for (const auto* command : {"c1", "c2"}) {
        const auto step = store.apply(cancel(command));

        EXPECT_EQ(step.kind, Step::Kind::refund);
        EXPECT_TRUE(step.resumed);
        EXPECT_FALSE(step.changed);
        EXPECT_EQ(step.effect.value().key, refund_effect(id));
    }
}

TEST(Cancel, GivenACancelledOrder_WhenCancelledAgain_ThenNothingChanges) {
    ToyStore store;
    store.apply(place(id, draft({{"mug", 1}}, samples::invoice())));
    store.apply(cancel());

    EXPECT_FALSE(store.apply(cancel()).changed);
    EXPECT_FALSE(store.apply(cancel("c2")).changed);
    EXPECT_FALSE(store.apply(place(id, draft({{"mug", 1}}, samples::invoice()))).changed);
}

TEST(Cancel, GivenARejectedOrder_WhenCancelled_ThenItIsRefusedOnce) {
    ToyStore store;
    store.apply(place(id, draft({{"mug", 99}})));

    const auto first = store.apply(cancel());
    const auto again = store.apply(cancel());

    EXPECT_TRUE(first.changed);
    EXPECT_FALSE(first.settled_now);
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(store.order(id).status, OrderStatus::rejected);
    EXPECT_EQ(store.last_event(id).type, EventType::cancel_refused);
    EXPECT_EQ(store.last_event(id).code, "not-cancellable");
}

TEST(Cancel, GivenAnotherVersionWasMeant_WhenCancelled_ThenItIsRefused) {
    ToyStore store;
    store.apply(place(id));
    auto stale = cancel();
    stale.expected_version = 1;

    store.apply(stale);

    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
    EXPECT_EQ(store.last_event(id).code, "version-mismatch");

    auto right = cancel("c2");
    right.expected_version = store.order(id).version;
    store.apply(right);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelling);
}

TEST(Cancel, GivenItsOrderIsNotStored_WhenTheOrderComes_ThenItIsCancelledBeforeItTakesAnything) {
    ToyStore store;

    const auto early = store.apply(cancel());
    EXPECT_TRUE(store.has_intent(id));
    EXPECT_EQ(early.kind, Step::Kind::finished);

    const auto step = store.apply(place(id));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_TRUE(step.settled_now);
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelled);
    EXPECT_FALSE(store.has_intent(id));
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
    EXPECT_THAT(store.events(id), ElementsAre("order.accepted", "cancel.requested", "order.cancelled"));
    EXPECT_FALSE(store.apply(cancel()).changed);
}

TEST(Cancel, GivenAnothersCancelBeforeTheOrder_WhenTheOwnersComes_ThenItWaitsForTheOrderAndHolds) {
    ToyStore store;
    auto foreign = cancel("theirs");
    foreign.tenant_id = "globex";
    store.apply(foreign);
    auto own = cancel("own");
    own.tenant_id = orders::default_tenant;

    EXPECT_EQ(store.apply(own).kind, Step::Kind::retry) << "nobody knows yet whose the order is";
    store.apply(place(id));
    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
    store.apply(own);

    EXPECT_EQ(store.order(id).cancel.value().command_id, "own");
    EXPECT_EQ(store.apply(foreign).changed, false);
}

TEST(Cancel, GivenAVersionBeforeTheOrder_ThenItWaitsForTheOrderAndIsRefusedWhenItIsAnotherOne) {
    ToyStore store;
    auto stale = cancel();
    stale.expected_version = 7;

    EXPECT_EQ(store.apply(stale).kind, Step::Kind::retry);
    EXPECT_FALSE(store.has_intent(id));
    store.apply(place(id));
    store.apply(stale);

    EXPECT_EQ(store.last_event(id).code, "version-mismatch");
}

TEST(Cancel, GivenATombstone_WhenCancelled_ThenNoIntentIsKept) {
    ToyStore store;
    store.bury(id);

    EXPECT_FALSE(store.apply(cancel()).changed);
    EXPECT_FALSE(store.has_intent(id));
}

TEST(News, GivenNewsBeforeTheOrder_WhenApplied_ThenTheMessageComesAgain) {
    ToyStore store;

    const auto step = store.apply(PaymentNews(id, charge_effect(id)));

    EXPECT_EQ(step.kind, Step::Kind::retry);
    EXPECT_FALSE(step.changed);
}

TEST(News, GivenAnOpenCharge_WhenNewsComes_ThenTheProviderIsAskedByItsKey) {
    ToyStore store;
    store.apply(place(id));

    const auto step = store.apply(PaymentNews(id, charge_effect(id)));

    EXPECT_EQ(step.kind, Step::Kind::charge);
    EXPECT_TRUE(step.resumed);
    EXPECT_EQ(step.effect.value().key, charge_effect(id));
}

TEST(News, GivenWhatIsClosedOrNeverWas_WhenNewsComes_ThenNothingIsAsked) {
    ToyStore store;
    store.apply(place(id));
    EXPECT_EQ(store.apply(PaymentNews(id, refund_effect(id))).kind, Step::Kind::finished) << "there is no refund";
    store.apply(captured());

    EXPECT_EQ(store.apply(PaymentNews(id, charge_effect(id))).kind, Step::Kind::finished);
}

TEST(News, GivenAnOrderThatIsCancelling_WhenNewsOfItsChargeComes_ThenItIsNotCharged_AndOfItsRefundItIsAsked) {
    ToyStore store;
    store.apply(place(id));
    store.apply(cancel());

    EXPECT_EQ(store.apply(PaymentNews(id, charge_effect(id))).kind, Step::Kind::finished);
    EXPECT_EQ(store.apply(PaymentNews(id, refund_effect(id))).kind, Step::Kind::refund);
}

TEST(Refund, GivenNoOrder_WhenAnAnswerComes_ThenNothingChanges) {
    ToyStore store;

    EXPECT_FALSE(store.apply(refunded()).changed);
    EXPECT_FALSE(store.apply(captured()).changed);
}

}  // namespace
}  // namespace orderflow::orders
