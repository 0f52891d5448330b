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

// What it tells of the settings takes its time.
class SlowSettings final : public orders::OperatorReader {
  public:
    // Both outlive it.
    SlowSettings(orders::OperatorReader& inner, SimLoop& loop) : inner_(inner), loop_(loop) {}
    task<Result<orders::LetterPage>> letters(orders::LetterQuery query) override {
        return inner_.letters(std::move(query));
    }
    task<Result<std::optional<orders::StoredDeadLetter>>> letter(std::int64_t number) override {
        return inner_.letter(number);
    }
    task<Result<std::int64_t>> letter_count(orders::LetterSelection selection, orders::LetterState state) override {
        return inner_.letter_count(std::move(selection), state);
    }
    task<Result<std::vector<orders::LetterGroup>>> letter_groups(orders::LetterState state) override {
        return inner_.letter_groups(state);
    }
    task<Result<orders::CommandPage>> commands(orders::CommandQuery query) override {
        return inner_.commands(std::move(query));
    }
    task<Result<std::optional<orders::CommandRecord>>> command(std::string id) override {
        return inner_.command(std::move(id));
    }
    task<Result<orders::WorkerSettings>> worker_settings() override {
        if (takes > BootClock::duration::zero()) co_await sleep_until(loop_, loop_.clock().now() + takes);
        co_return co_await inner_.worker_settings();
    }

    BootClock::duration takes{};

  private:
    orders::OperatorReader& inner_;
    SimLoop& loop_;
};

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
        for (auto& worker : workers) rig.loop.run(worker->watch->stop(Instant::max()));
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

// As HoldSweeper: the drain time of the program is not the watch's to spend.
TEST_F(SettingsWatchTest, GivenAStoreThatDoesNotAnswer_WhenStopped_ThenTheDeadlineHoldsAndALateAnswerChangesNothing) {
    auto& process = rig.make_worker();
    SlowSettings settings(rig.memory, rig.loop);
    SettingsWatch watch(settings, process.service, rig.parts());
    rig.loop.run(watch.start());
    process.service.start();
    settings.takes = 1min;
    tell(DirectWorkers::Action::pause);
    rig.loop.advance(3s);
    std::optional<bool> ended;
    const auto stop = [](SettingsWatch& of, Instant until, std::optional<bool>& out) -> task<void> {
        out = co_await of.stop(until);
    };

    rig.loop.spawn(stop(watch, rig.loop.clock().now() + 5s, ended));
    rig.loop.advance(4s);
    EXPECT_FALSE(ended.has_value());
    rig.loop.advance(1s);

    EXPECT_EQ(ended, false);
    rig.loop.advance(2min);
    EXPECT_THAT(process.service.state().paused, IsEmpty());
}

}  // namespace
}  // namespace orderflow::worker
