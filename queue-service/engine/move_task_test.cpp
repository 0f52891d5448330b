// Message move tasks, each test named after what the API reference of StartMessageMoveTask, ListMessageMoveTasks and
// CancelMessageMoveTask or the guide "Learn how to configure a dead-letter queue redrive" says.
#include "queue-service/engine/move_task.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue-service/engine/journal_double.hpp"

namespace orderflow::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MoveTaskTest : public ::testing::Test {
  protected:
    MoveTaskTest() {
        dead_ = shell_.create("dlq").value();
        orders_ = shell_.create("orders", {.redrive = RedrivePolicy{"dlq", 1}}).value();
        other_ = shell_.create("other", {.redrive = RedrivePolicy{"dlq", 1}}).value();
    }

    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "" : result.error().code();
    }
    // Into the dead-letter queue, by one failed receive.
    void die(QueueNo source, const std::vector<std::string>& bodies) {
        for (const auto& body : bodies) {
            ASSERT_TRUE(shell_.send(source, body));
            ASSERT_THAT(shell_.receive(source, 1, 0s).value(), SizeIs(1));
            shell_.pass(0ms);
            ASSERT_THAT(shell_.receive(source, 1, 0s).value(), IsEmpty());
        }
    }
    std::vector<std::string> bodies(QueueNo queue) {
        std::vector<std::string> all;
        for (const auto& message : shell_.receive(queue, 100, 60s).value()) all.push_back(message.body);
        return all;
    }
    void finish(QueueNo source) {
        for (int i = 0; i < 100 && shell_.latest_move(source).is_active(); ++i) shell_.pass(0ms);
        EXPECT_EQ(shell_.latest_move(source).status, MoveStatus::completed);
    }

    JournaledEngine shell_{EngineLimits{.in_flight = 1000, .chore_chunk = 3, .window = {.messages = 4, .bytes = 4096}}};
    QueueNo dead_{};
    QueueNo orders_{};
    QueueNo other_{};
};

// What is refused

TEST_F(MoveTaskTest, GivenAQueueThatIsNoDeadLetterQueue_WhenStarted_ThenItIsRefused) {
    EXPECT_EQ(code(shell_.start_move(orders_)), "queue.not_dead_letter_queue");
    ASSERT_TRUE(shell_.remove_queue(orders_));
    EXPECT_TRUE(shell_.start_move(dead_));
    ASSERT_TRUE(shell_.change_settings(other_, {}));
    shell_.pass(1s);
    EXPECT_EQ(code(shell_.start_move(dead_)), "queue.not_dead_letter_queue");
}

TEST_F(MoveTaskTest, GivenARateOutside1To500_WhenStarted_ThenItIsRefused) {
    EXPECT_EQ(code(shell_.start_move(dead_, {.rate = 0})), "queue.move_rate_invalid");
    EXPECT_EQ(code(shell_.start_move(dead_, {.rate = 501})), "queue.move_rate_invalid");
    EXPECT_TRUE(shell_.start_move(dead_, {.rate = 500}));
}

TEST_F(MoveTaskTest, GivenADestinationThatIsNotThereOrTheSourceOrInAnotherScope_WhenStarted_ThenItIsRefused) {
    const auto abroad = shell_.create({{.region = "eu-west-1", .account = "1"}, "abroad"}).value();
    for (const auto destination : {QueueNo{99}, dead_, abroad}) {
        EXPECT_EQ(code(shell_.start_move(dead_, {.destination = destination})), "queue.move_destination_invalid");
    }
}

// "Only one active message movement task is supported per queue at any given time."
TEST_F(MoveTaskTest, GivenAnActiveTask_WhenAnotherIsStarted_ThenItIsRefusedUntilTheFirstHasEnded) {
    die(orders_, {"a"});
    const auto handle = shell_.start_move(dead_).value();
    EXPECT_EQ(code(shell_.start_move(dead_)), "queue.move_task_active");
    finish(dead_);
    EXPECT_TRUE(shell_.start_move(dead_));
}

TEST_F(MoveTaskTest, GivenAHandleThatIsNoneOrOfAnotherScope_WhenCancelled_ThenItIsRefused) {
    const auto handle = shell_.start_move(dead_).value();

    EXPECT_EQ(code(shell_.cancel_move("")), "queue.task_handle_invalid");
    EXPECT_EQ(code(shell_.cancel_move(handle + "x y")), "queue.task_handle_invalid");
    EXPECT_EQ(code(shell_.cancel_move(handle + "x")), "queue.move_task_unknown");
    EXPECT_EQ(code(shell_.cancel_move(handle, {.region = "eu-west-1", .account = "1"})), "queue.move_task_unknown");
    auto stranger = handle;
    stranger[0] = stranger[0] == '0' ? '1' : '0';
    EXPECT_EQ(code(shell_.cancel_move(stranger)), "queue.move_task_unknown");
}

// What is moved

// "If this field is left blank, the messages will be redriven back to their respective original source queues."
TEST_F(MoveTaskTest, GivenNoDestination_WhenMoved_ThenEachMessageIsInTheQueueWhereItFailed) {
    die(orders_, {"a"});
    die(other_, {"b"});
    die(orders_, {"c"});

    ASSERT_TRUE(shell_.start_move(dead_));
    finish(dead_);

    EXPECT_EQ(shell_.latest_move(dead_).moved, 3U);
    EXPECT_EQ(shell_.latest_move(dead_).to_move, 3U);
    EXPECT_THAT(bodies(orders_), ElementsAre("a", "c"));
    EXPECT_THAT(bodies(other_), ElementsAre("b"));
    EXPECT_THAT(bodies(dead_), IsEmpty());
}

// "You can use this field to specify the destination queue where you would like to redrive messages."
TEST_F(MoveTaskTest, GivenADestination_WhenMoved_ThenAllAreThereOldestFirst) {
    const auto target = shell_.create("target").value();
    die(orders_, {"a"});
    die(other_, {"b"});
    ASSERT_TRUE(shell_.send(dead_, "sent to the dead-letter queue itself"));

    ASSERT_TRUE(shell_.start_move(dead_, {.destination = target}));
    finish(dead_);

    EXPECT_THAT(bodies(target), ElementsAre("a", "b", "sent to the dead-letter queue itself"));
    EXPECT_EQ(shell_.engine().move_tasks(dead_, 1)->at(0).destination, (QueueName{default_scope(), "target"}));
}

TEST_F(MoveTaskTest, GivenAMovedMessage_WhenReceived_ThenItsCountStartsAgainAndItHasNoSource) {
    const auto sent_at = shell_.now().wall;
    die(orders_, {"a"});
    shell_.pass(1min);

    ASSERT_TRUE(shell_.start_move(dead_));
    finish(dead_);

    const auto received = shell_.receive(orders_, 1, 0s).value().at(0);
    EXPECT_EQ(received.receive_count, 1U);
    EXPECT_EQ(received.prior_receives, 0U);
    EXPECT_EQ(received.dead_letter_source, "");
    EXPECT_EQ(received.sent_at, sent_at);
    shell_.pass(0ms);
    EXPECT_THAT(shell_.receive(orders_, 1).value(), IsEmpty());  // and it can die again
    EXPECT_EQ(shell_.counts(dead_).visible, 1U);
}

TEST_F(MoveTaskTest, GivenMessagesInFlightReturnedAndWaiting_WhenMoved_ThenWhatIsVisibleGoes) {
    die(orders_, {"in flight", "returned"});
    die(other_, {"returned too", "waiting"});
    const auto received = shell_.receive(dead_, 3, 60s).value();
    ASSERT_TRUE(shell_.change_visibility(dead_, received[1].receipt, 0s));
    ASSERT_TRUE(shell_.change_visibility(dead_, received[2].receipt, 0s));

    ASSERT_TRUE(shell_.start_move(dead_));
    finish(dead_);

    EXPECT_THAT(bodies(orders_), ElementsAre("returned"));
    EXPECT_THAT(bodies(other_), ElementsAre("returned too", "waiting"));
    EXPECT_EQ(shell_.counts(dead_).in_flight, 1U);
    EXPECT_TRUE(shell_.remove(dead_, received[0].receipt));
}

TEST_F(MoveTaskTest, GivenMessagesThatComeAfterTheStart_WhenMoved_ThenTheyStayAndNoMessageGoesInCircles) {
    die(orders_, {"a", "b"});
    ASSERT_TRUE(shell_.start_move(dead_, {.rate = 1}));
    shell_.pass(0ms);
    ASSERT_THAT(shell_.receive(orders_, 1, 0s).value(), SizeIs(1));
    shell_.pass(0ms);
    ASSERT_THAT(shell_.receive(orders_, 1, 0s).value(), IsEmpty());  // "a" is dead once more

    shell_.pass(1s);
    shell_.pass(1s);

    EXPECT_EQ(shell_.latest_move(dead_).status, MoveStatus::completed);
    EXPECT_EQ(shell_.latest_move(dead_).moved, 2U);
    EXPECT_THAT(bodies(orders_), ElementsAre("b"));
    EXPECT_THAT(bodies(dead_), ElementsAre("a"));
}

TEST_F(MoveTaskTest, GivenAColdBacklog_WhenMoved_ThenAllGoInBoundedSteps) {
    const auto target = shell_.create("target").value();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(shell_.send(dead_, std::to_string(i)));
    ASSERT_TRUE(shell_.start_move(dead_, {.destination = target}));

    shell_.pass(0ms);
    EXPECT_EQ(shell_.latest_move(dead_).moved, 3U);
    EXPECT_EQ(shell_.engine().next_deadline(), shell_.now().instant);
    finish(dead_);

    EXPECT_EQ(shell_.counts(target).visible, 50U);
    EXPECT_EQ(shell_.latest_move(dead_).moved, 50U);
}

TEST_F(MoveTaskTest, GivenExpiredMessages_WhenMoved_ThenTheyAreGoneInstead) {
    const auto short_lived = shell_.create("short", {.retention = 60s}).value();
    ASSERT_TRUE(shell_.create("source", {.redrive = RedrivePolicy{"short", 1}}));
    ASSERT_TRUE(shell_.send(short_lived, "old"));
    shell_.jump_wall(60s);
    ASSERT_TRUE(shell_.send(short_lived, "new"));

    ASSERT_TRUE(shell_.start_move(short_lived, {.destination = orders_}));
    finish(short_lived);

    EXPECT_THAT(bodies(orders_), ElementsAre("new"));
}

// How fast

// "The number of messages to be moved per second (the message movement rate)."
TEST_F(MoveTaskTest, GivenARate_WhenTimePasses_ThenSoManyMoveInASecond) {
    for (const auto rate : {1U, 7U, 25U}) {
        const auto target = shell_.create("target" + std::to_string(rate)).value();
        for (auto i = 0U; i < 3 * rate; ++i) ASSERT_TRUE(shell_.send(dead_, "x"));
        ASSERT_TRUE(shell_.start_move(dead_, {.destination = target, .rate = rate}));
        shell_.pass(0ms);

        for (int i = 0; i < 200; ++i) shell_.pass(10ms);

        EXPECT_GE(shell_.counts(target).visible, 2 * rate * 9 / 10);
        EXPECT_LE(shell_.counts(target).visible, 2 * rate + 3);
        for (int i = 0; i < 200; ++i) shell_.pass(10ms);
        EXPECT_EQ(shell_.latest_move(dead_).status, MoveStatus::completed);
    }
}

// The end, and the restart

// "Cancelling a message movement task does not revert the messages that have already been moved."
TEST_F(MoveTaskTest, GivenARunningTask_WhenCancelled_ThenTheRestStaysAndItCannotBeCancelledTwice) {
    die(orders_, {"a", "b", "c"});
    const auto handle = shell_.start_move(dead_, {.rate = 1}).value();
    shell_.pass(0ms);

    EXPECT_EQ(shell_.cancel_move(handle), 1U);
    EXPECT_EQ(shell_.latest_move(dead_).status, MoveStatus::cancelling);
    EXPECT_EQ(code(shell_.cancel_move(handle)), "queue.move_task_not_running");
    shell_.restart();
    shell_.pass(0ms);

    EXPECT_EQ(shell_.latest_move(dead_).status, MoveStatus::cancelled);
    EXPECT_EQ(code(shell_.cancel_move(handle)), "queue.move_task_not_running");
    shell_.pass(10s);
    EXPECT_EQ(shell_.counts(dead_).visible, 2U);
    EXPECT_THAT(bodies(orders_), ElementsAre("a"));
}

TEST_F(MoveTaskTest, GivenAMessageWithoutASource_WhenItsTurnComes_ThenTheTaskFailsWithTheReasonAndItStays) {
    die(orders_, {"a"});
    ASSERT_TRUE(shell_.send(dead_, "from nowhere"));

    ASSERT_TRUE(shell_.start_move(dead_));
    shell_.pass(0ms);

    EXPECT_EQ(shell_.latest_move(dead_).status, MoveStatus::failed);
    EXPECT_EQ(shell_.latest_move(dead_).failure_reason, move_failed_no_source);
    EXPECT_EQ(shell_.latest_move(dead_).moved, 1U);
    EXPECT_EQ(shell_.counts(dead_).visible, 1U);
}

TEST_F(MoveTaskTest, GivenADestinationThatIsRemoved_WhenTheTaskGoesOn_ThenItFails) {
    const auto target = shell_.create("target").value();
    die(orders_, {"a", "b"});
    die(other_, {"c"});
    ASSERT_TRUE(shell_.start_move(dead_, {.destination = target, .rate = 1}));
    ASSERT_TRUE(shell_.remove_queue(target));
    shell_.pass(0ms);
    EXPECT_EQ(shell_.latest_move(dead_).failure_reason, move_failed_no_queue);

    ASSERT_TRUE(shell_.remove_queue(orders_));
    ASSERT_TRUE(shell_.start_move(dead_));
    shell_.pass(0ms);
    EXPECT_EQ(shell_.latest_move(dead_).status, MoveStatus::failed);
    EXPECT_EQ(shell_.counts(dead_).visible, 3U);
}

TEST_F(MoveTaskTest, GivenATask_WhenItsSourceIsPurged_ThenItIsCompletedAndWhenItIsRemovedItIsForgotten) {
    die(orders_, {"a", "b"});
    const auto handle = shell_.start_move(dead_, {.rate = 1}).value();
    shell_.pass(0ms);
    ASSERT_TRUE(shell_.purge(dead_));
    shell_.pass(1s);
    EXPECT_EQ(shell_.latest_move(dead_).status, MoveStatus::completed);

    ASSERT_TRUE(shell_.start_move(dead_, {.rate = 1}));
    ASSERT_TRUE(shell_.remove_queue(dead_));
    shell_.pass(1s);
    EXPECT_EQ(code(shell_.cancel_move(handle)), "queue.move_task_unknown");
    EXPECT_EQ(code(shell_.engine().move_tasks(dead_, 10)), "queue.unknown");
    shell_.restart();
}

TEST_F(MoveTaskTest, GivenARunningTask_WhenRestartedAgainAndAgain_ThenEachMessageMovesOnce) {
    std::vector<std::string> sent;
    for (int i = 0; i < 20; ++i) sent.push_back(std::to_string(i));
    die(orders_, sent);
    ASSERT_THAT(shell_.receive(dead_, 5, 0s).value(), SizeIs(5));  // some returned, some cold
    ASSERT_TRUE(shell_.start_move(dead_, {.rate = 20}));

    for (int i = 0; i < 30; ++i) {
        shell_.restart();
        shell_.pass(100ms);
    }

    EXPECT_EQ(shell_.latest_move(dead_).status, MoveStatus::completed);
    EXPECT_EQ(shell_.latest_move(dead_).moved, 20U);
    EXPECT_EQ(shell_.counts(dead_).visible, 0U);
    EXPECT_THAT(bodies(orders_), ::testing::UnorderedElementsAreArray(sent));
}

// "Gets the most recent message movement tasks (up to 10) under a specific source queue."
TEST_F(MoveTaskTest, GivenMoreThanTenTasks_WhenListed_ThenTheLatestTenAreKeptOverARestart) {
    std::vector<std::string> handles;
    for (int i = 0; i < 12; ++i) {
        handles.push_back(shell_.start_move(dead_).value());
        finish(dead_);
    }
    shell_.restart();

    const auto reports = shell_.engine().move_tasks(dead_, 10).value();

    ASSERT_THAT(reports, SizeIs(10));
    for (std::size_t i = 0; i < reports.size(); ++i) EXPECT_EQ(reports[i].handle, handles[11 - i]);
    EXPECT_THAT(shell_.engine().move_tasks(dead_, 2).value(), SizeIs(2));
    EXPECT_EQ(code(shell_.cancel_move(handles[0])), "queue.move_task_unknown");
}

}  // namespace
}  // namespace orderflow::queue
