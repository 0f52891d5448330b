// Message move tasks on a disk: over restarts, power cuts and without space.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "libs/testing/run_seed.hpp"
#include "queue-service/journal/journal_rig.hpp"

namespace orderflow::queue {
namespace {

using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

class DurableMoveTaskTest : public ::testing::Test {
  protected:
    explicit DurableMoveTaskTest(std::uint64_t seed = run_seed()) : random_(seed), rig_(seed) {
        rig_.options().committer.engine.window = {.messages = 8, .bytes = 64 * 1024};
        rig_.options().committer.engine.chore_chunk = 7;
        rig_.open();
        dead_ = rig_.create("dlq");
        orders_ = rig_.create("orders", {.redrive = RedrivePolicy{"dlq", 1}});
    }

    std::vector<std::string> die(int count) {
        std::vector<std::string> bodies;
        for (int i = 0; i < count; ++i) bodies.push_back(std::to_string(i));
        EXPECT_TRUE(rig_.send_all(orders_, bodies));
        while (rig_.counts(dead_).visible < bodies.size()) {
            EXPECT_TRUE(rig_.receive(orders_, 10, Holder::outside, 0s));
        }
        return bodies;
    }
    MoveTask latest() { return rig_.run(rig_.queues().move_tasks(dead_, 1)).value().at(0).task; }
    std::string start(MoveOrder order = {}) { return rig_.run(rig_.queues().start_move_task(dead_, order)).value(); }

    SeededEntropy random_;
    JournalRig rig_;
    QueueNo dead_{};
    QueueNo orders_{};
};

TEST_F(DurableMoveTaskTest, GivenATask_WhenNobodyCalls_ThenItGoesOnByItself) {
    const auto bodies = die(50);
    ASSERT_THAT(rig_.receive(dead_, 10, Holder::outside, 0s).value(), SizeIs(10));  // returned: only in the journal

    start();
    rig_.loop().run_ready();

    EXPECT_EQ(latest().status, MoveStatus::completed);
    EXPECT_EQ(latest().moved, 50U);
    EXPECT_EQ(latest().to_move, 50U);
    EXPECT_THAT(rig_.drain(orders_), UnorderedElementsAreArray(bodies));
}

TEST_F(DurableMoveTaskTest, GivenATaskWithARate_WhenRestarted_ThenItGoesOnWhereItWasAndCanBeCancelled) {
    die(50);
    const auto handle = start({.rate = 10});
    rig_.loop().advance(1s);
    const auto before = latest().moved;
    EXPECT_GE(before, 9U);
    EXPECT_LE(before, 12U);

    rig_.open();
    EXPECT_GE(latest().moved, before);
    EXPECT_EQ(latest().status, MoveStatus::running);
    rig_.loop().advance(1s);
    const auto moved = rig_.run(rig_.queues().cancel_move_task(default_scope(), handle)).value();

    EXPECT_GE(moved, before + 9);
    EXPECT_LE(moved, before + 13);
    rig_.loop().advance(5s);
    EXPECT_EQ(latest().status, MoveStatus::cancelled);
    EXPECT_EQ(rig_.counts(orders_).visible, moved);
    EXPECT_EQ(rig_.counts(dead_).visible, 50U - moved);
}

TEST_F(DurableMoveTaskTest, GivenALongPollAtTheDestination_WhenMessagesAreMovedThere_ThenItIsServed) {
    die(1);
    std::optional<Result<std::vector<Received>>> polled;
    rig_.loop().spawn([](DurableQueues& queues, QueueNo queue, auto& out) -> task<void> {
        out.emplace(co_await queues.receive(queue, {.options = {.max_messages = 1}, .wait = 20s, .stop = {}}));
    }(rig_.queues(), orders_, polled));
    rig_.loop().run_ready();
    ASSERT_FALSE(polled);

    start();
    rig_.loop().run_ready();

    ASSERT_TRUE(polled && *polled);
    ASSERT_THAT(**polled, SizeIs(1));
    EXPECT_EQ((**polled)[0].receive_count, 1U);
    EXPECT_EQ((**polled)[0].message->dead_letter_source, "");
}

TEST_F(DurableMoveTaskTest, GivenAFullDisk_WhenATaskWantsToGoOn_ThenDeletesStillWorkAndItGoesOnAfterwards) {
    die(200);
    ASSERT_TRUE(rig_.send(dead_, "held"));
    start({.destination = orders_, .rate = 1});
    rig_.loop().run_ready();
    rig_.loop().advance(1s);
    const auto held = rig_.receive(dead_, 5).value();
    const auto moved_before = latest().moved;
    rig_.vfs().limit_file_bytes(1);
    rig_.loop().advance(1s);  // the task meets the full disk
    EXPECT_TRUE(rig_.queues().full());
    EXPECT_FALSE(rig_.fatal());

    rig_.vfs().limit_file_bytes(std::nullopt);
    rig_.loop().advance(500ms);
    EXPECT_EQ(latest().moved, moved_before);  // held, while growth is refused
    for (const auto& message : held) EXPECT_TRUE(rig_.remove(dead_, message.receipt));
    rig_.loop().advance(5s);

    EXPECT_GT(latest().moved, moved_before);
    EXPECT_EQ(latest().status, MoveStatus::running);
    EXPECT_FALSE(rig_.queues().full());
}

TEST_F(DurableMoveTaskTest, GivenPowerCutsAtAnyTime_WhenTheTaskIsCompleted_ThenEachMessageIsAtItsSourceOnce) {
    for (int round = 0; round < 5; ++round) {
        const auto bodies = die(60);
        start({.rate = 100});
        while (latest().is_active()) {
            rig_.loop().advance(std::chrono::milliseconds(random_.below(200)));
            rig_.cut_power();
            rig_.open();
            const auto in_flight = rig_.counts(dead_).in_flight + rig_.counts(orders_).in_flight;
            ASSERT_EQ(rig_.counts(dead_).visible + rig_.counts(orders_).visible + in_flight, 60U);
        }
        EXPECT_EQ(latest().status, MoveStatus::completed);
        EXPECT_EQ(latest().moved, 60U);
        EXPECT_THAT(rig_.drain(orders_), UnorderedElementsAreArray(bodies));
    }
}

}  // namespace
}  // namespace orderflow::queue
