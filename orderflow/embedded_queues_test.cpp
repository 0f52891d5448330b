#include "orderflow/embedded_queues.hpp"

#include <gtest/gtest.h>

#include "libs/base/thread_executor.hpp"
#include "libs/testing/fake_clock.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"
#include "orderflow/wait_for.hpp"

namespace orderflow {
namespace {

constexpr auto years = 24h * 800;

class EmbeddedQueuesTest : public testing::Test {
  protected:
    // One life of the program: opens the journal, does it, closes.
    template <class Work>
    void live(Work work) {
        ThreadExecutor writer(clock_, "queue-journal");
        auto queues = open_embedded_queues({.path = path_}, writer, clock_, entropy_, nullptr);
        ASSERT_TRUE(queues) << queues.error().detail();
        work(*queues);
        writer.stop();
    }

    static std::vector<orders::ReceivedMessage> receive(orders::MessageQueue& queue) {
        return wait_for(queue.receive({})).value();
    }

    FakeClock clock_;
    TempDir directory_;
    const std::string path_ = directory_ / "queue.db";

  private:
    SeededEntropy entropy_{1};
};

// The wall clock is no part of the promise: an order that waits is not thrown away because the calendar jumped.
TEST_F(EmbeddedQueuesTest, GivenAMessageThatWaits_WhenTheWallClockJumpsByYears_ThenItIsStillDelivered) {
    live([](EmbeddedQueues& queues) {
        for (auto* queue : {queues.orders.get(), queues.commands.get(), queues.dead_letters.get()}) {
            EXPECT_TRUE(wait_for(queue->send({orders::OutgoingMessage("order")})));
        }
    });
    clock_.jump_wall(years);

    live([](EmbeddedQueues& queues) {
        for (auto* queue : {queues.orders.get(), queues.commands.get(), queues.dead_letters.get()}) {
            EXPECT_EQ(receive(*queue).size(), 1U);
        }
    });
}

TEST_F(EmbeddedQueuesTest, GivenAQueueOfAnOlderVersionWithARetention_WhenOpened_ThenItKeepsItsMessagesFromNowOn) {
    live([](EmbeddedQueues& queues) {
        auto settings = working_queue_settings();
        settings.retention = std::chrono::days(14);
        const auto number = wait_for(queues.journal->find({queue::default_scope(), "orders"})).value();
        EXPECT_TRUE(wait_for(queues.journal->change_settings(number, settings)));
    });

    live(
        [](EmbeddedQueues& queues) { EXPECT_TRUE(wait_for(queues.orders->send({orders::OutgoingMessage("order")}))); });
    clock_.jump_wall(years);

    live([](EmbeddedQueues& queues) { EXPECT_EQ(receive(*queues.orders).size(), 1U); });
}

}  // namespace
}  // namespace orderflow
