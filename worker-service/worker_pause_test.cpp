// Pause and resume.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

using orders::OrderStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Pause, GivenAWorker_WhenPaused_ThenNothingMoreIsTakenUntilItGoesOn) {
    WorkerRig rig;
    auto& worker = rig.start_worker();
    rig.loop.advance(1s);
    worker.service.pause(WorkerQueue::orders);
    rig.loop.advance(1s);

    for (std::uint32_t i = 0; i < 5; ++i) rig.place(i);
    rig.loop.advance(1h);
    EXPECT_EQ(rig.visible(rig.orders), 5U);
    EXPECT_THAT(worker.service.state().paused, ElementsAre("orders"));
    EXPECT_THAT(worker.service.state().stalled, IsEmpty());
    EXPECT_THAT(rig.metrics.render(), HasSubstr(R"(orderflow_worker_paused{queue="orders"} 1)"));

    worker.service.resume(WorkerQueue::orders);
    rig.loop.advance(1s);
    for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed);
    EXPECT_THAT(worker.service.state().paused, IsEmpty());
    EXPECT_THAT(rig.metrics.render(), HasSubstr(R"(orderflow_worker_paused{queue="orders"} 0)"));
    rig.check_books();
}

TEST(Pause, GivenOrdersArePaused_WhenACancelComes_ThenItIsDone) {
    WorkerRig rig;
    auto& worker = rig.start_worker();
    worker.service.pause(WorkerQueue::orders);
    rig.loop.advance(1s);
    rig.cancel(1);
    rig.loop.advance(1s);
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
}

TEST(Pause, GivenWorkInProgress_WhenPaused_ThenItIsFinished) {
    WorkerRig rig;
    rig.store.down = true;
    rig.place(1);
    auto& worker = rig.start_worker();
    rig.loop.advance(1s);
    ASSERT_EQ(worker.service.in_progress(), 1U);

    worker.service.pause(WorkerQueue::orders);
    rig.loop.advance(5min);
    EXPECT_EQ(worker.service.in_progress(), 1U) << "its lease is held on";
    rig.store.down = false;
    rig.loop.advance(1min);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    EXPECT_EQ(rig.payments.effects().size(), 1U);
}

// The queue has handed messages out, and their answer is on its way, when the pause comes.
TEST(Pause, GivenAReceiveThatStillBringsMessages_WhenPaused_ThenTheyAreGivenBackAtOnce) {
    WorkerRig rig;
    rig.place(1);
    auto& worker = rig.start_worker();
    worker.service.pause(WorkerQueue::orders);  // its loops have not run yet
    rig.loop.advance(1s);
    EXPECT_EQ(worker.service.in_progress(), 0U);
    EXPECT_EQ(rig.visible(rig.orders), 1U);
    worker.service.resume(WorkerQueue::orders);
    rig.loop.run_ready();
    worker.service.pause(WorkerQueue::orders);

    rig.loop.advance(1s);

    // Either it was in progress before the pause, and is finished, or it came after it, and is back.
    EXPECT_EQ(worker.service.in_progress(), 0U);
    EXPECT_EQ(rig.waiting(rig.orders), rig.visible(rig.orders)) << "nobody holds a message";
    rig.check_books();
}

TEST(Pause, GivenPausesAndResumesInAnyNumber_WhenRepeated_ThenTheLastOneCounts) {
    WorkerRig rig;
    auto& worker = rig.start_worker();
    for (int i = 0; i < 3; ++i) worker.service.pause(WorkerQueue::orders);
    worker.service.resume(WorkerQueue::orders);
    worker.service.resume(WorkerQueue::orders);
    rig.place(1);
    rig.loop.advance(1s);
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
}

TEST(Pause, GivenAPausedWorker_WhenStopped_ThenItEndsAtOnce) {
    WorkerRig rig;
    auto& worker = rig.start_worker();
    for (const auto queue : {WorkerQueue::orders, WorkerQueue::commands, WorkerQueue::dead_letters}) {
        worker.service.pause(queue);
    }
    rig.loop.advance(1s);
    const auto began = rig.loop.clock().now();
    rig.loop.run(worker.service.stop(began + 10s));
    EXPECT_EQ(rig.loop.clock().now(), began);
}

}  // namespace
}  // namespace orderflow::worker
