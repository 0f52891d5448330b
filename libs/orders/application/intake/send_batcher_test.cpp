#include "libs/orders/application/intake/send_batcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/application/intake/intake_fixture_test.hpp"

namespace orderflow::orders {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Fault = InMemoryMessageQueue::SendFault;

class SendBatcherTest : public testing::Test {
  protected:
    void start(std::string body, BootClock::duration within = 5s) {
        loop.spawn(collect(batcher.send(std::move(body), loop.clock().now() + within), answers));
    }
    void inject(Fault::Kind kind, const char* code = "queue.timeout", ErrorKind error = ErrorKind::unavailable) {
        queue.inject({kind, Error(error, code)});
    }
    std::string code(std::size_t index) const { return answers.at(index) ? "sent" : answers.at(index).error().code(); }

    SimLoop loop;
    SeededEntropy entropy{7};
    CountingObserver observer;
    InMemoryMessageQueue queue{loop, loop.clock(), {}};
    SendBatcher batcher{queue, parts_of(loop), entropy, {.sends_in_flight = 1}, observer};
    std::vector<Result<void>> answers;
};

TEST_F(SendBatcherTest, GivenAnIdleQueue_ThenOneMessageLeavesAtOnce) {
    start("a");

    loop.run_ready();

    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(code(0), "sent");
    EXPECT_THAT(queue.bodies(), ElementsAre("a"));
    EXPECT_EQ(batcher.waiting_messages(), 0U);
    EXPECT_EQ(batcher.waiting_bytes(), 0U);
}

TEST_F(SendBatcherTest, GivenASendInFlight_ThenLaterMessagesLeaveTogetherWhenItEnds) {
    inject(Fault::Kind::hold_answer);
    start("first");
    loop.run_ready();
    for (int i = 0; i < 12; ++i) start("later");
    loop.run_ready();
    EXPECT_THAT(observer.batches, IsEmpty());
    EXPECT_EQ(batcher.waiting_messages(), 13U);
    EXPECT_EQ(batcher.waiting_bytes(), 5U + 12 * 5);

    queue.release_answers();
    loop.run_ready();

    EXPECT_EQ(answers.size(), 13U);
    EXPECT_THAT(observer.batches, ElementsAre(1, 10, 2));
}

TEST_F(SendBatcherTest, GivenLargeMessages_ThenABatchKeepsTheLimitOfBytes) {
    inject(Fault::Kind::hold_answer);
    start("first");
    loop.run_ready();
    const std::string large(400 * 1024, 'x');
    for (int i = 0; i < 5; ++i) start(large);

    loop.run_ready();
    queue.release_answers();
    loop.run_ready();

    EXPECT_THAT(queue.batch_sizes(), ElementsAre(1, 2, 2, 1));
}

TEST_F(SendBatcherTest, GivenSeveralSendsAllowed_ThenTheyRunBesideEachOther) {
    SendBatcher wide{queue, parts_of(loop), entropy, {.sends_in_flight = 2}, observer};
    for (int i = 0; i < 2; ++i) inject(Fault::Kind::hold_answer);
    for (const char* body : {"a", "b", "c"}) {
        loop.spawn(collect(wide.send(body, loop.clock().now() + 5s), answers));
        loop.run_ready();
    }

    EXPECT_THAT(queue.batch_sizes(), ElementsAre(1, 1));
    queue.release_answers();
    loop.run_ready();
    EXPECT_EQ(answers.size(), 3U);
}

TEST_F(SendBatcherTest, GivenARefusedEntry_ThenItGoesAgainWithTheSameBody_AndTheOthersAreNotSentTwice) {
    inject(Fault::Kind::hold_answer);
    start("first");
    loop.run_ready();
    queue.inject({Fault::Kind::refuse_entry, Error(ErrorKind::throttled, "queue.throttled"), 1});
    for (const char* body : {"a", "b", "c"}) start(body);
    queue.release_answers();
    loop.run_ready();
    EXPECT_EQ(answers.size(), 3U);

    loop.advance(1s);

    EXPECT_EQ(answers.size(), 4U);
    EXPECT_THAT(queue.bodies(), ElementsAre("first", "a", "c", "b"));
    EXPECT_EQ(observer.retries, 1);
}

TEST_F(SendBatcherTest, GivenAQueueThatIsDown_ThenTheAnswerComesAtOnceAndNothingWasHandedOver) {
    queue.set_down(true);
    start("a");

    loop.run_ready();

    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(code(0), "queue-unavailable");
    EXPECT_EQ(answers[0].error().kind(), ErrorKind::unavailable);
    EXPECT_THAT(queue.bodies(), IsEmpty());
}

TEST_F(SendBatcherTest, GivenALostAnswer_ThenTheSameBodyGoesAgainUntilItIsKnown) {
    inject(Fault::Kind::lose_answer);
    start("a");

    loop.run_ready();
    EXPECT_THAT(answers, IsEmpty());
    loop.advance(1s);

    EXPECT_EQ(code(0), "sent");
    EXPECT_THAT(queue.bodies(), ElementsAre("a", "a"));
}

TEST_F(SendBatcherTest, GivenAnswersThatAreLostUntilTheDeadline_ThenTheOutcomeIsUnknown) {
    for (int i = 0; i < 1000; ++i) inject(Fault::Kind::lose_answer);
    start("a", 2s);

    loop.advance(1999ms);
    EXPECT_THAT(answers, IsEmpty());
    loop.advance(1ms);

    EXPECT_EQ(code(0), "outcome-unknown");
    const auto sends = queue.batch_sizes().size();
    loop.advance(10s);
    EXPECT_EQ(queue.batch_sizes().size(), sends) << "an answered entry must not go again";
}

TEST_F(SendBatcherTest, GivenALostAnswerAndThenAQueueThatIsDown_ThenItIsNotSaidThatNothingHappened) {
    inject(Fault::Kind::lose_answer);
    start("a", 2s);
    loop.run_ready();
    queue.set_down(true);

    loop.advance(2s);

    EXPECT_EQ(code(0), "outcome-unknown");
}

TEST_F(SendBatcherTest, GivenASendThatNeverEnds_ThenTheDeadlineAnswers) {
    inject(Fault::Kind::hold_answer);
    start("in flight", 2s);
    loop.run_ready();
    start("waiting", 2s);

    loop.advance(2s);

    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(code(0), "outcome-unknown");
    EXPECT_EQ(code(1), "queue-unavailable") << "it never left this process";
    queue.release_answers();
    loop.run_ready();
    EXPECT_THAT(queue.bodies(), ElementsAre("in flight"));
}

TEST_F(SendBatcherTest, GivenAThrottledQueue_ThenItIsTriedAgainUntilTheDeadline) {
    for (int i = 0; i < 1000; ++i) inject(Fault::Kind::fail_call, "queue.throttled", ErrorKind::throttled);
    start("a", 2s);

    loop.advance(2s);

    EXPECT_EQ(code(0), "queue-unavailable");
    EXPECT_GT(observer.retries, 2);
    EXPECT_LT(observer.retries, 60) << "backoff must grow";
}

TEST_F(SendBatcherTest, GivenABodyThatTheQueueNeverTakes_ThenItIsAFaultOfOurs) {
    start("");

    loop.run_ready();

    EXPECT_EQ(code(0), "message-refused");
    EXPECT_EQ(answers[0].error().kind(), ErrorKind::internal);
}

TEST_F(SendBatcherTest, GivenADrain_ThenNewMessagesAreRefusedAndOldOnesFinish) {
    inject(Fault::Kind::hold_answer);
    start("a");
    loop.run_ready();
    std::vector<bool> drained;
    loop.spawn(collect(batcher.drain_until(loop.clock().now() + 10s), drained));
    loop.run_ready();
    EXPECT_THAT(drained, IsEmpty());

    start("late");
    loop.run_ready();
    EXPECT_EQ(code(0), "draining");
    queue.release_answers();
    loop.run_ready();

    EXPECT_EQ(code(1), "sent");
    EXPECT_THAT(drained, ElementsAre(true));
    EXPECT_THAT(queue.bodies(), ElementsAre("a"));
}

// Whatever the queue does: a 202 is only said for what it holds, and "queue-unavailable" only for what it has not.
TEST(SendBatcherProperty, GivenRandomFaults_ThenEveryAnswerIsTrue) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SimLoop loop;
        SeededEntropy entropy(seed);
        CountingObserver observer;
        InMemoryMessageQueue queue(loop, loop.clock(), {});
        SendBatcher batcher(queue, parts_of(loop), entropy, {.sends_in_flight = 1 + entropy.below(3)}, observer);
        std::vector<std::vector<Result<void>>> answers(40);
        for (std::size_t i = 0; i < answers.size(); ++i) {
            if (entropy.below(2) == 0) {
                const auto kind = static_cast<Fault::Kind>(entropy.below(4));
                const auto error = entropy.below(2) == 0 ? Error(ErrorKind::unavailable, "queue.timeout")
                                                         : Error(ErrorKind::throttled, "queue.throttled");
                queue.inject({kind, kind == Fault::Kind::lose_answer ? Error(ErrorKind::unavailable, "x") : error,
                              entropy.below(3)});
            }
            if (entropy.below(10) == 0) queue.set_down(entropy.below(2) == 0);
            const auto deadline = loop.clock().now() + std::chrono::milliseconds(1 + entropy.below(400));
            loop.spawn(collect(batcher.send("m" + std::to_string(i), deadline), answers[i]));
            loop.advance(std::chrono::milliseconds(entropy.below(30)));
            if (entropy.below(5) == 0) queue.release_answers();
        }
        queue.set_down(false);
        loop.advance(2s);

        const auto held = queue.bodies();
        for (std::size_t i = 0; i < answers.size(); ++i) {
            ASSERT_EQ(answers[i].size(), 1U) << "every request is answered once, in time";
            const auto body = "m" + std::to_string(i);
            const bool there = std::ranges::find(held, body) != held.end();
            if (answers[i][0]) EXPECT_TRUE(there) << body;
            if (!answers[i][0] && answers[i][0].error().code() == "queue-unavailable") EXPECT_FALSE(there) << body;
        }
    }
}

}  // namespace
}  // namespace orderflow::orders
