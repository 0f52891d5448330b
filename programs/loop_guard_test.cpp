#include "programs/loop_guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/aws/sqs_message_queue.hpp"
#include "libs/testing/sim_loop.hpp"
#include "worker-service/worker_config.hpp"

namespace orderflow {
namespace {

using ::testing::HasSubstr;

class KeptText final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view line) override { text += std::string(line) + "\n"; }
    std::string text;
};

class LoopGuardTest : public ::testing::Test {
  protected:
    LoopGuardTest() { loop.spawn(guard.watch(loop)); }

    // The watched loop turns for so long.
    void turn(BootClock::duration time) {
        for (const auto end = loop.clock().now() + time; loop.clock().now() < end; loop.advance(1s)) ++beats;
    }

    SimLoop loop;
    KeptText lines;
    observe::Logger log{loop.clock(), lines, observe::LogLevel::info};
    observe::Metrics metrics;
    std::uint64_t beats = 0;
    LoopGuard guard{{loop.clock(), log, metrics}, [this] { return beats; }};
};

TEST_F(LoopGuardTest, GivenALoopThatIsBlocked_WhenTheLimitIsOver_ThenItIsNotAliveLoggedAndCountedOnce) {
    turn(60s);
    loop.advance(LoopGuard::silence_max);
    EXPECT_EQ(guard.why_not_alive(), std::nullopt);

    loop.advance(60s);

    EXPECT_THAT(guard.why_not_alive().value_or(""), HasSubstr("has not come round for 90 s"));
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_worker_loop_stalls_total 1"));
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_worker_loop_silent_seconds 90"));
    EXPECT_THAT(lines.text, HasSubstr("worker.loop_silent"));
    EXPECT_EQ(lines.text.find("worker.loop_silent"), lines.text.rfind("worker.loop_silent"));
}

TEST_F(LoopGuardTest, GivenALoopThatWasBlocked_WhenItTurnsAgain_ThenItIsAlive) {
    loop.advance(2 * LoopGuard::silence_max);
    turn(2s);
    EXPECT_EQ(guard.why_not_alive(), std::nullopt);
    EXPECT_THAT(lines.text, HasSubstr("worker.loop_turns"));
}

TEST_F(LoopGuardTest, GivenALoopThatTurns_WhenHoursPass_ThenItIsAlive) {
    turn(3h);
    EXPECT_EQ(guard.why_not_alive(), std::nullopt);
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_worker_loop_stalls_total 0"));
}

TEST_F(LoopGuardTest, GivenAMachineThatSleeps_WhenItWakes_ThenNobodyIsAccused) {
    turn(10s);
    loop.clock().advance(8h);  // neither loop ran
    loop.run_ready();
    EXPECT_EQ(guard.why_not_alive(), std::nullopt);
}

// A queue that cannot be reached makes a receive fail within its deadline; only a receive that outlives it is stalled.
TEST(ReceiveLimit, GivenTheQueueAdaptersDeadlines_ThenAReceiveThatKeepsThemIsNotStalled) {
    const aws::SqsQueueOptions queue;
    const worker::ConsumerPolicy consumer;
    EXPECT_GT(consumer.receive_limit, consumer.long_poll + queue.call_time + queue.stop_grace);
}

}  // namespace
}  // namespace orderflow
