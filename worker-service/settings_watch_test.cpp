// Goal: what operators tell the workers reaches each of them, beside what somebody at the machine wants, and holds over
// a restart.
#include "worker-service/settings_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

using orders::DirectWorkers;
using orders::OrderStatus;
using testing::ElementsAre;
using testing::IsEmpty;

class SettingsWatchTest : public testing::Test {
  protected:
    struct Watched {
        Watched(WorkerRig& rig, WorkerRig::Process& process) : worker(process.service) {
            watch = std::make_unique<SettingsWatch>(rig.memory, worker, rig.parts());
        }
        WorkerService& worker;
        std::unique_ptr<SettingsWatch> watch;
    };

    // As the program does: first the settings, then the first receive.
    Watched& start_worker() {
        auto& process = rig.make_worker();
        auto& made = *workers.emplace_back(std::make_unique<Watched>(rig, process));
        rig.loop.run(made.watch->start());
        process.service.start();
        return made;
    }
    void TearDown() override {
        for (auto& worker : workers) rig.loop.run(worker->watch->stop());
    }
    void tell(DirectWorkers::Action action, std::optional<std::int32_t> most = std::nullopt) {
        rig.command("cmd_" + std::to_string(++commands_), DirectWorkers{action, most});
    }

    WorkerRig rig;
    std::vector<std::unique_ptr<Watched>> workers;

  private:
    int commands_ = 0;
};

TEST_F(SettingsWatchTest, GivenTwoWorkers_WhenPausedByCommand_ThenBothStopWithinFiveSecondsAndResumeArrives) {
    auto& one = start_worker();
    auto& other = start_worker();
    rig.loop.advance(1s);

    tell(DirectWorkers::Action::pause);
    rig.loop.advance(5s);
    EXPECT_THAT(one.worker.state().paused, ElementsAre("orders", "orders-dlq"));
    EXPECT_THAT(other.worker.state().paused, ElementsAre("orders", "orders-dlq"));
    rig.place(1);
    rig.loop.advance(1min);
    EXPECT_EQ(rig.visible(rig.orders), 1U);

    tell(DirectWorkers::Action::resume);
    rig.loop.advance(5s);
    EXPECT_THAT(one.worker.state().paused, IsEmpty());
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.record("cmd_2").state, orders::CommandState::done);
}

TEST_F(SettingsWatchTest, GivenAPause_WhenAWorkerStarts_ThenItReceivesNothing) {
    start_worker();
    tell(DirectWorkers::Action::pause);
    rig.loop.advance(5s);
    rig.place(1);

    auto& later = start_worker();
    EXPECT_THAT(later.worker.state().paused, ElementsAre("orders", "orders-dlq"));
    rig.loop.advance(1min);

    EXPECT_EQ(rig.visible(rig.orders), 1U);
}

TEST_F(SettingsWatchTest, GivenASignalAndACommand_ThenBothHaveToWantThatItGoesOn) {
    auto& worker = start_worker().worker;
    tell(DirectWorkers::Action::pause);
    rig.loop.advance(5s);
    worker.pause(WorkerQueue::orders);

    worker.resume(WorkerQueue::orders);
    EXPECT_THAT(worker.state().paused, ElementsAre("orders", "orders-dlq")) << "the command stands";

    worker.pause(WorkerQueue::orders);
    tell(DirectWorkers::Action::resume);
    rig.loop.advance(5s);
    EXPECT_THAT(worker.state().paused, ElementsAre("orders")) << "the signal stands";
    worker.resume(WorkerQueue::orders);
    EXPECT_THAT(worker.state().paused, IsEmpty());
}

TEST_F(SettingsWatchTest, GivenALimit_ThenNoMoreOrdersAreInProgressUntilItIsTakenBack) {
    auto& worker = start_worker().worker;
    const auto own = worker.state().in_progress_max;
    tell(DirectWorkers::Action::limit, 2);
    rig.loop.advance(5s);
    EXPECT_EQ(worker.state().in_progress_max, 2U);

    rig.store.down = true;
    for (std::uint32_t i = 0; i < 20; ++i) rig.place(i);
    rig.loop.advance(100ms);
    EXPECT_LE(worker.in_progress(), 2U);
    rig.store.down = false;
    rig.loop.advance(1min);
    for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed);

    tell(DirectWorkers::Action::limit);
    rig.loop.advance(5s);
    EXPECT_EQ(worker.state().in_progress_max, own);
}

}  // namespace
}  // namespace orderflow::worker
