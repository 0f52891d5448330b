// The contract of the OrderStore port: what every change does, alone, again, and together with others in one group.
#pragma once

#include <gmock/gmock.h>

#include "libs/orders/domain/limits.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::orders {

template <class Adapter>
class OrderStoreContract : public OrderStoreFixture<Adapter> {};

TYPED_TEST_SUITE_P(OrderStoreContract);

TYPED_TEST_P(OrderStoreContract, GivenANewOrder_WhenPlaced_ThenItIsPricedReservedAndWaitsForItsCharge) {
    const auto step = this->apply(this->placing(1, {{"mug", 2}, {"lamp", 1}}));

    EXPECT_EQ(step.kind, Step::Kind::charge);
    EXPECT_TRUE(step.changed);
    EXPECT_FALSE(step.resumed);
    const auto order = this->order(1);
    EXPECT_EQ(order.status, OrderStatus::reserved);
    EXPECT_EQ(order.payment_status, PaymentStatus::started);
    EXPECT_EQ(order.number, 1);
    EXPECT_EQ(order.total, 7000 + 1330 + 500) << "goods, 19 % tax, shipping";
    EXPECT_EQ(order.charge->amount, order.total);
    EXPECT_EQ(order.charge->state, EffectState::started) << "recorded before the provider is called";
    EXPECT_EQ(step.effect, order.charge);
    EXPECT_EQ(this->stock("mug"), (Stock{10, 2}));
    EXPECT_EQ(this->stock("lamp"), (Stock{3, 1}));
    EXPECT_THAT(this->event_names(1), testing::ElementsAre("order.accepted", "order.created", "inventory.reserved"));
    EXPECT_EQ(order.version, 3);
}

TYPED_TEST_P(OrderStoreContract, GivenEveryFieldOfADraft_WhenStored_ThenItComesBackTheSame) {
    auto place = this->placing(1, {{"mug", 1}, {"lamp", 2}, {"mug", 1}});
    auto draft = *place.draft;
    draft.customer.id = "cus_1";
    draft.customer.phone = "+49 30 1";
    draft.shipping_address.line2 = "Hinterhaus";
    draft.shipping_address.region = "BE";
    draft.billing_address = Address(Country::parse("FR").value());
    draft.billing_address->line1 = "1, rue de l'\xc3\x89toile";
    draft.billing_address->city = "Paris";
    draft.payment = samples::preauthorized("ref_1");
    draft.expected_total = 11500 + 2186 + 500;  // tax is rounded line by line
    draft.client_reference = "PO 17";
    draft.notes = std::string("ring\0twice", 10);
    draft.metadata = {{"a", "1"}, {"b", ""}};
    place.draft = std::move(draft);

    this->apply(place);
    this->setup.restart();

    const auto order = this->order(1);
    EXPECT_EQ(order.draft, place.draft);
    EXPECT_EQ(order.fingerprint, place.fingerprint);
    EXPECT_EQ(order.created_at, place.accepted_at);
    EXPECT_EQ(order.lines.size(), 3U);
    EXPECT_EQ(order.lines[1].name, "lamp");
    EXPECT_EQ(order.lines[1].unit_price, 4500);
    EXPECT_EQ(order.status, OrderStatus::reserved);
}

TYPED_TEST_P(OrderStoreContract, GivenAmountsOfItsOwn_WhenStored_ThenTheyComeBackTheSameAndAreCharged) {
    auto place = this->placing(1, {{"mug", 2}, {"lamp", 1}});
    auto draft = *place.draft;
    draft.amounts.emplace().lines = {{.unit_price = 1000, .discount = 100, .tax = 361}, {.unit_price = 3000}};
    draft.amounts->shipping = 250;
    draft.amounts->discount = 50;
    draft.amounts->tax = std::int64_t{1} << 40;
    place.draft = std::move(draft);
    const auto total = 2 * 1000 - 100 + 3000 + 250 - 50 + (std::int64_t{1} << 40);

    EXPECT_EQ(this->apply(place).effect->amount, total);
    this->apply(this->captured(1));
    this->setup.restart();
    this->apply(place);

    const auto order = this->order(1);
    EXPECT_EQ(order.draft, place.draft);
    EXPECT_EQ(order.lines.at(0).unit_price, 1000);
    EXPECT_EQ(order.lines.at(0).discount, 100);
    EXPECT_EQ(order.lines.at(1).unit_price, 3000);
    EXPECT_EQ(order.total, total);
    EXPECT_EQ(order.status, OrderStatus::confirmed);
    EXPECT_EQ(this->received(1), total);
}

TYPED_TEST_P(OrderStoreContract, GivenAReservedOrder_WhenCaptured_ThenItIsConfirmedAndBookedOnce) {
    this->apply(this->placing(1));

    const auto step = this->apply(this->captured(1));
    const auto again = this->apply(this->captured(1));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_TRUE(step.settled_now);
    EXPECT_FALSE(again.changed);
    const auto order = this->order(1);
    EXPECT_EQ(order.status, OrderStatus::confirmed);
    EXPECT_EQ(order.charge->provider_reference, "pay_1");
    ASSERT_EQ(this->ledger(1).size(), 1U);
    EXPECT_EQ(this->received(1), order.total);
    EXPECT_EQ(this->stock("mug").reserved, 2) << "until it is fulfilled";
    EXPECT_THAT(this->event_names(1), testing::ElementsAre("order.accepted", "order.created", "inventory.reserved",
                                                           "payment.captured", "order.confirmed"));
}

TYPED_TEST_P(OrderStoreContract, GivenAConfirmedOrder_WhenShippedInParts_ThenStockGoesWithEachAndAllOfItIsKept) {
    this->confirm(1, {{"mug", 2}, {"lamp", 1}});
    FulfillOrder first(this->id(1), "f1", {{samples::sku("mug"), 1}}, samples::at(60));
    first.carrier = "DHL";
    first.tracking_number = "00340";

    this->apply(first);
    this->setup.restart();
    EXPECT_FALSE(this->apply(first).changed);
    EXPECT_EQ(this->stock("mug"), (Stock{9, 1}));
    EXPECT_EQ(this->order(1).fulfillment_status, FulfillmentStatus::partially_fulfilled);
    this->apply(this->cancelling(1));
    EXPECT_EQ(this->order(1).status, OrderStatus::confirmed);
    this->apply(FulfillOrder(this->id(1), "f2", {{samples::sku("lamp"), 2}}, samples::at(61)));
    this->apply(
        FulfillOrder(this->id(1), "f3", {{samples::sku("lamp"), 1}, {samples::sku("mug"), 1}}, samples::at(62)));
    this->setup.restart();

    const auto order = this->order(1);
    EXPECT_EQ(order.status, OrderStatus::completed);
    EXPECT_EQ(order.refused_fulfillment, "f2");
    ASSERT_EQ(order.fulfillments.size(), 2U);
    EXPECT_EQ(order.fulfillments[0].tracking_number, "00340");
    EXPECT_EQ(order.fulfillments[0].carrier, "DHL");
    EXPECT_EQ(order.fulfillments[1].lines.size(), 2U);
    EXPECT_EQ(this->stock("mug"), (Stock{8, 0}));
    EXPECT_EQ(this->stock("lamp"), (Stock{2, 0}));
    EXPECT_EQ(this->apply(this->placing(2, {{"lamp", 3}})).status, OrderStatus::rejected) << "there are two";
    EXPECT_EQ(this->value_of(this->loop().run(this->setup.reader().fingerprints({this->id(1)}))).at(0),
              order.fingerprint);
}

TYPED_TEST_P(OrderStoreContract, GivenAReservedOrder_WhenDeclined_ThenItIsRejectedAndItsStockIsBack) {
    this->apply(this->placing(1));

    this->apply(this->declined(1));

    EXPECT_EQ(this->order(1).status, OrderStatus::rejected);
    EXPECT_EQ(this->order(1).failure->code, "card-declined");
    EXPECT_EQ(this->stock("mug"), (Stock{10, 0}));
    EXPECT_TRUE(this->ledger(1).empty());
}

TYPED_TEST_P(OrderStoreContract, GivenAnOrderWithNothingToPay_WhenPlaced_ThenItIsConfirmedAtOnce) {
    const auto step = this->apply(this->placing(1, {{"mug", 1}}, samples::invoice()));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_EQ(this->order(1).status, OrderStatus::confirmed);
    EXPECT_EQ(this->order(1).payment_status, PaymentStatus::not_required);
    EXPECT_TRUE(this->ledger(1).empty());
}

TYPED_TEST_P(OrderStoreContract, GivenAnUnknownSku_WhenPlaced_ThenItIsRejectedAndNothingIsReserved) {
    const auto step = this->apply(this->placing(1, {{"mug", 2}, {"unicorn", 1}}));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_EQ(this->order(1).status, OrderStatus::rejected);
    EXPECT_EQ(this->order(1).failure->code, "unknown-sku");
    EXPECT_EQ(this->stock("mug").reserved, 0);
    EXPECT_EQ(this->events(1).back().code, "unknown-sku");
}

TYPED_TEST_P(OrderStoreContract, GivenAShortageOfOneLine_WhenPlaced_ThenNoLineIsReserved) {
    this->apply(this->placing(1, {{"mug", 2}, {"lamp", 4}}));

    EXPECT_EQ(this->order(1).failure->code, "out-of-stock");
    EXPECT_EQ(this->stock("mug").reserved, 0);
    EXPECT_EQ(this->stock("lamp").reserved, 0);
}

TYPED_TEST_P(OrderStoreContract, GivenTheSameSkuOnTwoLines_WhenTheSumIsTooMuch_ThenItIsRejected) {
    this->apply(this->placing(1, {{"lamp", 2}, {"mug", 1}, {"lamp", 2}}));
    this->apply(this->placing(2, {{"lamp", 1}, {"mug", 1}, {"lamp", 2}}));

    EXPECT_EQ(this->order(1).status, OrderStatus::rejected);
    EXPECT_EQ(this->order(2).status, OrderStatus::reserved);
    EXPECT_EQ(this->stock("lamp"), (Stock{3, 3}));
}

TYPED_TEST_P(OrderStoreContract, GivenAGroupThatWantsMoreThanThereIs_ThenTheFirstOnesGetItAndNothingIsOversold) {
    std::vector<Change> group;
    for (std::uint32_t n = 1; n <= 8; ++n) group.emplace_back(this->placing(n, {{"mug", 3}}));

    const auto steps = this->apply_group(std::move(group));

    ASSERT_EQ(steps.size(), 8U);
    for (std::uint32_t n = 1; n <= 8; ++n) {
        EXPECT_EQ(this->order(n).status, n <= 3 ? OrderStatus::reserved : OrderStatus::rejected) << n;
        EXPECT_EQ(steps[n - 1]->status, this->order(n).status) << "steps are in the order of the changes";
    }
    EXPECT_EQ(this->stock("mug"), (Stock{10, 9}));
}

TYPED_TEST_P(OrderStoreContract, GivenAGroupThatGivesBackAndTakes_ThenLaterChangesSeeTheEarlierOnes) {
    this->apply(this->placing(1, {{"lamp", 3}}));

    this->apply_group(group_of(this->placing(2, {{"lamp", 3}}), this->declined(1), this->placing(3, {{"lamp", 3}}),
                               this->captured(3), this->cancelling(3)));

    EXPECT_EQ(this->order(2).status, OrderStatus::rejected);
    EXPECT_EQ(this->order(3).status, OrderStatus::cancelling);
    EXPECT_EQ(this->stock("lamp"), (Stock{3, 3})) << "held until the money is back";
}

TYPED_TEST_P(OrderStoreContract, GivenAStoredOrder_WhenDeliveredAgain_ThenItsChargeIsResumedAndNothingIsWritten) {
    this->apply(this->placing(1));
    this->setup.restart();
    const auto before = this->order(1);

    const auto again = this->apply(this->placing(1));

    EXPECT_EQ(again.kind, Step::Kind::charge);
    EXPECT_TRUE(again.resumed) << "the provider is asked by its key first";
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(again.effect, before.charge);
    EXPECT_EQ(this->order(1), before);
    EXPECT_EQ(this->stock("mug").reserved, 2);
}

TYPED_TEST_P(OrderStoreContract, GivenTheSameOrderTwiceInOneGroup_ThenItIsStoredOnce) {
    const auto steps = this->apply_group(group_of(this->placing(1), this->placing(1)));

    EXPECT_TRUE(steps[0]->changed);
    EXPECT_FALSE(steps[1]->changed);
    EXPECT_EQ(this->events(1).size(), 3U);
    EXPECT_EQ(this->stock("mug").reserved, 2);
    EXPECT_EQ(this->list({}).orders.size(), 1U);
}

TYPED_TEST_P(OrderStoreContract, GivenOtherContentUnderTheSameId_ThenTheFirstWinsWithOneConflictEvent) {
    this->confirm(1);
    auto other = this->placing(1, {{"lamp", 1}});
    other.fingerprint = samples::fingerprint(2);

    this->apply(other);
    this->setup.restart();
    const auto again = this->apply(other);

    EXPECT_FALSE(again.changed);
    EXPECT_EQ(*this->order(1).draft, samples::draft({{"mug", 2}}));
    EXPECT_EQ(this->order(1).fingerprint, samples::fingerprint(1));
    EXPECT_EQ(this->event_names(1).back(), "order.conflict");
    EXPECT_EQ(this->events(1).size(), 6U);
    EXPECT_EQ(this->stock("lamp").reserved, 0);
}

TYPED_TEST_P(OrderStoreContract, GivenAReservedOrder_WhenCancelled_ThenItIsVoidedBeforeItsStockIsBack) {
    this->apply(this->placing(1));

    const auto step = this->apply(this->cancelling(1));
    EXPECT_EQ(step.kind, Step::Kind::refund);
    EXPECT_EQ(step.charge_key, charge_effect(this->id(1)));
    EXPECT_EQ(this->stock("mug").reserved, 2);
    const auto done = this->apply(this->voided(1));

    EXPECT_EQ(done.kind, Step::Kind::finished);
    EXPECT_EQ(this->order(1).status, OrderStatus::cancelled);
    EXPECT_EQ(this->order(1).payment_status, PaymentStatus::voided);
    EXPECT_EQ(this->stock("mug").reserved, 0);
    EXPECT_EQ(this->received(1), 0);
}

TYPED_TEST_P(OrderStoreContract, GivenAConfirmedOrder_WhenCancelled_ThenTheMoneyGoesBackAndTheBooksAreEven) {
    this->confirm(1);

    this->apply(this->cancelling(1));
    this->setup.restart();
    const auto resumed = this->apply(this->cancelling(1));
    this->apply(this->refunded(1));

    EXPECT_EQ(resumed.kind, Step::Kind::refund);
    EXPECT_TRUE(resumed.resumed);
    EXPECT_EQ(this->order(1).status, OrderStatus::cancelled);
    EXPECT_EQ(this->ledger(1).size(), 2U);
    EXPECT_EQ(this->received(1), 0);
    EXPECT_EQ(this->stock("mug").reserved, 0);
    EXPECT_EQ(this->event_names(1).back(), "order.cancelled");
}

TYPED_TEST_P(OrderStoreContract, GivenACancelForAnOlderVersion_ThenItIsRefusedWithAnEvent) {
    this->confirm(1);
    auto cancel = this->cancelling(1);
    cancel.expected_version = 2;

    this->apply(cancel);

    EXPECT_EQ(this->order(1).status, OrderStatus::confirmed);
    EXPECT_EQ(this->events(1).back().type, EventType::cancel_refused);
    EXPECT_EQ(this->events(1).back().code, "version-mismatch");
}

TYPED_TEST_P(OrderStoreContract, GivenACancelOfATenantBeforeItsOrder_ThenItCountsForAnOrderOfThatTenantAlone) {
    for (const auto* tenant : {default_tenant, "bert"}) {
        const std::uint32_t number = tenant == std::string_view("bert") ? 1 : 2;
        auto cancel = this->cancelling(number);
        cancel.tenant_id = tenant;
        this->apply(std::move(cancel));
    }
    this->setup.restart();

    this->apply(this->placing(1));
    this->apply(this->placing(2));

    EXPECT_EQ(this->order(1).status, OrderStatus::reserved);
    EXPECT_EQ(this->order(2).status, OrderStatus::cancelled);
}

TYPED_TEST_P(OrderStoreContract, GivenACancelBeforeItsOrder_WhenTheOrderComes_ThenItIsCancelledWithoutACharge) {
    const auto kept = this->apply(this->cancelling(1));
    EXPECT_EQ(kept.kind, Step::Kind::finished);
    EXPECT_FALSE(this->find(1).order);
    this->setup.restart();

    const auto step = this->apply(this->placing(1));
    const auto again = this->apply(this->placing(1));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(this->order(1).status, OrderStatus::cancelled);
    EXPECT_EQ(this->order(1).cancel->command_id, "c1");
    EXPECT_EQ(this->stock("mug").reserved, 0);
}

TYPED_TEST_P(OrderStoreContract, GivenACancelAndItsOrderInOneGroup_ThenTheCancelIsApplied) {
    const auto steps = this->apply_group(group_of(this->cancelling(1), this->cancelling(1, "c2"), this->placing(1)));

    ASSERT_EQ(steps.size(), 3U);
    EXPECT_EQ(this->order(1).status, OrderStatus::cancelled);
}

TYPED_TEST_P(OrderStoreContract, GivenFailures_ThenTheyAreCountedAndTheBudgetEndsOnHoldWithTheBodyKept) {
    this->apply(this->placing(1));
    const auto version = this->order(1).version;
    for (int tries = 1; tries < limits::retry_budget; ++tries) {
        const auto step = this->apply(this->failing(1));
        EXPECT_EQ(step.kind, Step::Kind::retry);
        EXPECT_EQ(step.tries, tries);
    }
    EXPECT_EQ(this->order(1).version, version) << "a count is no event";
    this->setup.restart();

    const auto last = this->apply(this->failing(1));

    EXPECT_EQ(last.kind, Step::Kind::finished);
    EXPECT_EQ(this->order(1).status, OrderStatus::on_hold);
    EXPECT_EQ(this->order(1).held_from, OrderStatus::reserved);
    EXPECT_EQ(this->stock("mug").reserved, 2) << "the reservation is kept";
    const auto letters = this->letters();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].letter.body, "{}");
    EXPECT_EQ(letters[0].order, this->id(1));
}

TYPED_TEST_P(OrderStoreContract, GivenAnOrderOnHold_WhenItsMessageComesAgain_ThenItGoesOnWhereItWas) {
    this->apply(this->placing(1));
    this->apply(HoldOrder(this->id(1), samples::letter("m1")));
    EXPECT_EQ(this->order(1).status, OrderStatus::on_hold);

    const auto step = this->apply(this->placing(1));

    EXPECT_EQ(step.kind, Step::Kind::charge);
    EXPECT_TRUE(step.resumed);
    EXPECT_EQ(this->order(1).status, OrderStatus::reserved);
    EXPECT_EQ(this->event_names(1).back(), "order.resumed");
}

TYPED_TEST_P(OrderStoreContract, GivenADeadLetterOfAnOrderThatWasNeverStored_ThenItIsInsertedOnHold) {
    this->apply(HoldOrder(this->id(1), samples::letter("m1"), this->placing(1)));

    EXPECT_EQ(this->order(1).status, OrderStatus::on_hold);
    EXPECT_TRUE(this->order(1).lines.empty()) << "never priced";
    EXPECT_EQ(this->letters().size(), 1U);
    const auto step = this->apply(this->placing(1));
    EXPECT_EQ(step.kind, Step::Kind::charge);
    EXPECT_EQ(this->order(1).lines.size(), 1U) << "priced when it went on";
    this->setup.restart();
    EXPECT_EQ(this->order(1).total, 2500 + 475 + 500);
}

TYPED_TEST_P(OrderStoreContract, GivenTheSameDeadLetterAgain_ThenItIsKeptOnce) {
    this->apply(ParkMessage(samples::letter("m1")));
    const auto first = this->letters().at(0).number;

    const auto steps =
        this->apply_group(group_of(ParkMessage(samples::letter("m1")), ParkMessage(samples::letter("m2"))));

    EXPECT_TRUE(steps.at(0) && steps.at(1));
    const auto letters = this->letters();
    ASSERT_EQ(letters.size(), 2U);
    EXPECT_EQ(letters[0].number, first);
    EXPECT_LT(letters[0].number, letters[1].number);
    EXPECT_FALSE(letters[0].order);
}

TYPED_TEST_P(OrderStoreContract, GivenABuriedOrder_WhenAnythingComesForIt_ThenNothingHappens) {
    this->apply(this->placing(1));
    this->apply(this->declined(1));
    ASSERT_TRUE(this->setup.bury(this->id(1)));
    this->setup.restart();

    EXPECT_FALSE(this->apply(this->placing(1)).changed);
    EXPECT_FALSE(this->apply(this->captured(1)).changed);
    this->apply(this->cancelling(1));
    this->apply(HoldOrder(this->id(1), samples::letter("m1"), this->placing(1)));

    const auto found = this->find(1);
    EXPECT_FALSE(found.order);
    ASSERT_TRUE(found.tombstone);
    EXPECT_EQ(found.tombstone->last_status, OrderStatus::rejected);
    EXPECT_EQ(this->stock("mug").reserved, 0);
    EXPECT_EQ(this->letters().size(), 1U) << "the body is kept all the same";
}

TYPED_TEST_P(OrderStoreContract, GivenAnOrderThatIsNotTerminal_WhenBuried_ThenItIsRefused) {
    this->confirm(1);

    const auto open = this->setup.bury(this->id(1));
    const auto unknown = this->setup.bury(this->id(2));

    ASSERT_FALSE(open);
    EXPECT_EQ(open.error().code(), "order.not_terminal");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().kind(), ErrorKind::not_found);
    EXPECT_TRUE(this->find(1).order);
}

TYPED_TEST_P(OrderStoreContract, GivenAnOrderThatChangedMeanwhile_WhenBuried_ThenItIsRefused) {
    this->apply(this->placing(1, {{"unicorn", 1}}));

    const auto early = this->loop().run(this->setup.burial().bury(this->id(1), this->order(1).version - 1));

    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code(), "order.version_changed");
    EXPECT_TRUE(this->find(1).order);
    EXPECT_TRUE(this->loop().run(this->setup.burial().bury(this->id(1), this->order(1).version)));
    EXPECT_TRUE(this->find(1).tombstone);
}

TYPED_TEST_P(OrderStoreContract, GivenAnEmptyGroup_ThenThereAreNoSteps) { EXPECT_TRUE(this->apply_group({}).empty()); }

TYPED_TEST_P(OrderStoreContract, GivenOneTime_WhenAGroupIsApplied_ThenItsEventsCarryIt) {
    this->loop().advance(90s);

    this->apply(this->placing(1));

    const auto events = this->events(1);
    EXPECT_EQ(events[0].at, samples::at(0)) << "accepted by the API";
    EXPECT_EQ(events[1].at, samples::at(90));
    EXPECT_EQ(this->order(1).updated_at, samples::at(90));
}

REGISTER_TYPED_TEST_SUITE_P(OrderStoreContract, GivenANewOrder_WhenPlaced_ThenItIsPricedReservedAndWaitsForItsCharge,
                            GivenEveryFieldOfADraft_WhenStored_ThenItComesBackTheSame,
                            GivenAmountsOfItsOwn_WhenStored_ThenTheyComeBackTheSameAndAreCharged,
                            GivenAReservedOrder_WhenCaptured_ThenItIsConfirmedAndBookedOnce,
                            GivenAConfirmedOrder_WhenShippedInParts_ThenStockGoesWithEachAndAllOfItIsKept,
                            GivenAReservedOrder_WhenDeclined_ThenItIsRejectedAndItsStockIsBack,
                            GivenAnOrderWithNothingToPay_WhenPlaced_ThenItIsConfirmedAtOnce,
                            GivenAnUnknownSku_WhenPlaced_ThenItIsRejectedAndNothingIsReserved,
                            GivenAShortageOfOneLine_WhenPlaced_ThenNoLineIsReserved,
                            GivenTheSameSkuOnTwoLines_WhenTheSumIsTooMuch_ThenItIsRejected,
                            GivenAGroupThatWantsMoreThanThereIs_ThenTheFirstOnesGetItAndNothingIsOversold,
                            GivenAGroupThatGivesBackAndTakes_ThenLaterChangesSeeTheEarlierOnes,
                            GivenAStoredOrder_WhenDeliveredAgain_ThenItsChargeIsResumedAndNothingIsWritten,
                            GivenTheSameOrderTwiceInOneGroup_ThenItIsStoredOnce,
                            GivenOtherContentUnderTheSameId_ThenTheFirstWinsWithOneConflictEvent,
                            GivenAReservedOrder_WhenCancelled_ThenItIsVoidedBeforeItsStockIsBack,
                            GivenAConfirmedOrder_WhenCancelled_ThenTheMoneyGoesBackAndTheBooksAreEven,
                            GivenACancelForAnOlderVersion_ThenItIsRefusedWithAnEvent,
                            GivenACancelOfATenantBeforeItsOrder_ThenItCountsForAnOrderOfThatTenantAlone,
                            GivenACancelBeforeItsOrder_WhenTheOrderComes_ThenItIsCancelledWithoutACharge,
                            GivenACancelAndItsOrderInOneGroup_ThenTheCancelIsApplied,
                            GivenFailures_ThenTheyAreCountedAndTheBudgetEndsOnHoldWithTheBodyKept,
                            GivenAnOrderOnHold_WhenItsMessageComesAgain_ThenItGoesOnWhereItWas,
                            GivenADeadLetterOfAnOrderThatWasNeverStored_ThenItIsInsertedOnHold,
                            GivenTheSameDeadLetterAgain_ThenItIsKeptOnce,
                            GivenABuriedOrder_WhenAnythingComesForIt_ThenNothingHappens,
                            GivenAnOrderThatIsNotTerminal_WhenBuried_ThenItIsRefused,
                            GivenAnOrderThatChangedMeanwhile_WhenBuried_ThenItIsRefused,
                            GivenAnEmptyGroup_ThenThereAreNoSteps,
                            GivenOneTime_WhenAGroupIsApplied_ThenItsEventsCarryIt);

}  // namespace orderflow::orders
