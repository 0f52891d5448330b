// T1: placing an order, and placing it again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/domain/toy_store_test.hpp"

namespace orderflow::orders {
namespace {

using samples::draft;
using samples::order_id;
using samples::place;
using testing::ElementsAre;

const OrderId id = order_id(1);

TEST(Place, GivenStockAndAToken_WhenPlaced_ThenStockIsHeldAndAChargeIsRecorded) {
    ToyStore store(samples::pricing());

    const auto step = store.apply(place(id));

    const auto& order = store.order(id);
    EXPECT_EQ(order.status, OrderStatus::reserved);
    EXPECT_EQ(order.payment_status, PaymentStatus::started);
    EXPECT_THAT(store.events(id), ElementsAre("order.accepted", "order.created", "inventory.reserved"));
    EXPECT_EQ(order.lines.at(0).unit_price, 1250);
    EXPECT_EQ(order.lines.at(0).tax, 475);
    EXPECT_EQ(order.total, 2 * 1250 + 475 + 500);
    EXPECT_EQ(step.kind, Step::Kind::charge);
    EXPECT_FALSE(step.resumed);
    EXPECT_EQ(step.effect.value().key, charge_effect(id));
    EXPECT_EQ(step.effect.value().amount, order.total);
    EXPECT_EQ(step.payment, order.draft->payment);
    EXPECT_EQ(step.accepted_at, samples::at(0));
    EXPECT_EQ(store.shelf().stock("mug").reserved, 2);
}

OrderDraft draft_with_amounts(const samples::Lines& lines = {{"mug", 2}, {"lamp", 1}}) {
    auto given = draft(lines);
    auto& amounts = given.amounts.emplace();
    amounts.lines = {{.unit_price = 1000, .discount = 100, .tax = 361}, {.unit_price = 3000}};
    amounts.shipping = 250;
    amounts.discount = 50;
    amounts.tax = 400;
    return given;
}
constexpr std::int64_t given_total = 2 * 1000 - 100 + 3000 + 250 - 50 + 400;

TEST(Place, GivenAmountsThatDoNotAddUp_ThenTheOrderIsRejectedAndHasNone) {
    ToyStore store(samples::pricing());
    auto given = draft_with_amounts();
    given.amounts->discount = 1'000'000;

    store.apply(place(id, given));

    const auto& order = store.order(id);
    EXPECT_EQ(order.status, OrderStatus::rejected);
    EXPECT_EQ(order.failure.value().code, "total-overflow");
    EXPECT_TRUE(order.lines.empty());
    EXPECT_EQ(order.total, 0);
    EXPECT_EQ(order.shipping_amount, 0);
}

TEST(Place, GivenAmounts_ThenUnknownProductsAndShortagesStillRejectTheOrder) {
    ToyStore store(samples::pricing());

    store.apply(place(order_id(2), draft_with_amounts({{"mug", 2}, {"unicorn", 1}})));
    store.apply(place(order_id(3), draft_with_amounts({{"mug", 2}, {"lamp", 4}})));

    EXPECT_EQ(store.order(order_id(2)).failure.value().code, "unknown-sku");
    EXPECT_TRUE(store.order(order_id(2)).lines.empty());
    EXPECT_EQ(store.order(order_id(3)).failure.value().code, "out-of-stock");
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
}

TEST(Place, GivenAmountsAndAnotherExpectedTotal_ThenTheOrderIsRejected) {
    ToyStore store(samples::pricing());
    auto given = draft_with_amounts();
    given.expected_total = given_total - 1;

    store.apply(place(order_id(2), given));
    given.expected_total = given_total;
    store.apply(place(order_id(3), given));

    EXPECT_EQ(store.order(order_id(2)).status, OrderStatus::rejected);
    EXPECT_EQ(store.order(order_id(2)).failure.value().code, "price-changed");
    EXPECT_EQ(store.order(order_id(3)).status, OrderStatus::reserved);
}

TEST(Place, GivenAmounts_ThenTheyAreTakenInPlaceOfTheCataloguesAndCharged) {
    ToyStore store(samples::pricing());

    const auto step = store.apply(place(id, draft_with_amounts()));

    const auto& order = store.order(id);
    EXPECT_EQ(order.status, OrderStatus::reserved);
    EXPECT_EQ(order.lines.at(0).unit_price, 1000);
    EXPECT_EQ(order.lines.at(0).discount, 100);
    EXPECT_EQ(order.lines.at(0).tax, 361);
    EXPECT_EQ(order.lines.at(1).unit_price, 3000);
    EXPECT_EQ(order.lines.at(1).name, "lamp") << "names are the catalogue's";
    EXPECT_EQ(order.shipping_amount, 250);
    EXPECT_EQ(order.discount_amount, 50);
    EXPECT_EQ(order.tax_amount, 400);
    EXPECT_EQ(order.total, given_total);
    EXPECT_EQ(step.effect.value().amount, given_total);
}

TEST(Place, GivenAmountsInACurrencyWithoutPricesOrShipping_ThenTheOrderIsTaken) {
    ToyStore store(samples::pricing());
    auto given = draft_with_amounts();
    given.currency = Currency::parse("JPY").value();
    given.shipping_address.country = Country::parse("JP").value();

    store.apply(place(id, given));

    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
    EXPECT_EQ(store.order(id).total, given_total);
}

TEST(Place, GivenAmountsWithNothingToPay_ThenTheOrderIsConfirmedAtOnce) {
    ToyStore store(samples::pricing());
    auto given = draft_with_amounts();
    given.amounts->discount += given_total;

    store.apply(place(id, given));

    EXPECT_EQ(store.order(id).status, OrderStatus::confirmed);
    EXPECT_EQ(store.order(id).payment_status, PaymentStatus::not_required);
}

TEST(Place, GivenATenant_ThenTheOrderIsItsOwn) {
    ToyStore store(samples::pricing());
    auto change = place(id);
    change.tenant_id = "acme";

    store.apply(change);

    EXPECT_EQ(store.order(id).tenant_id, "acme");
}

TEST(Place, GivenAnInvoice_WhenPlaced_ThenItIsConfirmedWithoutACharge) {
    ToyStore store;

    const auto step = store.apply(place(id, draft({{"mug", 1}}, samples::invoice())));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_TRUE(step.settled_now);
    EXPECT_EQ(store.order(id).status, OrderStatus::confirmed);
    EXPECT_EQ(store.order(id).payment_status, PaymentStatus::not_required);
    EXPECT_FALSE(store.order(id).charge.has_value());
}

TEST(Place, GivenATotalOfZero_WhenPlaced_ThenNothingIsCharged) {
    ToyStore store;

    const auto step = store.apply(place(id, draft({{"print", 3}})));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_EQ(store.order(id).status, OrderStatus::confirmed);
}

TEST(Place, GivenTheSameSkuOnTwoLines_WhenPlaced_ThenTheirSumIsTakenOnce) {
    ToyStore store;

    store.apply(place(id, draft({{"mug", 4}, {"lamp", 1}, {"mug", 5}})));

    EXPECT_EQ(store.shelf().stock("mug").reserved, 9);
    EXPECT_EQ(store.order(id).total, 9 * 1250 + 4500);
}

TEST(Place, GivenTwoLinesThatFitAloneButNotTogether_WhenPlaced_ThenItIsOutOfStock) {
    ToyStore store;

    const auto step = store.apply(place(id, draft({{"mug", 6}, {"mug", 5}})));

    EXPECT_EQ(store.order(id).status, OrderStatus::rejected);
    EXPECT_EQ(store.order(id).failure.value().code, "out-of-stock");
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
    EXPECT_TRUE(step.settled_now);
}

TEST(Place, GivenOneLineThatIsNotThere_WhenPlaced_ThenNoLineIsTaken) {
    ToyStore store;

    store.apply(place(id, draft({{"lamp", 4}, {"mug", 1}})));

    EXPECT_EQ(store.order(id).status, OrderStatus::rejected);
    EXPECT_EQ(store.shelf().stock("mug").reserved, 0);
    EXPECT_EQ(store.shelf().stock("lamp").reserved, 0);
    EXPECT_THAT(store.events(id), ElementsAre("order.accepted", "order.created", "order.rejected"));
}

TEST(Place, GivenTheLastPieces_WhenTwoOrdersWantThem_ThenOneGetsThem) {
    ToyStore store;

    store.apply(place(id, draft({{"lamp", 2}})));
    store.apply(place(order_id(2), draft({{"lamp", 2}})));

    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
    EXPECT_EQ(store.order(order_id(2)).status, OrderStatus::rejected);
}

struct Refusal {
    const char* name;
    OrderDraft draft;
    const char* code;
};

std::vector<Refusal> refusals() {
    auto pounds = draft({{"mug", 1}});
    pounds.currency = samples::gbp();
    auto only_euro = draft({{"lamp", 1}});
    only_euro.currency = samples::gbp();
    auto abroad = draft();
    abroad.shipping_address.country = Country::parse("NZ").value();
    auto other_total = draft();
    other_total.expected_total = 1;
    return {{"unknown SKU", draft({{"mug", 1}, {"no-such", 1}}), "unknown-sku"},
            {"SKU without a price in the currency", only_euro, "not-sold-in-currency"},
            {"currency without shipping price", pounds, "pricing.currency_not_served"},
            {"country without shipping price", abroad, "pricing.currency_not_served"},
            {"line total over 64 bits", draft({{"gold", 2}}), "total-overflow"},
            {"sum over 64 bits", draft({{"gold", 1}, {"mug", 1'000'000}, {"gold", 1}}), "total-overflow"},
            {"tax makes it too large", draft({{"gold", 1}}), "total-overflow"},
            {"another total was expected", other_total, "price-changed"}};
}

TEST(Place, GivenABrokenRule_WhenPlaced_ThenTheOrderIsRejectedWithItsCodeAndHoldsNothing) {
    for (const auto& refusal : refusals()) {
        SCOPED_TRACE(refusal.name);
        ToyStore store(samples::pricing());

        const auto step = store.apply(place(id, refusal.draft));

        EXPECT_EQ(step.kind, Step::Kind::finished);
        EXPECT_TRUE(step.settled_now);
        EXPECT_EQ(store.order(id).status, OrderStatus::rejected);
        EXPECT_EQ(store.order(id).fulfillment_status, FulfillmentStatus::cancelled);
        EXPECT_EQ(store.order(id).failure.value().code, refusal.code);
        EXPECT_EQ(store.last_event(id).code, refusal.code);
    }
}

TEST(Place, GivenOneLineThatHasNoPrice_WhenPlaced_ThenNoLineHasOne) {
    ToyStore store(samples::pricing());

    store.apply(place(id, draft({{"mug", 1}, {"no-such", 1}})));

    EXPECT_TRUE(store.order(id).lines.empty());
    EXPECT_EQ(store.order(id).total, 0);
}

TEST(Place, GivenTheExpectedTotal_WhenItHolds_ThenTheOrderGoesOn) {
    ToyStore store;
    auto content = draft({{"mug", 2}});
    content.expected_total = 2500;

    store.apply(place(id, content));

    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
}

TEST(Place, GivenAReservedOrder_WhenItsMessageComesAgain_ThenTheChargeIsResumedAndNothingIsWritten) {
    ToyStore store;
    store.apply(place(id));
    const auto before = store.order(id);

    const auto step = store.apply(place(id));

    EXPECT_EQ(step.kind, Step::Kind::charge);
    EXPECT_TRUE(step.resumed);
    EXPECT_FALSE(step.changed);
    EXPECT_EQ(store.order(id), before);
}

TEST(Place, GivenASettledOrder_WhenItsMessageComesAgain_ThenThereIsNothingToDo) {
    ToyStore store;
    store.apply(place(id, draft({{"mug", 99}})));

    const auto step = store.apply(place(id, draft({{"mug", 99}})));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_FALSE(step.changed);
    EXPECT_FALSE(step.settled_now);
}

TEST(Place, GivenOtherContentUnderTheSameKey_WhenItComesTwice_ThenTheFirstStaysAndOneConflictIsTold) {
    ToyStore store;
    store.apply(place(id));
    auto other = place(id, draft({{"lamp", 1}}));
    other.fingerprint = samples::fingerprint(2);

    const auto first = store.apply(other);
    const auto second = store.apply(other);

    EXPECT_TRUE(first.changed);
    EXPECT_FALSE(second.changed);
    EXPECT_EQ(first.kind, Step::Kind::finished);
    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
    EXPECT_EQ(*store.order(id).draft, draft());
    EXPECT_THAT(store.events(id),
                ElementsAre("order.accepted", "order.created", "inventory.reserved", "order.conflict"));
}

TEST(Place, GivenAConflictOnASettledOrder_WhenTold_ThenItIsNotSettledASecondTime) {
    ToyStore store;
    store.apply(place(id, draft({{"mug", 1}}, samples::invoice())));
    auto other = place(id);
    other.fingerprint = samples::fingerprint(2);

    const auto step = store.apply(other);

    EXPECT_TRUE(step.changed);
    EXPECT_FALSE(step.settled_now);
}

TEST(Place, GivenATombstone_WhenItsMessageComesAgain_ThenTheOrderDoesNotRise) {
    ToyStore store;
    store.apply(place(id, draft({{"mug", 99}})));
    store.bury(id);

    const auto step = store.apply(place(id));

    EXPECT_EQ(step.kind, Step::Kind::finished);
    EXPECT_FALSE(step.changed);
    EXPECT_EQ(store.find(id), nullptr);
}

}  // namespace
}  // namespace orderflow::orders
