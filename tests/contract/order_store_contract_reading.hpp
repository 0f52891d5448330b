// The contract of the OrderReader and OrderFeed ports beside their OrderStore.
#pragma once

#include <gmock/gmock.h>

#include <optional>

#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::orders {

template <class Adapter>
class OrderReaderContract : public OrderStoreFixture<Adapter> {
  protected:
    // Numbers of the listed orders.
    std::vector<std::int64_t> numbers(OrderQuery query) {
        std::vector<std::int64_t> found;
        for (const auto& order : this->list(std::move(query)).orders) found.push_back(order.number);
        return found;
    }
};

TYPED_TEST_SUITE_P(OrderReaderContract);

TYPED_TEST_P(OrderReaderContract, GivenNothingStored_ThenEveryAnswerIsEmpty) {
    EXPECT_FALSE(this->find(1).order);
    EXPECT_FALSE(this->find(1).tombstone);
    EXPECT_TRUE(this->events(1).empty());
    EXPECT_TRUE(this->ledger(1).empty());
    EXPECT_TRUE(this->letters().empty());
    EXPECT_TRUE(this->list({}).orders.empty());
    EXPECT_FALSE(this->list({}).has_more);
}

TYPED_TEST_P(OrderReaderContract, GivenManyTransitions_WhenEventsAreRead_ThenVersionsHaveNoGapAndAfterIsExclusive) {
    this->confirm(1);
    this->apply(this->cancelling(1));
    this->apply(this->refunded(1));
    const auto all = this->events(1);

    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].version, static_cast<std::int32_t>(i) + 1);
    EXPECT_EQ(all.back().version, this->order(1).version);
    for (std::int32_t after = 0; after <= all.back().version + 1; ++after) {
        const auto rest = this->events(1, after);
        const auto skipped = std::min<std::size_t>(all.size(), static_cast<std::size_t>(after));
        EXPECT_EQ(rest, std::vector(all.begin() + static_cast<std::ptrdiff_t>(skipped), all.end())) << after;
    }
}

TYPED_TEST_P(OrderReaderContract, GivenStoredBuriedAndUnknownOrders_ThenFingerprintsComeInTheOrderOfTheRequest) {
    this->apply(this->placing(1));
    this->apply(this->placing(2, {{"unicorn", 1}}));
    ASSERT_TRUE(this->setup.bury(this->id(2)));

    const auto found =
        this->value_of(this->loop().run(this->setup.reader().fingerprints({this->id(3), this->id(2), this->id(1)})));

    ASSERT_EQ(found.size(), 3U);
    EXPECT_FALSE(found[0]);
    EXPECT_EQ(found[1], samples::fingerprint(1));
    EXPECT_EQ(found[2], samples::fingerprint(1));
}

TYPED_TEST_P(OrderReaderContract, WhenProductsAreRead_ThenTheyComeByCategoryAndNameWithPricesAndStock) {
    this->apply(this->placing(1));

    const auto products = this->value_of(this->loop().run(this->setup.reader().products()));

    std::vector<std::string> names;
    for (const auto& item : products) names.push_back(item.product.name);
    EXPECT_THAT(names, testing::ElementsAre("gold", "lamp", "mug", "print"));
    EXPECT_EQ(products[2].product.price_in(samples::gbp()), 1100);
    EXPECT_EQ(products[2].product.category, "sample");
    EXPECT_EQ(products[2].stock.available(), 8);
}

TYPED_TEST_P(OrderReaderContract, GivenMoreThanAPage_WhenListed_ThenPagesFollowEachOtherNewestFirst) {
    for (std::uint32_t n = 1; n <= 5; ++n) this->apply(this->placing(n, {{"print", 1}}));
    OrderQuery query;
    query.limit = 2;

    std::vector<std::int64_t> seen;
    for (bool more = true; more && seen.size() < 10;) {
        const auto page = this->list(query);
        more = page.has_more;
        for (const auto& order : page.orders) seen.push_back(order.number);
        query.starting_after = page.orders.back().id;
    }

    EXPECT_THAT(seen, testing::ElementsAre(5, 4, 3, 2, 1));
}

TYPED_TEST_P(OrderReaderContract, GivenAnUnknownOrder_WhenListedAfterIt_ThenTheInputIsInvalid) {
    OrderQuery query;
    query.starting_after = this->id(9);

    const auto page = this->loop().run(this->setup.reader().list(query));

    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind(), ErrorKind::invalid_input);
}

TYPED_TEST_P(OrderReaderContract, GivenCriteria_WhenListed_ThenAllOfThemHold) {
    this->apply(this->placing(1, {{"mug", 1}}));
    this->apply(this->placing(2, {{"lamp", 1}, {"mug", 1}, {"lamp", 1}}));
    auto other = this->placing(3, {{"lamp", 1}});
    auto draft = *other.draft;
    draft.customer.email = "bob@example.org";
    other.draft = std::move(draft);
    this->apply(other);
    this->apply(this->captured(1));
    this->apply(this->captured(3));

    OrderQuery by_status;
    by_status.status = OrderStatus::confirmed;
    EXPECT_THAT(this->numbers(by_status), testing::ElementsAre(3, 1));
    by_status.status = OrderStatus::reserved;
    EXPECT_THAT(this->numbers(by_status), testing::ElementsAre(2));

    OrderQuery by_sku;
    by_sku.sku = samples::sku("lamp");
    EXPECT_THAT(this->numbers(by_sku), testing::ElementsAre(3, 2));
    by_sku.status = OrderStatus::reserved;
    EXPECT_THAT(this->numbers(by_sku), testing::ElementsAre(2));

    OrderQuery by_customer;
    by_customer.customer_email = "ADA@Example.org";
    EXPECT_THAT(this->numbers(by_customer), testing::ElementsAre(2, 1)) << "letters of either case";
    by_customer.sku = samples::sku("lamp");
    by_customer.status = OrderStatus::confirmed;
    EXPECT_THAT(this->numbers(by_customer), testing::ElementsAre());
}

TYPED_TEST_P(OrderReaderContract, GivenAnIdOrANumber_WhenListed_ThenThatOrderComesIfTheRestHoldsToo) {
    for (std::uint32_t n = 1; n <= 3; ++n) this->apply(this->placing(n, {{"print", 1}}));
    OrderQuery by_id;
    by_id.id = this->id(2);
    OrderQuery by_number;
    by_number.number = 3;

    EXPECT_THAT(this->numbers(by_id), testing::ElementsAre(2));
    EXPECT_THAT(this->numbers(by_number), testing::ElementsAre(3));
    EXPECT_FALSE(this->list(by_number).has_more);
    by_number.id = this->id(2);
    EXPECT_THAT(this->numbers(by_number), testing::ElementsAre()) << "no order has both";
    by_id.sku = samples::sku("lamp");
    EXPECT_THAT(this->numbers(by_id), testing::ElementsAre());
    by_id.sku.reset();
    by_id.starting_after = this->id(2);
    EXPECT_THAT(this->numbers(by_id), testing::ElementsAre()) << "a page behind it";
    by_id.starting_after.reset();
    by_id.id = this->id(9);
    EXPECT_THAT(this->numbers(by_id), testing::ElementsAre());
    by_number.id.reset();
    by_number.number = 77;
    EXPECT_THAT(this->numbers(by_number), testing::ElementsAre());
}

TYPED_TEST_P(OrderReaderContract, GivenATime_WhenListed_ThenOnlyLaterOrdersCome) {
    for (const std::uint32_t n : {1U, 2U, 3U, 4U}) {
        auto place = this->placing(n, {{"print", 1}});
        place.accepted_at = samples::at(n == 2 ? 400 : 100 * n);  // the second was accepted by a clock that is ahead
        this->apply(place);
    }
    OrderQuery query;

    query.created_after = samples::at(300);
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(4, 2));
    query.created_after = samples::at(400);
    EXPECT_THAT(this->numbers(query), testing::ElementsAre());
    query.created_after = samples::at(0);
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(4, 3, 2, 1));
}

TYPED_TEST_P(OrderReaderContract, GivenATimeThatOrdersAreBefore_WhenListed_ThenThoseComeInPagesAndLateOnesFirst) {
    // The fourth was accepted first, and came last: from the dead letters.
    for (const std::uint32_t n : {1U, 2U, 3U, 4U}) {
        auto place = this->placing(n, {{n == 2 ? "mug" : "print", 1}});
        place.accepted_at = samples::at(n == 4 ? 50 : 100 * n);
        this->apply(place);
    }
    OrderQuery query;

    query.created_before = samples::at(300);
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(4, 2, 1));
    query.limit = 2;
    const auto first = this->list(query);
    EXPECT_TRUE(first.has_more);
    ASSERT_EQ(first.orders.size(), 2U);
    query.starting_after = first.orders.back().id;
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(1));
    query.starting_after.reset();
    query.created_after = samples::at(50);
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(2, 1)) << "neither bound is in the range";
    query.created_before = samples::at(50);
    query.created_after.reset();
    EXPECT_THAT(this->numbers(query), testing::ElementsAre());
    query.created_before = samples::at(1000);
    query.sku = samples::sku("print");
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(4, 3));
    query.status = OrderStatus::rejected;
    EXPECT_THAT(this->numbers(query), testing::ElementsAre());
    query.status.reset();
    query.customer_email = "ADA@example.org";
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(4, 3));
    query.number = 3;
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(3));
    query.created_before = samples::at(300);
    EXPECT_THAT(this->numbers(query), testing::ElementsAre());
}

TYPED_TEST_P(OrderReaderContract, GivenABuriedOrder_ThenItIsNotListedAndItsPostingsStay) {
    this->confirm(1);
    this->apply(this->cancelling(1));
    this->apply(this->refunded(1));
    this->apply(this->placing(2));
    EXPECT_TRUE(this->setup.bury(this->id(1)).value());
    EXPECT_FALSE(this->setup.bury(this->id(1)).value()) << "a second time changes nothing";

    EXPECT_THAT(this->numbers({}), testing::ElementsAre(2));
    OrderQuery by_customer;
    by_customer.customer_email = "ada@example.org";
    EXPECT_THAT(this->numbers(by_customer), testing::ElementsAre(2));
    EXPECT_TRUE(this->events(1).empty());
    EXPECT_EQ(this->ledger(1).size(), 2U);
    this->apply(this->placing(3, {{"print", 1}}));
    EXPECT_EQ(this->order(3).number, 3) << "numbers are not used again";
}

TYPED_TEST_P(OrderReaderContract, GivenMoreThanAPage_WhenTheOldestAreRead_ThenPagesFollowEachOtherWithoutTombstones) {
    for (std::uint32_t number = 1; number <= 6; ++number) {
        this->apply(this->placing(number, {{number % 2 == 0 ? "unicorn" : "print", 1}}));  // rejected, confirmed
    }
    ASSERT_TRUE(this->setup.bury(this->id(2)));
    const auto read = [this](OldestQuery query) {
        std::vector<OrderId> ids;
        for (bool more = true; more;) {
            const auto page = this->value_of(this->loop().run(this->setup.oldest().oldest(query)));
            more = page.has_more;
            EXPECT_LE(page.orders.size(), query.limit);
            for (const auto& order : page.orders) ids.push_back(order.id);
            if (!page.orders.empty()) query.after = page.orders.back().number;
        }
        return ids;
    };

    EXPECT_EQ(read({.limit = 2}), (std::vector{this->id(1), this->id(3), this->id(4), this->id(5), this->id(6)}));
    EXPECT_EQ(read({.status = OrderStatus::rejected, .limit = 1}), (std::vector{this->id(4), this->id(6)}));
    EXPECT_EQ(read({.after = this->order(5).number}), std::vector{this->id(6)});
    EXPECT_TRUE(read({.status = OrderStatus::completed}).empty());
}

TYPED_TEST_P(OrderReaderContract, GivenOrdersAndTombstones_ThenTheHighestNumberIsKnown) {
    const auto highest = [this] { return this->value_of(this->loop().run(this->setup.oldest().complete_through())); };
    EXPECT_EQ(highest(), 0);
    for (const std::uint32_t number : {1U, 2U}) this->apply(this->placing(number, {{"unicorn", 1}}));
    EXPECT_EQ(highest(), this->order(2).number);

    ASSERT_TRUE(this->setup.bury(this->id(2)));

    EXPECT_EQ(highest(), this->order(1).number + 1) << "a tombstone keeps its number";
}

TYPED_TEST_P(OrderReaderContract, GivenDeadLetters_WhenRead_ThenPagesFollowTheirNumbers) {
    this->loop().advance(7s);
    for (int n = 1; n <= 5; ++n) {
        auto letter = samples::letter("m" + std::to_string(n));
        letter.receive_count = 20;
        this->apply(ParkMessage(letter));
    }

    const auto first = this->letters(0, 2);
    const auto second = this->letters(first.back().number, 100);

    ASSERT_EQ(first.size(), 2U);
    ASSERT_EQ(second.size(), 3U);
    EXPECT_EQ(first[0].letter.message_id, "m1");
    EXPECT_EQ(first[0].letter.queue, "orders");
    EXPECT_EQ(first[0].letter.code, "payment.unavailable");
    EXPECT_EQ(first[0].letter.receive_count, 20U);
    EXPECT_EQ(first[0].letter.sent_at, samples::at(0));
    EXPECT_EQ(first[0].at, samples::at(7));
    EXPECT_EQ(second[0].letter.message_id, "m3");
}

// A feed may also call without a change (version 0: not known), and it may be a moment late.
TYPED_TEST_P(OrderReaderContract, GivenASubscription_WhenItsOrderChanges_ThenItIsToldAfterReadersCanSeeIt) {
    std::vector<std::int32_t> heard;
    const auto hear = [&](std::int32_t version) {
        if (version != 0) heard.push_back(version);
    };
    auto subscription = this->setup.feed().subscribe(this->id(1), hear);
    this->loop().advance(1s);

    for (auto& group : {group_of(this->placing(1), this->placing(2)), group_of(this->placing(1)) /* no change */,
                        group_of(this->captured(1))}) {
        this->apply_group(group);
        this->loop().advance(1s);
    }
    subscription.reset();
    this->apply(this->cancelling(1));
    this->loop().advance(1s);

    EXPECT_THAT(heard, testing::ElementsAre(3, 5));
}

TYPED_TEST_P(OrderReaderContract, GivenTwoSubscriptionsOfOneOrder_WhenOneEnds_ThenTheOtherStays) {
    int first = 0;
    int second = 0;
    auto a = this->setup.feed().subscribe(this->id(1), [&](std::int32_t version) { first += version != 0; });
    auto b = this->setup.feed().subscribe(this->id(1), [&](std::int32_t version) { second += version != 0; });
    this->loop().advance(1s);

    this->apply(this->placing(1));
    this->loop().advance(1s);
    a.reset();
    this->apply(this->captured(1));
    this->loop().advance(1s);

    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, 2);
}

REGISTER_TYPED_TEST_SUITE_P(OrderReaderContract, GivenNothingStored_ThenEveryAnswerIsEmpty,
                            GivenManyTransitions_WhenEventsAreRead_ThenVersionsHaveNoGapAndAfterIsExclusive,
                            GivenStoredBuriedAndUnknownOrders_ThenFingerprintsComeInTheOrderOfTheRequest,
                            WhenProductsAreRead_ThenTheyComeByCategoryAndNameWithPricesAndStock,
                            GivenMoreThanAPage_WhenListed_ThenPagesFollowEachOtherNewestFirst,
                            GivenAnUnknownOrder_WhenListedAfterIt_ThenTheInputIsInvalid,
                            GivenCriteria_WhenListed_ThenAllOfThemHold,
                            GivenAnIdOrANumber_WhenListed_ThenThatOrderComesIfTheRestHoldsToo,
                            GivenATime_WhenListed_ThenOnlyLaterOrdersCome,
                            GivenATimeThatOrdersAreBefore_WhenListed_ThenThoseComeInPagesAndLateOnesFirst,
                            GivenABuriedOrder_ThenItIsNotListedAndItsPostingsStay,
                            GivenMoreThanAPage_WhenTheOldestAreRead_ThenPagesFollowEachOtherWithoutTombstones,
                            GivenOrdersAndTombstones_ThenTheHighestNumberIsKnown,
                            GivenDeadLetters_WhenRead_ThenPagesFollowTheirNumbers,
                            GivenASubscription_WhenItsOrderChanges_ThenItIsToldAfterReadersCanSeeIt,
                            GivenTwoSubscriptionsOfOneOrder_WhenOneEnds_ThenTheOtherStays);

}  // namespace orderflow::orders
