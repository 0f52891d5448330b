#include "libs/orders/application/intake/wait_estimate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace orderflow::orders {
namespace {

// A queue that is looked at once a second: so many come and so many leave in each.
class WaitEstimateTest : public testing::Test {
  protected:
    void run(int seconds, std::uint64_t arrive, std::uint64_t leave) {
        for (int i = 0; i < seconds; ++i) {
            now += 1s;
            sent += arrive;
            depth += arrive;
            depth -= std::min(depth, leave);
            estimate.look(depth, sent, now);
        }
    }
    // Whole seconds; -1: not known.
    std::int64_t wait() const {
        const auto time = estimate.wait(depth);
        return time ? std::chrono::round<std::chrono::seconds>(*time).count() : -1;
    }

    WaitEstimate estimate;
    Instant now{1h};
    std::uint64_t depth = 0;
    std::uint64_t sent = 0;
};

TEST_F(WaitEstimateTest, GivenNoLookOrOne_ThenNothingIsKnown) {
    EXPECT_EQ(wait(), -1);
    depth = 1'000'000;
    run(1, 0, 0);
    EXPECT_EQ(wait(), -1);
}

// An idle shop processes one order a second because one comes: that is no measure of what it could do.
TEST_F(WaitEstimateTest, GivenAQueueThatIsNearlyEmpty_WhenAThousandComeAtOnce_ThenNoHourOfWaitingIsInvented) {
    run(100, 1, 1);
    EXPECT_EQ(wait(), -1);
    run(1, 1000, 1);
    EXPECT_EQ(wait(), -1);
    run(3, 0, 100);
    EXPECT_EQ(wait(), 7);
}

TEST_F(WaitEstimateTest, GivenABacklog_ThenTheWaitIsItsDepthOverTheRate) {
    depth = 100'000;
    run(2, 0, 1000);
    EXPECT_EQ(wait(), 98);
    run(10, 500, 1000);
    EXPECT_EQ(wait(), 93);
}

TEST_F(WaitEstimateTest, GivenWorkersThatBecomeSlower_ThenTheRateFollowsWithinAMinute) {
    depth = 1'000'000;
    run(10, 0, 1000);
    run(60, 0, 100);
    EXPECT_GT(wait(), 6300) << "984,000 orders at not quite 150 a second";
    EXPECT_LT(wait(), 7000);
}

TEST_F(WaitEstimateTest, GivenWorkersThatStandStill_ThenNothingIsKnownAfterAMinute) {
    depth = 100'000;
    run(10, 0, 1000);
    EXPECT_NE(wait(), -1);
    run(61, 100, 0);
    EXPECT_EQ(wait(), -1);
    run(2, 0, 1000);
    EXPECT_NE(wait(), -1) << "and known again when they go on";
}

// What is on its way is in one count and not yet in the other: some of it seems to have left.
TEST_F(WaitEstimateTest, GivenWorkersThatStandStillUnderAFlood_WhenCountsAreTakenAMomentApart_ThenNothingIsKnown) {
    std::uint64_t on_its_way = 0;
    for (int i = 0; i < 100; ++i) {
        now += 1s;
        sent += 40'000;
        on_its_way = (on_its_way * 7 + 311) % 640;
        estimate.look(sent - on_its_way, sent, now);
        depth = sent;
        ASSERT_EQ(wait(), -1) << "after " << i << " looks";
    }
}

TEST_F(WaitEstimateTest, GivenSendersThatAreNotCounted_ThenItWaitsLongerThanItWill_NeverLess) {
    depth = 100'000;
    estimate.look(depth, sent, now);
    for (int i = 0; i < 10; ++i) {
        now += 1s;
        depth += 400;  // of another program
        depth -= 1000;
        estimate.look(depth, sent, now);
    }
    EXPECT_EQ(wait(), 157) << "at 600 a second";
}

TEST_F(WaitEstimateTest, GivenLooksThatComeTooSoon_ThenTheyArePassedOver) {
    depth = 100'000;
    run(2, 0, 1000);
    const auto before = wait();
    for (int i = 0; i < 9; ++i) estimate.look(1, sent, now += 100ms);
    EXPECT_EQ(wait(), before);
}

TEST_F(WaitEstimateTest, GivenALongSilence_ThenAnOldRateIsForgotten) {
    depth = 100'000;
    run(2, 0, 1000);
    now += 2min;
    run(1, 0, 1000);
    EXPECT_EQ(wait(), -1);
}

}  // namespace
}  // namespace orderflow::orders
