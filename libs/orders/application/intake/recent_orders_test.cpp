#include "libs/orders/application/intake/recent_orders.hpp"

#include <gtest/gtest.h>

#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {
namespace {

const OrderId id = samples::order_id(1);
const Fingerprint content = samples::fingerprint(1);
const Fingerprint other = samples::fingerprint(2);

TEST(RecentOrders, GivenNothing_ThenAKeyIsFresh) {
    RecentOrders recent(4);
    EXPECT_EQ(recent.check(id, content), KeyUse::fresh);
}

TEST(RecentOrders, GivenAnOrderOnItsWay_ThenTheSameGoesToo_AndAnotherIsRefused) {
    RecentOrders recent(4);
    EXPECT_EQ(recent.begin(id, content), KeyUse::fresh);

    EXPECT_EQ(recent.begin(id, content), KeyUse::fresh);
    EXPECT_EQ(recent.begin(id, other), KeyUse::reused);
}

TEST(RecentOrders, GivenAnAcceptedOrder_ThenTheSameIsAReplay_AndAnotherIsRefused) {
    RecentOrders recent(4);
    recent.begin(id, content);
    recent.end(id, content, HandOver::done);

    EXPECT_EQ(recent.check(id, content), KeyUse::replay);
    EXPECT_EQ(recent.begin(id, other), KeyUse::reused);
}

TEST(RecentOrders, GivenARefusedOrder_ThenNothingIsKeptUnderTheKey) {
    RecentOrders recent(4);
    recent.begin(id, content);
    recent.end(id, content, HandOver::refused);

    EXPECT_EQ(recent.begin(id, other), KeyUse::fresh);
    EXPECT_EQ(recent.size(), 1U);
}

TEST(RecentOrders, GivenTwoOnTheWay_WhenOneIsRefused_ThenTheOtherStillCounts) {
    RecentOrders recent(4);
    recent.begin(id, content);
    recent.begin(id, content);
    recent.end(id, content, HandOver::refused);

    EXPECT_EQ(recent.check(id, other), KeyUse::reused);
    recent.end(id, content, HandOver::done);
    EXPECT_EQ(recent.check(id, content), KeyUse::replay);
}

TEST(RecentOrders, GivenAnUnknownOutcome_ThenTheSameIsSentAgain_AndAnotherIsRefused) {
    RecentOrders recent(4);
    recent.begin(id, content);
    recent.end(id, content, HandOver::unknown);

    EXPECT_EQ(recent.begin(id, content), KeyUse::fresh);
    EXPECT_EQ(recent.check(id, other), KeyUse::reused);
    recent.end(id, content, HandOver::refused);
    EXPECT_EQ(recent.check(id, other), KeyUse::reused) << "the first may have been taken";
}

TEST(RecentOrders, GivenMoreThanItsCapacity_ThenTheLeastRecentlyUsedIsForgotten) {
    RecentOrders recent(2);
    recent.remember(samples::order_id(1), content);
    recent.remember(samples::order_id(2), content);
    EXPECT_EQ(recent.check(samples::order_id(1), content), KeyUse::replay);

    recent.remember(samples::order_id(3), content);

    EXPECT_EQ(recent.size(), 2U);
    EXPECT_EQ(recent.check(samples::order_id(1), content), KeyUse::replay);
    EXPECT_EQ(recent.check(samples::order_id(2), content), KeyUse::fresh);
}

TEST(RecentOrders, GivenAnEntryThatWasForgottenAndTakenByOtherContent_ThenALateAnswerDoesNotCountForThat) {
    RecentOrders recent(1);
    recent.begin(id, content);
    recent.remember(samples::order_id(2), content);
    recent.begin(id, other);

    recent.end(id, content, HandOver::done);

    EXPECT_EQ(recent.check(id, other), KeyUse::fresh);
}

TEST(JudgeKey, GivenWhatIsAccepted_ThenOnlyTheSameContentIsAReplay) {
    EXPECT_EQ(judge_key(std::nullopt, content), KeyUse::fresh);
    EXPECT_EQ(judge_key(content, content), KeyUse::replay);
    EXPECT_EQ(judge_key(other, content), KeyUse::reused);
}

}  // namespace
}  // namespace orderflow::orders
