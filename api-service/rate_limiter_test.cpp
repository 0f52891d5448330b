#include "api-service/rate_limiter.hpp"

#include <gtest/gtest.h>

#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::api {
namespace {

class RateLimiterTest : public testing::Test {
  protected:
    bool ask(std::uint64_t who, std::int64_t cost = 1, std::int64_t instances = 1) {
        return limiter.ask(who, policy, cost, instances, now).allowed;
    }

    SeededEntropy entropy{7};
    RateLimiter limiter{entropy};
    RatePolicy policy = RatePolicy::per_second("orders", 10);
    Instant now{1h};
    const std::uint64_t caller = 0xFFFF'FFFF'C000'0201U;
};

TEST_F(RateLimiterTest, GivenARate_ThenTwiceAsManyMayComeAtOnce_AndThenTheRate) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(limiter.ask(caller, policy, 1, 1, now).remaining, 19 - i);

    const auto refused = limiter.ask(caller, policy, 1, 1, now);

    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.next_after, 100ms);
    now += 100ms;
    EXPECT_TRUE(ask(caller));
    EXPECT_FALSE(ask(caller));
    EXPECT_TRUE(ask(caller + 1)) << "another caller has a bucket of his own";
}

TEST_F(RateLimiterTest, GivenRefusals_ThenTheyDoNotPushTheTimeFurtherAway) {
    policy = RatePolicy::per_second("orders", 1);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(ask(caller));
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(ask(caller));

    now += 1s;

    EXPECT_TRUE(ask(caller));
}

// A table that forgets would give a spent bucket back to whoever can send from enough addresses.
TEST_F(RateLimiterTest, GivenASpentBucket_WhenACrowdOfOthersComes_ThenItStaysSpent) {
    policy = {.name = "failures", .quota = 10, .window = 3600s, .burst = 10};
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(ask(caller));

    for (std::uint64_t other = 1; other <= 200'000; ++other) (void)ask(other);

    EXPECT_FALSE(ask(caller));
}

// The other side of a fixed size: how often a crowd that spends its buckets makes an honest newcomer share one.
TEST_F(RateLimiterTest, GivenAThousandSpentBuckets_ThenOneNewcomerInAHundredAtMostIsRefused) {
    policy = RatePolicy::per_second("orders", 1);
    for (std::uint64_t other = 1; other <= 1000; ++other) {
        while (ask(other * 0x1'0000'0001U)) {
        }
    }

    int refused = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) refused += ask(0x2001'0DB8'0000'0000U + i) ? 0 : 1;

    EXPECT_LE(refused, 10);
}

TEST_F(RateLimiterTest, GivenACost_ThenItIsTakenAsAWholeOrNotAtAll) {
    EXPECT_TRUE(ask(caller, 15));
    EXPECT_FALSE(ask(caller, 6));

    EXPECT_TRUE(ask(caller, 5));
}

TEST_F(RateLimiterTest, GivenACostAboveTheBurst_ThenAFullBucketPays) {
    EXPECT_TRUE(ask(caller, 100));
    EXPECT_FALSE(ask(caller));
    now += 2s;

    EXPECT_TRUE(ask(caller, 100));
}

TEST_F(RateLimiterTest, GivenFourInstances_ThenEachGivesAQuarter) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(ask(caller, 1, 4));
    EXPECT_FALSE(ask(caller, 1, 4));
    now += 400ms;
    EXPECT_TRUE(ask(caller, 1, 4));
    EXPECT_FALSE(ask(caller, 1, 4));
}

TEST_F(RateLimiterTest, GivenMoreInstancesThanTokens_ThenEachGivesOneNowAndThen) {
    policy = RatePolicy::per_second("orders", 1);
    EXPECT_TRUE(ask(caller, 1, 8));
    EXPECT_FALSE(ask(caller, 1, 8));
    now += 8s;
    EXPECT_TRUE(ask(caller, 1, 8));
}

TEST_F(RateLimiterTest, GivenALook_ThenNothingIsTaken) {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(limiter.look(caller, policy, 1, 1, now).allowed);
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(ask(caller));

    EXPECT_FALSE(limiter.look(caller, policy, 1, 1, now).allowed);
}

TEST_F(RateLimiterTest, GivenAnswers_ThenTheFieldsAreStructuredFields) {
    EXPECT_EQ(policy_field(policy), "\"orders\";q=10;w=1");
    EXPECT_EQ(state_field(policy, limiter.ask(caller, policy, 3, 1, now)), "\"orders\";r=17");
    EXPECT_EQ(state_field(policy, {false, 0, 1001ms}), "\"orders\";r=0;t=2");
}

}  // namespace
}  // namespace orderflow::api
