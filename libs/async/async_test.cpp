// Goal: waits end by whoever comes first, and nothing is lost between a check and a wait.
// Method: one SimLoop, virtual time.
#include <gtest/gtest.h>

#include <vector>

#include "libs/async/gate.hpp"
#include "libs/async/sleep.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

task<void> record(SimLoop& loop, Signal& signal, Instant until, std::stop_token stop, std::vector<Woken>& out) {
    static_cast<void>(loop);
    out.push_back(co_await signal.wait_until(until, std::move(stop)));
}

task<void> pass_for(SimLoop& loop, Gate& gate, BootClock::duration how_long) {
    const auto pass = gate.enter();
    co_await sleep_until(loop, loop.clock().now() + how_long);
}

TEST(SleepUntil, GivenATime_WhenItComes_ThenItResumesThenAndNotBefore) {
    SimLoop loop;
    const auto start = loop.clock().now();

    const auto why = loop.run(sleep_until(loop, start + 3s));

    EXPECT_EQ(why, Woken::by_time);
    EXPECT_EQ(loop.clock().now() - start, 3s);
}

TEST(SleepUntil, GivenAStop_WhenRequestedDuringTheWait_ThenItResumesAtOnceAndLeavesNoTimer) {
    SimLoop loop;
    Signal signal(loop);
    std::stop_source stop;
    std::vector<Woken> woken;
    loop.spawn(record(loop, signal, loop.clock().now() + 1h, stop.get_token(), woken));
    loop.run_ready();

    stop.request_stop();
    loop.run_ready();

    EXPECT_EQ(woken, std::vector{Woken::by_signal});
    EXPECT_EQ(loop.next_timer(), std::nullopt);
}

TEST(Signal, GivenANotificationBeforeTheWait_WhenWaitedFor_ThenItIsNotLostAndCountsOnce) {
    SimLoop loop;
    Signal signal(loop);
    std::vector<Woken> woken;

    signal.notify();
    loop.spawn(record(loop, signal, loop.clock().now() + 1s, {}, woken));
    loop.run_ready();
    loop.spawn(record(loop, signal, loop.clock().now() + 1s, {}, woken));
    loop.advance(1s);

    EXPECT_EQ(woken, (std::vector{Woken::by_signal, Woken::by_time}));
}

TEST(Signal, GivenTwoWaiters_WhenNotified_ThenBothWake) {
    SimLoop loop;
    Signal signal(loop);
    std::vector<Woken> woken;
    loop.spawn(record(loop, signal, loop.clock().now() + 1h, {}, woken));
    loop.spawn(record(loop, signal, loop.clock().now() + 1h, {}, woken));
    loop.run_ready();

    signal.notify();
    loop.run_ready();

    EXPECT_EQ(woken.size(), 2U);
}

TEST(Signal, GivenAWaiter_WhenTheLoopIsTornDown_ThenNothingLeaks) {
    std::vector<Woken> woken;
    SimLoop loop;
    Signal signal(loop);
    loop.spawn(record(loop, signal, loop.clock().now() + 1h, {}, woken));

    loop.run_ready();

    EXPECT_TRUE(woken.empty());  // LeakSanitizer judges the rest
}

TEST(Gate, GivenWorkInside_WhenDrained_ThenItWaitsForItAndTakesNoNewWork) {
    SimLoop loop;
    Gate gate(loop);
    loop.spawn(pass_for(loop, gate, 2s));
    loop.run_ready();
    const auto start = loop.clock().now();

    const bool drained = loop.run(gate.drain_until(start + 10s));

    EXPECT_TRUE(drained);
    EXPECT_EQ(loop.clock().now() - start, 2s);
    EXPECT_FALSE(gate.enter());
}

TEST(Gate, GivenWorkThatDoesNotEnd_WhenDrained_ThenItGivesUpAtTheDeadline) {
    SimLoop loop;
    Gate gate(loop);
    loop.spawn(pass_for(loop, gate, 1h));
    loop.run_ready();

    const bool drained = loop.run(gate.drain_until(loop.clock().now() + 10s));

    EXPECT_FALSE(drained);
    EXPECT_EQ(gate.inside(), 1U);
    loop.advance(1h);  // the work ends before the gate does
}

}  // namespace
}  // namespace orderflow
