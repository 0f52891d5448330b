#include "queue-service/engine/receive_waiters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow::queue {
namespace {

constexpr QueueNo orders{1};
constexpr QueueNo commands{2};

TEST(ReceiveWaiters, GivenWaitersOfTwoQueues_WhenAsked_ThenEachQueueHasItsEarliest) {
    ReceiveWaiters waiters;
    const auto first = waiters.add(orders, {}, Instant(9s));
    const auto other = waiters.add(commands, {}, Instant(8s));
    const auto second = waiters.add(orders, {}, Instant(1s));

    EXPECT_EQ(waiters.earliest(orders)->id, first);
    EXPECT_EQ(waiters.after(first)->id, second);
    EXPECT_EQ(waiters.after(second), nullptr);
    EXPECT_EQ(waiters.earliest(commands)->id, other);
    EXPECT_THAT(waiters.queues(), ::testing::ElementsAre(orders, commands));
}

TEST(ReceiveWaiters, GivenACancelledWaiter_WhenAsked_ThenItsPlaceIsGivenUp) {
    ReceiveWaiters waiters;
    const auto first = waiters.add(orders, {}, Instant(9s));
    const auto second = waiters.add(orders, {}, Instant(9s));

    EXPECT_TRUE(waiters.remove(first));
    EXPECT_FALSE(waiters.remove(first));
    EXPECT_EQ(waiters.earliest(orders)->id, second);
}

TEST(ReceiveWaiters, GivenWaitersWithDeadlines_WhenTimePasses_ThenTheyAreFoundInOrderOfTime) {
    ReceiveWaiters waiters;
    const auto late = waiters.add(orders, {}, Instant(20s));
    const auto soon = waiters.add(orders, {}, Instant(10s));

    EXPECT_EQ(waiters.next_deadline(), Instant(10s));
    EXPECT_FALSE(waiters.timed_out(Instant(10s) - 1ns));
    EXPECT_EQ(waiters.timed_out(Instant(10s)), soon);
    waiters.remove(soon);
    EXPECT_EQ(waiters.next_deadline(), Instant(20s));
    waiters.remove(late);
    EXPECT_FALSE(waiters.next_deadline());
    EXPECT_EQ(waiters.earliest(orders), nullptr);
}

}  // namespace
}  // namespace orderflow::queue
