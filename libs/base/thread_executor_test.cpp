#include "libs/base/thread_executor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

#include "libs/base/system_clock.hpp"

namespace orderflow {
namespace {

TEST(ThreadExecutor, GivenWorkFromManyThreads_WhenRun_ThenNeverTwoAtOnceAndNoneIsLost) {
    const SystemClock clock;
    ThreadExecutor executor(clock, "test");
    int runs = 0;  // no lock: the executor is the lock
    std::vector<std::thread> posters;
    for (int t = 0; t < 4; ++t) {
        posters.emplace_back([&] {
            for (int i = 0; i < 1000; ++i) executor.post([&runs] { ++runs; });
        });
    }
    for (auto& poster : posters) poster.join();

    executor.stop();

    EXPECT_EQ(runs, 4000);
}

TEST(ThreadExecutor, GivenTimersOutOfOrder_WhenDue_ThenTheyRunInTheOrderOfTime) {
    const SystemClock clock;
    ThreadExecutor executor(clock, "test");
    std::vector<int> order;
    std::promise<void> last;
    const auto start = clock.now();

    executor.post_at(start + 20ms, [&] {
        order.push_back(2);
        last.set_value();
    });
    executor.post_at(start + 10ms, [&] { order.push_back(1); });
    last.get_future().wait();

    executor.stop();
    EXPECT_EQ(order, (std::vector{1, 2}));
    EXPECT_GE(clock.now() - start, 20ms);
}

TEST(ThreadExecutor, GivenACancelledTimer_WhenItsTimeComes_ThenItDoesNotRun) {
    const SystemClock clock;
    ThreadExecutor executor(clock, "test");
    std::atomic<bool> ran = false;
    std::promise<void> later;
    const auto start = clock.now();

    const auto id = executor.post_at(start + 5ms, [&] { ran = true; });
    executor.cancel(id);
    executor.post_at(start + 10ms, [&] { later.set_value(); });
    later.get_future().wait();

    EXPECT_FALSE(ran);
}

TEST(ThreadExecutor, GivenStop_WhenWorkIsPostedLater_ThenItIsDroppedAndStopMayBeCalledAgain) {
    const SystemClock clock;
    ThreadExecutor executor(clock, "test");
    bool ran = false;

    executor.stop();
    executor.post([&] { ran = true; });
    executor.stop();

    EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace orderflow
