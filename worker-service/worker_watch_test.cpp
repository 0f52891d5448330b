// The watch over the receive loops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker-service/loop_watch.hpp"
#include "worker-service/poll_watch.hpp"
#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr BootClock::duration limit = ConsumerPolicy{}.receive_limit;

TEST(PollWatch, GivenALoop_ThenOnlyAReceiveBeyondTheLimitIsStalled) {
    const auto now = Instant(1h);
    EXPECT_FALSE(is_stalled({.asking = true, .since = now - limit}, now, limit));
    EXPECT_TRUE(is_stalled({.asking = true, .since = now - limit - 1ns}, now, limit));
    EXPECT_FALSE(is_stalled({.asking = false, .since = now - 1h}, now, limit)) << "no room, or the store is down";
}

TEST(LoopWatch, GivenAWatcherThatSleeps_ThenItsOwnAbsenceCountsLittle) {
    LoopWatch watch(1s, 30s);
    watch.look(7, Instant(100s));
    watch.look(7, Instant(9h));
    EXPECT_EQ(watch.silent_for(), 2s);
    watch.look(8, Instant(10h));
    EXPECT_EQ(watch.silent_for(), 0s);
}

TEST(Watch, GivenQueuesThatNeverAnswer_WhenTheLimitIsOver_ThenTheirReceivesAreLoggedCountedAndTold) {
    WorkerRig rig;
    auto& worker = rig.start_worker();
    rig.loop.run_ready();
    worker.life.pull();  // from now on no call comes back

    rig.loop.advance(limit);
    EXPECT_THAT(worker.service.state().stalled, IsEmpty());
    rig.loop.advance(1s);

    EXPECT_THAT(worker.service.state().stalled, ElementsAre("orders", "orders-commands", "orders-dlq"));
    const auto metrics = rig.metrics.render();
    EXPECT_THAT(metrics, HasSubstr(R"(orderflow_worker_stalled_receives{queue="orders"} 8)"));
    EXPECT_THAT(metrics, HasSubstr(R"(orderflow_worker_receive_stalls_total{queue="orders-commands"} 2)"));
    EXPECT_THAT(rig.log_lines.lines, HasSubstr("queue.receives_stalled"));

    worker.life.thaw();
    rig.loop.advance(2s);

    EXPECT_THAT(worker.service.state().stalled, IsEmpty());
    EXPECT_THAT(rig.metrics.render(), HasSubstr(R"(orderflow_worker_stalled_receives{queue="orders"} 0)"));
    EXPECT_THAT(rig.log_lines.lines, HasSubstr("queue.receives_answered"));
}

TEST(Watch, GivenAQueueThatIsDown_WhenEachReceiveEndsWithAnError_ThenNoneIsStalled) {
    WorkerRig rig;
    rig.orders.set_down(true);
    auto& worker = rig.start_worker();

    rig.loop.advance(10min);

    EXPECT_THAT(worker.service.state().stalled, IsEmpty());
    EXPECT_THAT(rig.log_lines.lines, Not(HasSubstr("stalled")));
}

TEST(Watch, GivenAStoreThatIsDown_WhenNothingIsReceived_ThenNoReceiveIsStalledAndTheLoopTurns) {
    WorkerRig rig;
    rig.store.down = true;
    rig.place(1);
    auto& worker = rig.start_worker();
    rig.loop.advance(10min);

    EXPECT_TRUE(worker.service.state().store_is_down);
    EXPECT_THAT(worker.service.state().stalled, IsEmpty());
    const auto before = worker.service.beats();
    rig.loop.advance(10s);
    EXPECT_EQ(worker.service.beats(), before + 10);
}

}  // namespace
}  // namespace orderflow::worker
