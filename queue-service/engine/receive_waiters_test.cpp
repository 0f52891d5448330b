#include "queue-service/engine/receive_waiters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow::queue {
namespace {

constexpr QueueNo orders{1};
constexpr QueueNo commands{2};

Waiter waiter(std::uint64_t id, QueueNo queue, Instant until = Instant(9s)) {
    return {.id = WaiterId{id}, .queue = queue, .options = {}, .until = until};
}

TEST(ReceiveWaiters, GivenWaitersOfTwoQueues_WhenAsked_ThenEachQueueHasItsEarliest) {
    ReceiveWaiters waiters;
    waiters.add(waiter(1, orders));
    waiters.add(waiter(2, commands));
    waiters.add(waiter(3, orders, Instant(1s)));

    EXPECT_EQ(waiters.earliest(orders)->id, WaiterId{1});
    EXPECT_EQ(waiters.earliest(commands)->id, WaiterId{2});
    EXPECT_THAT(waiters.queues(), ::testing::ElementsAre(orders, commands));
}

TEST(ReceiveWaiters, GivenATakenWaiter_WhenAsked_ThenItsPlaceIsGivenUpUntilItIsPutBack) {
    ReceiveWaiters waiters;
    waiters.add(waiter(1, orders));
    waiters.add(waiter(2, orders));

    const auto taken = waiters.take(WaiterId{1});
    ASSERT_TRUE(taken);
    EXPECT_FALSE(waiters.take(WaiterId{1}));
    EXPECT_EQ(waiters.earliest(orders)->id, WaiterId{2});
    waiters.add(*taken);
    EXPECT_EQ(waiters.earliest(orders)->id, WaiterId{1});
}

TEST(ReceiveWaiters, GivenWaitersWithDeadlines_WhenTimePasses_ThenTheyAreFoundInOrderOfTime) {
    ReceiveWaiters waiters;
    waiters.add(waiter(1, orders, Instant(20s)));
    waiters.add(waiter(2, orders, Instant(10s)));

    EXPECT_EQ(waiters.next_deadline(), Instant(10s));
    EXPECT_FALSE(waiters.timed_out(Instant(10s) - 1ns));
    EXPECT_EQ(waiters.timed_out(Instant(10s)), WaiterId{2});
    waiters.take(WaiterId{2});
    EXPECT_EQ(waiters.next_deadline(), Instant(20s));
    waiters.take(WaiterId{1});
    EXPECT_FALSE(waiters.next_deadline());
    EXPECT_EQ(waiters.earliest(orders), nullptr);
}

}  // namespace
}  // namespace orderflow::queue
