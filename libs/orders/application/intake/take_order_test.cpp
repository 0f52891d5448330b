#include "libs/orders/application/intake/take_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/application/intake/intake_fixture_test.hpp"

namespace orderflow::orders {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Fault = InMemoryMessageQueue::SendFault;

class TakeOrderTest : public testing::Test {
  protected:
    Submission submission(std::optional<std::string> key, std::uint8_t content = 1) {
        Submission result("default", "draft" + std::to_string(content), samples::fingerprint(content),
                          loop.clock().now() + 5s);
        result.key = std::move(key);
        return result;
    }
    Result<TakenOrder> take(std::optional<std::string> key, std::uint8_t content = 1) {
        return loop.run(take_order(submission(std::move(key), content)));
    }
    void start(std::optional<std::string> key, std::uint8_t content = 1) {
        loop.spawn(collect(take_order(submission(std::move(key), content)), taken));
    }
    void store(const OrderId& id, std::uint8_t content) {
        reader.orders.emplace(id, Order(id, samples::draft(), samples::fingerprint(content), samples::at(0)));
    }

    SimLoop loop;
    SeededEntropy entropy{3};
    CountingObserver observer;
    LegibleIds ids;
    PlainMessages messages;
    ScriptedReader reader;
    InMemoryMessageQueue queue{loop, loop.clock(), {}};
    RecentOrders recent{100};
    FingerprintLookup lookup{reader, parts_of(loop), {}, observer};
    Backlog backlog;
    Admission admission{queue, parts_of(loop), backlog, {.waiting_messages = 5, .queue_depth = 10}};
    SendBatcher batcher{queue, parts_of(loop), entropy, {}, observer};
    TakeOrder take_order{{ids, recent, lookup, admission, batcher, messages, loop.clock(), entropy}};
    std::vector<Result<TakenOrder>> taken;
};

TEST_F(TakeOrderTest, GivenAKey_ThenTheIdFollowsFromItAndTheQueueHasTheOrder) {
    const auto order = take("key-1");

    ASSERT_TRUE(order);
    EXPECT_EQ(order->id, LegibleIds::of("key-1"));
    EXPECT_EQ(order->fingerprint, samples::fingerprint(1));
    EXPECT_FALSE(order->replayed);
    EXPECT_THAT(queue.bodies(), ElementsAre("place " + order->id.to_string() + " draft1"));
}

TEST_F(TakeOrderTest, GivenNoKey_ThenEverySubmissionIsAnOrderOfItsOwn_AndTheStoreIsNotAsked) {
    const auto first = take(std::nullopt);
    const auto second = take(std::nullopt);

    EXPECT_NE(first->id, second->id);
    EXPECT_THAT(queue.bodies(), SizeIs(2));
    EXPECT_THAT(reader.reads, IsEmpty());
}

TEST_F(TakeOrderTest, GivenTheSameKeyAndContentAgain_ThenItIsAReplayAndNothingIsSent) {
    take("key-1");

    const auto again = take("key-1");

    EXPECT_TRUE(again->replayed);
    EXPECT_THAT(queue.bodies(), SizeIs(1));
}

TEST_F(TakeOrderTest, GivenTheSameKeyWithOtherContent_ThenItIsRefused) {
    take("key-1", 1);

    const auto other = take("key-1", 2);

    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code(), "idempotency-key-reused");
    EXPECT_EQ(other.error().kind(), ErrorKind::invalid_input);
    EXPECT_THAT(queue.bodies(), SizeIs(1));
}

TEST_F(TakeOrderTest, GivenAnOrderThatOnlyTheStoreKnows_ThenReplayAndRefusalWorkToo) {
    store(LegibleIds::of("key-1"), 1);

    EXPECT_TRUE(take("key-1", 1)->replayed);
    EXPECT_EQ(take("key-1", 2).error().code(), "idempotency-key-reused");
    EXPECT_THAT(queue.bodies(), IsEmpty());
}

TEST_F(TakeOrderTest, GivenAStoreThatIsDown_ThenOrdersAreTakenAllTheSame) {
    reader.down = true;

    EXPECT_TRUE(take("key-1"));
    EXPECT_TRUE(take("key-2"));
    EXPECT_TRUE(take("key-1")->replayed) << "this process still knows";
}

TEST_F(TakeOrderTest, GivenTwoContentsAtOnceUnderOneKey_ThenOneIsRefused) {
    start("key-1", 1);
    start("key-1", 2);

    loop.run_ready();

    ASSERT_THAT(taken, SizeIs(2));
    EXPECT_NE(taken[0].has_value(), taken[1].has_value());
    EXPECT_THAT(queue.bodies(), SizeIs(1));
}

TEST_F(TakeOrderTest, GivenAHundredOfTheSameAtOnce_ThenAllHaveOneId) {
    Admission open{queue, parts_of(loop), backlog, {}};
    TakeOrder take_all{{ids, recent, lookup, open, batcher, messages, loop.clock(), entropy}};
    for (int i = 0; i < 100; ++i) loop.spawn(collect(take_all(submission("key-1")), taken));

    loop.run_ready();

    ASSERT_THAT(taken, SizeIs(100));
    for (const auto& order : taken) EXPECT_EQ(order.value().id, LegibleIds::of("key-1"));
}

TEST_F(TakeOrderTest, GivenAQueueThatIsDown_ThenNothingIsKeptUnderTheKey) {
    queue.set_down(true);
    EXPECT_EQ(take("key-1", 1).error().code(), "queue-unavailable");

    queue.set_down(false);
    const auto other = take("key-1", 2);

    ASSERT_TRUE(other) << "the first was never handed over";
    EXPECT_FALSE(other->replayed);
}

TEST_F(TakeOrderTest, GivenAnUnknownOutcome_ThenTheSameSubmissionAgainIsSafe) {
    for (int i = 0; i < 1000; ++i) queue.inject({Fault::Kind::lose_answer, Error(ErrorKind::unavailable, "timeout")});
    start("key-1");
    loop.advance(5s);
    ASSERT_THAT(taken, SizeIs(1));
    EXPECT_EQ(taken[0].error().code(), "outcome-unknown");

    EXPECT_EQ(take("key-1", 2).error().code(), "idempotency-key-reused") << "the first may be on the queue";
}

TEST_F(TakeOrderTest, GivenTooMuchWaitingInThisProcess_ThenOverloaded) {
    for (int i = 0; i < 4; ++i) queue.inject({Fault::Kind::hold_answer, Error(ErrorKind::internal, "")});
    for (int i = 0; i < 6; ++i) {
        start(std::nullopt);
        loop.run_ready();
    }

    ASSERT_THAT(taken, SizeIs(1));
    EXPECT_EQ(taken[0].error().code(), "overloaded");
    EXPECT_EQ(taken[0].error().kind(), ErrorKind::unavailable);
    queue.release_answers();
    loop.run_ready();
    EXPECT_THAT(taken, SizeIs(6));
}

TEST_F(TakeOrderTest, GivenABacklogOverItsLimit_ThenOverloadedUntilTheQueueIsShorter) {
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(take(std::nullopt));
    EXPECT_EQ(take(std::nullopt).error().code(), "overloaded");
    EXPECT_THAT(queue.bodies(), SizeIs(10));

    loop.run(queue.receive({}));
    loop.run(queue.remove({{"orders-1/1"}, {"orders-2/1"}}));
    loop.advance(100ms);
    (void)take(std::nullopt);  // the first one after the pause sets off the question
    loop.run_ready();

    EXPECT_TRUE(take(std::nullopt));
}

TEST_F(TakeOrderTest, GivenAKnownReplay_ThenItIsAnsweredEvenWhenOverloaded) {
    take("key-1");
    for (int i = 0; i < 10; ++i) (void)take(std::nullopt);

    EXPECT_TRUE(take("key-1")->replayed);
}

}  // namespace
}  // namespace orderflow::orders
