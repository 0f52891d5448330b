#include "libs/async/answer_within.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

task<int> seven_after(SimLoop& loop, BootClock::duration wait) {  // the loop outlives it
    if (wait > 0s) co_await sleep_until(loop, loop.clock().now() + wait);
    co_return 7;
}

task<int> thrown_after(SimLoop& loop, BootClock::duration wait) {  // the loop outlives it
    co_await sleep_until(loop, loop.clock().now() + wait);
    throw std::runtime_error("bug");
}

class AnswerWithin : public ::testing::Test {
  protected:
    task<std::optional<int>> asked(task<int> work, std::stop_token stop = {}) {
        return answer_within<int>(Spawner(loop.context().get_executor()), loop, std::move(work),
                                  loop.clock().now() + 10s, std::move(stop));
    }
    SimLoop loop;
};

TEST_F(AnswerWithin, GivenAnAnswerInTime_WhenAwaited_ThenItIsGivenAsSoonAsItIsThere) {
    EXPECT_EQ(loop.run(asked(seven_after(loop, 0s))), 7);
    const auto began = loop.clock().now();
    EXPECT_EQ(loop.run(asked(seven_after(loop, 9s))), 7);
    EXPECT_EQ(loop.clock().now() - began, 9s);
}

TEST_F(AnswerWithin, GivenAnAnswerTooLate_WhenAwaited_ThenThereIsNoneAndTheWorkEndsAlone) {
    EXPECT_EQ(loop.run(asked(seven_after(loop, 11s))), std::nullopt);
    loop.advance(1min);
    EXPECT_FALSE(loop.next_timer().has_value());
}

TEST_F(AnswerWithin, GivenAStop_WhenAwaited_ThenThereIsNoAnswerAtOnce) {
    std::stop_source stop;
    loop.post_at(loop.clock().now() + 2s, [&stop] { stop.request_stop(); });
    const auto began = loop.clock().now();
    EXPECT_EQ(loop.run(asked(seven_after(loop, 5s), stop.get_token())), std::nullopt);
    EXPECT_EQ(loop.clock().now() - began, 2s);
}

TEST_F(AnswerWithin, GivenWorkThatThrows_WhenAwaited_ThenItIsThrownToTheWaiterOrLeavesTheLoop) {
    EXPECT_THROW(loop.run(asked(thrown_after(loop, 1s))), std::runtime_error);
    EXPECT_EQ(loop.run(asked(thrown_after(loop, 11s))), std::nullopt);
    EXPECT_THROW(loop.advance(1min), std::runtime_error);
}

}  // namespace
}  // namespace orderflow
