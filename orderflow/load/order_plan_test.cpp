#include "orderflow/load/order_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace orderflow::load {
namespace {

const std::vector<std::string> skus{"A", "B", "C", "D", "E", "F"};

std::string key_of(const OrderPlanner& planner, std::uint64_t number) {
    std::string key;
    planner.append_key(number, key);
    return key;
}

std::vector<std::pair<std::string, std::int64_t>> lines_of(const OrderPlan& plan) {
    std::vector<std::pair<std::string, std::int64_t>> lines;
    for (const auto& line : plan.lines()) lines.emplace_back(line.sku, line.quantity);
    return lines;
}

template <class Is>
int count(const OrderPlanner& planner, Is is) {
    int sum = 0;
    for (std::uint64_t number = 1; number <= 10'000; ++number) sum += is(planner.plan(number)) ? 1 : 0;
    return sum;
}

TEST(OrderPlanner, GivenTheSameSeed_ThenTheOrdersAreTheSameAgain) {
    const OrderPlanner one(7, parse_mix("all").value(), skus, std::nullopt);
    const OrderPlanner again(7, parse_mix("all").value(), skus, std::nullopt);

    for (std::uint64_t number : {1U, 2U, 1000U}) {
        const auto a = one.plan(number);
        const auto b = again.plan(number);
        EXPECT_EQ(lines_of(a), lines_of(b));
        EXPECT_EQ(a.payment, b.payment);
        EXPECT_EQ(a.currency, b.currency);
        EXPECT_EQ(key_of(one, number), key_of(again, number));
    }
}

TEST(OrderPlanner, GivenTwoSeeds_ThenNoKeyIsTheSame) {
    const OrderPlanner one(7, {}, skus, std::nullopt);
    const OrderPlanner other(8, {}, skus, std::nullopt);
    std::set<std::string> keys;

    for (std::uint64_t number = 1; number <= 1000; ++number) {
        keys.insert(key_of(one, number));
        keys.insert(key_of(other, number));
    }

    EXPECT_EQ(keys.size(), 2000U);
    for (const auto& key : keys) EXPECT_GE(key.size(), 16U) << "the API wants keys of 16 characters or more";
}

TEST(OrderPlanner, ThenAnOrderHasUpToFourLinesOfDifferentProducts) {
    const OrderPlanner planner(1, {}, skus, std::nullopt);
    std::set<std::size_t> sizes;

    for (std::uint64_t number = 1; number <= 1000; ++number) {
        const auto lines = lines_of(planner.plan(number));
        std::set<std::string> distinct;
        for (const auto& [sku, quantity] : lines) {
            distinct.insert(sku);
            EXPECT_THAT(skus, ::testing::Contains(sku));
            EXPECT_GE(quantity, 1);
        }
        EXPECT_EQ(distinct.size(), lines.size());
        sizes.insert(lines.size());
    }

    EXPECT_EQ(sizes, (std::set<std::size_t>{1, 2, 3, 4}));
}

TEST(OrderPlanner, GivenOneProduct_ThenEveryOrderHasOneLine) {
    const OrderPlanner planner(1, {}, {"A"}, std::nullopt);

    for (std::uint64_t number = 1; number <= 100; ++number) EXPECT_EQ(planner.plan(number).lines().size(), 1U);
}

TEST(OrderPlanner, GivenOtherContentForAKey_ThenItsLinesDiffer) {
    const OrderPlanner planner(1, {}, skus, std::nullopt);

    for (std::uint64_t number = 1; number <= 100; ++number) {
        EXPECT_NE(lines_of(planner.plan(number)), lines_of(planner.plan(number, true)));
    }
}

TEST(OrderPlanner, GivenAFlashSale_ThenEveryOrderIsOnePieceOfIt) {
    const OrderPlanner planner(1, {}, skus, "HOT");

    EXPECT_EQ(count(planner,
                    [](const OrderPlan& plan) {
                        return lines_of(plan) == std::vector{std::pair{std::string("HOT"), std::int64_t{1}}};
                    }),
              10'000);
}

TEST(OrderPlanner, GivenShares_ThenTheyAreKept) {
    const OrderPlanner planner(1, parse_mix("bad=10,declined=20,invoice=30").value(), skus, std::nullopt);
    const auto share = [&](Payment payment) {
        return count(planner, [payment](const OrderPlan& plan) { return !plan.bad && plan.payment == payment; });
    };

    EXPECT_NEAR(count(planner, [](const OrderPlan& plan) { return plan.bad; }), 1000, 150);
    EXPECT_NEAR(share(Payment::declined), 2000, 200);
    EXPECT_NEAR(share(Payment::invoice), 3000, 200);
    EXPECT_NEAR(share(Payment::ok), 4000, 200);
    EXPECT_EQ(share(Payment::slow), 0);
}

}  // namespace
}  // namespace orderflow::load
