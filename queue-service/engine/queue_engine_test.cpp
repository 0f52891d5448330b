#include "queue-service/engine/queue_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue-service/engine/journal_double.hpp"

namespace orderflow::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class QueueEngineTest : public ::testing::Test {
  protected:
    QueueEngineTest() {
        dead_ = shell_.create("orders-dlq").value();
        orders_ = shell_.create("orders", {.redrive = RedrivePolicy{"orders-dlq", 2}}).value();
    }

    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "" : result.error().code();
    }
    std::vector<std::string> bodies(QueueNo queue, std::uint32_t max,
                                    std::optional<std::chrono::seconds> timeout = {}) {
        std::vector<std::string> all;
        for (const auto& message : shell_.receive(queue, max, timeout).value()) all.push_back(message.body);
        return all;
    }
    ReceivedCopy receive_one(QueueNo queue) {
        auto received = shell_.receive(queue, 1).value();
        EXPECT_EQ(received.size(), 1U);
        return received.at(0);
    }

    JournaledEngine shell_{EngineLimits{.in_flight = 5, .chore_chunk = 2, .window = {.messages = 4, .bytes = 4096}}};
    QueueNo dead_{};
    QueueNo orders_{};
};

// Queues

TEST_F(QueueEngineTest, GivenAnInvalidName_WhenAQueueIsCreated_ThenItIsRefused) {
    for (const auto* name : {"", "a b", "a.fifo", "\xc3\xa4"})
        EXPECT_EQ(code(shell_.create(name)), "queue.name_invalid");
    EXPECT_EQ(code(shell_.create(std::string(81, 'a'))), "queue.name_invalid");
    EXPECT_TRUE(shell_.create(std::string(80, 'a')));
}

TEST_F(QueueEngineTest, GivenASettingOutsideItsRange_WhenAQueueIsCreated_ThenTheAttributeIsNamed) {
    const auto refused = [&](const QueueSettings& settings) { return shell_.create("new", settings).error().detail(); };

    EXPECT_EQ(refused({.visibility_timeout = 12h + 1s}), "VisibilityTimeout");
    EXPECT_EQ(refused({.visibility_timeout = -1s}), "VisibilityTimeout");
    EXPECT_EQ(refused({.delay = 15min + 1s}), "DelaySeconds");
    EXPECT_EQ(refused({.retention = 59s}), "MessageRetentionPeriod");
    EXPECT_EQ(refused({.receive_wait = 21s}), "ReceiveMessageWaitTimeSeconds");
    EXPECT_EQ(refused({.maximum_message_size = 1023}), "MaximumMessageSize");
    EXPECT_EQ(refused({.redrive = RedrivePolicy{"orders-dlq", 0}}), "RedrivePolicy");
    EXPECT_EQ(refused({.redrive = RedrivePolicy{"orders-dlq", 1001}}), "RedrivePolicy");
}

TEST_F(QueueEngineTest, GivenADeadLetterQueueThatIsNotThere_WhenAQueueIsCreated_ThenItIsRefused) {
    EXPECT_EQ(code(shell_.create("new", {.redrive = RedrivePolicy{"nowhere", 3}})), "queue.dead_letter_queue_unknown");
    EXPECT_EQ(code(shell_.create("new", {.redrive = RedrivePolicy{"new", 3}})), "queue.dead_letter_queue_unknown");
}

TEST_F(QueueEngineTest, GivenAQueue_WhenItIsCreatedAgain_ThenTheSameSettingsGiveItAndOthersConflict) {
    EXPECT_EQ(shell_.create("orders-dlq"), dead_);
    EXPECT_EQ(code(shell_.create("orders-dlq", {.delay = 1s})), "queue.exists");
}

TEST_F(QueueEngineTest, GivenARemovedQueue_WhenItIsUsed_ThenItIsUnknownAndItsNumberIsNeverUsedAgain) {
    const auto old = shell_.create("temporary").value();
    ASSERT_TRUE(shell_.send(old, "x"));
    const auto receipt = receive_one(old).receipt;

    ASSERT_TRUE(shell_.remove_queue(old));

    EXPECT_EQ(code(shell_.send(old, "x")), "queue.unknown");
    EXPECT_EQ(code(shell_.receive(old)), "queue.unknown");
    shell_.pass(60s);
    const auto again = shell_.create("temporary").value();
    EXPECT_NE(again, old);
    EXPECT_EQ(code(shell_.remove(again, receipt)), "queue.receipt_handle_invalid");
}

// Send

TEST_F(QueueEngineTest, GivenAMessageThatIsEmptyTooLongOrTooLate_WhenSent_ThenItIsRefusedAndNothingIsKept) {
    const auto small = shell_.create("small", {.maximum_message_size = 1024}).value();

    EXPECT_EQ(code(shell_.send(small, "")), "queue.message_empty");
    EXPECT_EQ(code(shell_.send(small, std::string(1025, 'x'))), "queue.message_too_long");
    EXPECT_EQ(code(shell_.send(small, "x", 15min + 1s)), "queue.delay_invalid");
    EXPECT_EQ(code(shell_.send(small, "x", -1s)), "queue.delay_invalid");
    EXPECT_EQ(shell_.rows(), 0U);
    EXPECT_TRUE(shell_.send(small, std::string(1024, 'x')));
}

TEST_F(QueueEngineTest, GivenMessages_WhenReceived_ThenTheOldestComesFirstWithItsFacts) {
    const auto sent_at = shell_.now().wall;
    const auto id = shell_.send(orders_, "first").value();
    shell_.pass(5s);
    ASSERT_TRUE(shell_.send(orders_, "second"));

    const auto received = shell_.receive(orders_, 10).value();

    ASSERT_EQ(received.size(), 2U);
    EXPECT_EQ(received[0].id, id);
    EXPECT_EQ(received[0].body, "first");
    EXPECT_EQ(received[0].receive_count, 1U);
    EXPECT_EQ(received[0].sent_at, sent_at);
    EXPECT_EQ(received[0].first_received_at, sent_at + 5s);
    EXPECT_EQ(received[1].body, "second");
}

TEST_F(QueueEngineTest, GivenADelayedMessage_WhenItsDelayEnds_ThenItCanBeReceivedAndNotBefore) {
    ASSERT_TRUE(shell_.send(orders_, "later", 10s));
    EXPECT_EQ(shell_.counts(orders_).delayed, 1U);

    shell_.pass(9'999ms);
    EXPECT_TRUE(shell_.receive(orders_)->empty());
    EXPECT_EQ(shell_.engine().next_deadline(), shell_.now().instant + 1ms);
    shell_.pass(1ms);

    const auto received = receive_one(orders_);
    EXPECT_EQ(received.body, "later");
    EXPECT_EQ(received.receive_count, 1U);
}

TEST_F(QueueEngineTest, GivenAQueueWithADelay_WhenAMessageNamesItsOwn_ThenItsOwnHolds) {
    const auto slow = shell_.create("slow", {.delay = 20s}).value();
    ASSERT_TRUE(shell_.send(slow, "queue's delay"));
    ASSERT_TRUE(shell_.send(slow, "no delay", 0s));

    EXPECT_THAT(bodies(slow, 10), ElementsAre("no delay"));
    shell_.pass(20s);
    EXPECT_THAT(bodies(slow, 10), ElementsAre("queue's delay"));
}

// Receive and visibility

TEST_F(QueueEngineTest, GivenAWrongNumberOrTimeout_WhenReceiving_ThenItIsRefused) {
    EXPECT_EQ(code(shell_.engine().receive(orders_, {.max_messages = 0}, shell_.now(), *std::make_unique<Changes>())),
              "queue.max_messages_invalid");
    EXPECT_EQ(code(shell_.receive(orders_, limits::receive_messages_max + 1)), "queue.max_messages_invalid");
    EXPECT_EQ(code(shell_.receive(orders_, 1, 12h + 1s)), "queue.visibility_timeout_invalid");
    EXPECT_EQ(code(shell_.receive(orders_, 1, -1s)), "queue.visibility_timeout_invalid");
}

TEST_F(QueueEngineTest, GivenAMessageInFlight_WhenItsLeaseEnds_ThenItIsReceivedAgainWithACountOfTwo) {
    ASSERT_TRUE(shell_.send(orders_, "x"));
    const auto first = receive_one(orders_);
    shell_.pass(limits::visibility_timeout_default - 1ms);
    EXPECT_TRUE(shell_.receive(orders_)->empty());
    shell_.pass(1ms);

    const auto second = receive_one(orders_);

    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.receive_count, 2U);
    EXPECT_EQ(second.first_received_at, first.first_received_at);
    EXPECT_NE(second.receipt, first.receipt);
}

TEST_F(QueueEngineTest, GivenAVisibilityTimeoutOfZero_WhenReceived_ThenTheMessageComesOnceInThatCallAndAgainInTheNext) {
    ASSERT_TRUE(shell_.send(dead_, "x"));

    EXPECT_THAT(bodies(dead_, 10, 0s), ElementsAre("x"));
    shell_.pass(0s);
    EXPECT_THAT(bodies(dead_, 10, 0s), ElementsAre("x"));
}

TEST_F(QueueEngineTest, GivenReturnedAndWaitingMessages_WhenReceived_ThenTheReturnedOneComesBeforeColdOnes) {
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(shell_.send(orders_, "m" + std::to_string(i)));
    const auto first = receive_one(orders_);
    ASSERT_TRUE(shell_.change_visibility(orders_, first.receipt, 0s));

    EXPECT_THAT(bodies(orders_, 3), ElementsAre("m0", "m1", "m2"));
}

TEST_F(QueueEngineTest, GivenTheInFlightLimit_WhenReceivingMore_ThenItIsThrottledUntilOneIsDeleted) {
    for (int i = 0; i < 7; ++i) ASSERT_TRUE(shell_.send(orders_, "x"));
    const auto taken = shell_.receive(orders_, 10).value();
    ASSERT_EQ(taken.size(), 5U);

    const auto refused = shell_.receive(orders_);
    EXPECT_EQ(code(refused), "queue.over_limit");
    EXPECT_EQ(refused.error().kind(), ErrorKind::throttled);
    ASSERT_TRUE(shell_.remove(orders_, taken[0].receipt));
    EXPECT_EQ(shell_.receive(orders_, 10)->size(), 1U);
}

TEST_F(QueueEngineTest, GivenTheInFlightLimitAndAnEmptyQueue_WhenReceiving_ThenTheAnswerIsEmpty) {
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(shell_.send(orders_, "x"));
    ASSERT_EQ(shell_.receive(orders_, 10)->size(), 5U);

    EXPECT_TRUE(shell_.receive(orders_).value().empty());
}

TEST_F(QueueEngineTest, GivenADeliveredMessage_WhenItsVisibilityIsExtended_ThenItStaysInvisibleThatLong) {
    ASSERT_TRUE(shell_.send(orders_, "x"));
    const auto received = receive_one(orders_);
    shell_.pass(20s);

    ASSERT_TRUE(shell_.change_visibility(orders_, received.receipt, 60s));

    shell_.pass(59s);
    EXPECT_TRUE(shell_.receive(orders_)->empty());
    shell_.pass(1s);
    EXPECT_EQ(shell_.receive(orders_)->size(), 1U);
}

TEST_F(QueueEngineTest, GivenADelivery_WhenItsVisibilityWouldPassTwelveHoursSinceTheReceive_ThenItIsRefused) {
    ASSERT_TRUE(shell_.send(orders_, "x"));
    const auto received = receive_one(orders_);
    ASSERT_TRUE(shell_.change_visibility(orders_, received.receipt, 12h));
    shell_.pass(1h);

    EXPECT_EQ(code(shell_.change_visibility(orders_, received.receipt, 11h + 1s)), "queue.visibility_timeout_invalid");
    EXPECT_EQ(code(shell_.change_visibility(orders_, received.receipt, -1s)), "queue.visibility_timeout_invalid");
    EXPECT_TRUE(shell_.change_visibility(orders_, received.receipt, 11h));
}

// Receipts and fences

TEST_F(QueueEngineTest, GivenAStaleReceipt_WhenUsed_ThenTheNewerDeliveryIsUntouched) {
    ASSERT_TRUE(shell_.send(dead_, "x"));
    const auto old = receive_one(dead_);
    shell_.pass(30s);
    const auto newer = receive_one(dead_);

    EXPECT_TRUE(shell_.remove(dead_, old.receipt));
    EXPECT_EQ(code(shell_.change_visibility(dead_, old.receipt, 0s)), "queue.message_not_inflight");
    EXPECT_EQ(shell_.counts(dead_).in_flight, 1U);
    shell_.restart();
    EXPECT_TRUE(shell_.remove(dead_, old.receipt));
    EXPECT_EQ(shell_.counts(dead_).in_flight, 1U);
    EXPECT_TRUE(shell_.remove(dead_, newer.receipt));
    EXPECT_EQ(shell_.rows(), 0U);
}

TEST_F(QueueEngineTest, GivenALeaseThatEnded_WhenNobodyReceivedTheMessage_ThenItsReceiptStillDeletes) {
    ASSERT_TRUE(shell_.send(dead_, "x"));
    const auto received = receive_one(dead_);
    shell_.pass(1h);

    EXPECT_EQ(code(shell_.change_visibility(dead_, received.receipt, 30s)), "queue.message_not_inflight");
    EXPECT_TRUE(shell_.remove(dead_, received.receipt));
    EXPECT_EQ(shell_.rows(), 0U);
}

TEST_F(QueueEngineTest, GivenADeletedMessage_WhenItsReceiptIsUsedAgain_ThenDeleteSucceedsAndVisibilityConflicts) {
    ASSERT_TRUE(shell_.send(dead_, "x"));
    const auto received = receive_one(dead_);
    ASSERT_TRUE(shell_.remove(dead_, received.receipt));

    EXPECT_TRUE(shell_.remove(dead_, received.receipt));
    EXPECT_EQ(code(shell_.change_visibility(dead_, received.receipt, 0s)), "queue.message_not_inflight");
}

TEST_F(QueueEngineTest, GivenAForeignOrForgedReceipt_WhenUsed_ThenItIsRefused) {
    ASSERT_TRUE(shell_.send(orders_, "x"));
    const auto received = receive_one(orders_);

    for (const std::string& receipt : {received.receipt + "x", std::string("nonsense"), std::string()}) {
        EXPECT_EQ(code(shell_.remove(orders_, receipt)), "queue.receipt_handle_invalid");
        EXPECT_EQ(code(shell_.change_visibility(orders_, receipt, 0s)), "queue.receipt_handle_invalid");
    }
    EXPECT_EQ(code(shell_.remove(dead_, received.receipt)), "queue.receipt_handle_invalid");
    EXPECT_EQ(shell_.counts(orders_).in_flight, 1U);
}

// Redrive

TEST_F(QueueEngineTest, GivenAMessageWhoseReceivesAreSpent_WhenReceivedOnceMore_ThenItMovesWithIdBodyAndSentTime) {
    const auto sent_at = shell_.now().wall;
    const auto id = shell_.send(orders_, "poison").value();
    ASSERT_TRUE(shell_.send(orders_, "good", 60s));
    for (int i = 0; i < 2; ++i) {
        EXPECT_THAT(bodies(orders_, 1), ElementsAre("poison"));
        shell_.pass(30s);
    }
    EXPECT_EQ(shell_.counts(dead_).visible, 0U);  // not before a receive asks

    EXPECT_THAT(bodies(orders_, 10), ElementsAre("good"));

    EXPECT_EQ(shell_.counts(dead_).visible, 1U);
    const auto dead = receive_one(dead_);
    EXPECT_EQ(dead.id, id);
    EXPECT_EQ(dead.body, "poison");
    EXPECT_EQ(dead.sent_at, sent_at);
    EXPECT_EQ(dead.dead_letter_source, "orders");
    EXPECT_EQ(dead.receive_count, 1U);
    EXPECT_EQ(dead.prior_receives, 2U);
}

TEST_F(QueueEngineTest, GivenAReceiptOfAMovedMessage_WhenUsed_ThenTheDeadLetterIsUntouched) {
    ASSERT_TRUE(shell_.send(orders_, "poison"));
    ReceivedCopy last;
    for (int i = 0; i < 2; ++i) {
        last = receive_one(orders_);
        shell_.pass(30s);
    }
    ASSERT_TRUE(shell_.receive(orders_)->empty());

    EXPECT_TRUE(shell_.remove(orders_, last.receipt));
    EXPECT_EQ(shell_.counts(dead_).visible, 1U);
}

TEST_F(QueueEngineTest, GivenADeadLetterQueueThatWasRemoved_WhenReceivesAreSpent_ThenTheMessageStaysAndIsDelivered) {
    ASSERT_TRUE(shell_.send(orders_, "poison"));
    ASSERT_TRUE(shell_.remove_queue(dead_));

    for (std::uint32_t i = 1; i <= 4; ++i) {
        EXPECT_EQ(receive_one(orders_).receive_count, i);
        shell_.pass(30s);
    }
}

TEST_F(QueueEngineTest, GivenMoreSpentMessagesThanOneChunk_WhenReceivingRepeatedly_ThenAllMoveAndNoneIsLost) {
    const auto many = shell_.create("many", {.redrive = RedrivePolicy{"orders-dlq", 1}}).value();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(shell_.send(many, "x"));
    ASSERT_EQ(shell_.receive(many, 5)->size(), 5U);
    shell_.pass(30s);

    for (const std::uint64_t left : {3U, 1U, 0U}) {
        EXPECT_TRUE(shell_.receive(many, 10)->empty());
        EXPECT_EQ(shell_.counts(many).visible, left);
        if (left > 0) EXPECT_EQ(shell_.engine().next_deadline(), shell_.now().instant);
    }

    EXPECT_EQ(shell_.counts(dead_).visible, 5U);
}

// Retention

TEST_F(QueueEngineTest, GivenAnExpiredMessage_WhenReceiving_ThenItIsNeverHandedOut) {
    const auto brief = shell_.create("brief", {.retention = 60s}).value();
    ASSERT_TRUE(shell_.send(brief, "old"));
    shell_.pass(1s);
    ASSERT_TRUE(shell_.send(brief, "new"));
    shell_.jump_wall(59s);  // no sweep has run

    EXPECT_THAT(bodies(brief, 10), ElementsAre("new"));
    EXPECT_EQ(shell_.rows(), 1U);
}

TEST_F(QueueEngineTest, GivenAQueueThatKeepsItsMessages_WhenTheWallClockJumpsByYears_ThenAllAreStillThere) {
    const auto kept = shell_.create("kept", {.visibility_timeout = 5s, .retention = limits::retention_endless}).value();
    ASSERT_TRUE(shell_.send(kept, "in flight"));
    receive_one(kept);
    ASSERT_TRUE(shell_.send(kept, "delayed", 10s));
    ASSERT_TRUE(shell_.send(kept, "waiting"));

    shell_.jump_wall(24h * 400);
    shell_.pass(10s);

    EXPECT_THAT(bodies(kept, 10), UnorderedElementsAre("in flight", "delayed", "waiting"));
}

TEST_F(QueueEngineTest, GivenAColdBacklogThatExpired_WhenTimePasses_ThenItGoesInChunksWithoutAReceive) {
    const auto brief = shell_.create("brief", {.retention = 60s}).value();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(shell_.send(brief, "x"));
    shell_.pass(60s);
    EXPECT_EQ(shell_.rows(), 48U);  // one chunk

    int steps = 0;
    while (shell_.rows() > 0 && ++steps < 100) {
        ASSERT_TRUE(shell_.engine().next_deadline());
        EXPECT_LE(*shell_.engine().next_deadline(), shell_.now().instant);
        shell_.pass(0s);
    }

    EXPECT_EQ(shell_.rows(), 0U);
    EXPECT_FALSE(shell_.engine().next_deadline());
}

TEST_F(QueueEngineTest, GivenAMessageInFlight_WhenItsRetentionEnds_ThenTheLeaseStillHoldsAndThenItGoes) {
    const auto brief = shell_.create("brief", {.visibility_timeout = 5min, .retention = 60s}).value();
    ASSERT_TRUE(shell_.send(brief, "x"));
    const auto received = receive_one(brief);
    shell_.pass(2min);
    EXPECT_EQ(shell_.counts(brief).in_flight, 1U);
    EXPECT_TRUE(shell_.change_visibility(brief, received.receipt, 1min));

    shell_.pass(3min);

    EXPECT_TRUE(shell_.receive(brief)->empty());
    EXPECT_EQ(shell_.rows(), 0U);
}

TEST_F(QueueEngineTest, GivenAWallClockThatJumps_WhenALeaseRuns_ThenItEndsByTheSteadyClock) {
    ASSERT_TRUE(shell_.send(dead_, "x"));
    ASSERT_EQ(receive_one(dead_).body, "x");

    shell_.jump_wall(1h);
    shell_.pass(29s);
    EXPECT_TRUE(shell_.receive(dead_)->empty());
    shell_.jump_wall(-2h);
    shell_.pass(1s);
    EXPECT_EQ(shell_.receive(dead_)->size(), 1U);
}

// Purge, counts, backlog

TEST_F(QueueEngineTest, GivenMessagesInEveryState_WhenPurged_ThenAllAreGoneAndOldReceiptsDoNothing) {
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(shell_.send(orders_, "x"));
    ASSERT_TRUE(shell_.send(orders_, "delayed", 60s));
    const auto received = shell_.receive(orders_, 2).value();
    ASSERT_TRUE(shell_.change_visibility(orders_, received[0].receipt, 0s));

    ASSERT_TRUE(shell_.purge(orders_));

    const auto counts = shell_.counts(orders_);
    EXPECT_EQ(counts.visible + counts.in_flight + counts.delayed, 0U);
    EXPECT_TRUE(shell_.remove(orders_, received[1].receipt));
    ASSERT_TRUE(shell_.send(orders_, "after"));
    shell_.restart();
    EXPECT_THAT(bodies(orders_, 10), ElementsAre("after"));
}

TEST_F(QueueEngineTest, GivenMessagesInEveryState_WhenCounted_ThenEachStateAndTheOldestAgeAreRight) {
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(shell_.send(orders_, "12345"));
    ASSERT_TRUE(shell_.send(orders_, "delayed", 60s));
    ASSERT_EQ(shell_.receive(orders_, 3)->size(), 3U);
    shell_.pass(7s);

    const auto counts = shell_.counts(orders_);

    EXPECT_EQ(counts.visible, 7U);
    EXPECT_EQ(counts.in_flight, 3U);
    EXPECT_EQ(counts.delayed, 1U);
    EXPECT_EQ(counts.bytes, 57U);
    EXPECT_EQ(counts.oldest_age, 7s);
}

TEST_F(QueueEngineTest, GivenALongBacklog_WhenReceivedAndDeleted_ThenAllComeInOrderFromABoundedWindow) {
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(shell_.send(orders_, std::to_string(i)));
        ASSERT_LE(shell_.engine().window_size(), 4U);
    }

    for (int i = 0; i < 100; ++i) {
        const auto received = receive_one(orders_);
        ASSERT_EQ(received.body, std::to_string(i));
        ASSERT_TRUE(shell_.remove(orders_, received.receipt));
    }

    EXPECT_GE(shell_.pages_read(), 25U);
    EXPECT_LE(shell_.pages_read(), 60U);
}

TEST_F(QueueEngineTest, GivenLargeMessages_WhenTheyWait_ThenTheWindowIsBoundedInBytesToo) {
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(shell_.send(orders_, std::string(3000, 'x')));

    EXPECT_EQ(shell_.engine().window_size(), 2U);  // the second one passed 4,096 bytes
}

TEST_F(QueueEngineTest, GivenAJournalWithFewerRowsThanCounted_WhenAPageIsTaken_ThenDamageIsReported) {
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(shell_.send(orders_, "x"));
    Changes changes;
    SeededEntropy entropy(1);
    QueueEngine engine({}, entropy);
    ASSERT_TRUE(engine.restore({.no = QueueNo{1}, .name = {.scope = {}, .name = "q"}},
                               {.next_sequence = 3, .messages = 2}, {}, shell_.now()));

    EXPECT_EQ(code(engine.take_page(QueueNo{1}, {.rows = {}, .end = true})), "queue.journal_damaged");
}

// Restart

TEST_F(QueueEngineTest, GivenAnyState_WhenRestarted_ThenCountsPlacesAndFencesAreTheSame) {
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(shell_.send(orders_, "m" + std::to_string(i)));
    ASSERT_TRUE(shell_.send(orders_, "delayed", 60s));
    const auto received = shell_.receive(orders_, 3).value();
    ASSERT_TRUE(shell_.change_visibility(orders_, received[0].receipt, 0s));
    ASSERT_TRUE(shell_.remove(orders_, received[1].receipt));
    const auto before = shell_.counts(orders_);

    shell_.restart();

    const auto after = shell_.counts(orders_);
    EXPECT_EQ(after.visible, before.visible);
    EXPECT_EQ(after.in_flight, before.in_flight);
    EXPECT_EQ(after.delayed, before.delayed);
    EXPECT_EQ(after.bytes, before.bytes);
    EXPECT_TRUE(shell_.change_visibility(orders_, received[2].receipt, 60s));
    EXPECT_THAT(bodies(orders_, 2), ElementsAre("m0", "m3"));
}

}  // namespace
}  // namespace orderflow::queue
