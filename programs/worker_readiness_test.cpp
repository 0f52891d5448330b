// Method: a worker's ports in memory and in virtual time, each of which can be down or silent.
#include "programs/worker_readiness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/in_memory_message_queue.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StubStore final : public orders::OrderStore {
  public:
    explicit StubStore(SimLoop& loop) : loop_(loop) {}
    task<Result<std::vector<Result<orders::Step>>>> apply(std::vector<orders::Change> group) override {
        EXPECT_TRUE(group.empty());
        ++asked;
        if (silent) co_await sleep_until(loop_, loop_.clock().now() + 1h);
        if (down) co_return fail(ErrorKind::unavailable, "disk.full");
        co_return std::vector<Result<orders::Step>>();
    }
    bool silent = false;
    bool down = false;
    int asked = 0;

  private:
    SimLoop& loop_;
};

// Takes a call and never answers, as an address that swallows packets.
class SilentQueue final : public orders::MessageQueue {
  public:
    explicit SilentQueue(SimLoop& loop) : loop_(loop) {}
    orders::BatchLimits limits() const override { return {.entries = 10, .bytes = 1024}; }
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage>) override {
        return never<std::vector<Result<orders::MessageId>>>();
    }
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest) override {
        return never<std::vector<orders::ReceivedMessage>>();
    }
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle>) override {
        return never<std::vector<Result<void>>>();
    }
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange>) override {
        return never<std::vector<Result<void>>>();
    }
    task<Result<orders::QueueCounts>> counts() override { return never<orders::QueueCounts>(); }

  private:
    template <class T>
    task<Result<T>> never() {
        co_await sleep_until(loop_, loop_.clock().now() + 1h);
        co_return fail(ErrorKind::unavailable, "test.silent");
    }
    SimLoop& loop_;
};

class WorkerReadinessTest : public ::testing::Test {
  protected:
    static task<worker::WorkerState> after(SimLoop& loop, BootClock::duration wait,  // the loop outlives it
                                           worker::WorkerState state) {
        if (wait > 0s) co_await sleep_until(loop, loop.clock().now() + wait);
        co_return state;
    }
    std::optional<std::string> why_not() {
        loop.advance(WorkerReadiness::answer_good_for);
        return loop.run(readiness.get()).why_not;
    }

    SimLoop loop;
    InMemoryMessageQueue orders{loop, loop.clock(), {}};
    SilentQueue silent{loop};
    StubStore store{loop};
    worker::WorkerState state;
    BootClock::duration state_takes{0};
    WorkerReadiness readiness{
        {.queues = {{"orders", orders}}, .store = store, .state = [this] { return after(loop, state_takes, state); }},
        {loop, Spawner(loop.context().get_executor()), loop.clock()}};
};

TEST_F(WorkerReadinessTest, GivenQueuesThatDoNotAnswer_WhenAsked_ThenEachIsNamedAndItEndsInTime) {
    WorkerReadiness deaf({.queues = {{"orders", orders}, {"orders-commands", silent}, {"orders-dlq", silent}},
                          .store = store,
                          .state = [this] { return after(loop, state_takes, state); }},
                         {loop, Spawner(loop.context().get_executor()), loop.clock()});
    const auto began = loop.clock().now();

    const auto why = loop.run(deaf.get()).why_not;

    EXPECT_EQ(loop.clock().now() - began, WorkerReadiness::patience);
    ASSERT_TRUE(why);
    EXPECT_THAT(*why, HasSubstr("orders-commands does not answer (queue.no_answer)"));
    EXPECT_THAT(*why, HasSubstr("orders-dlq"));
    EXPECT_THAT(*why, Not(HasSubstr("queue orders does")));
}

TEST_F(WorkerReadinessTest, GivenAQueueThatIsDown_WhenAsked_ThenItsCodeIsTold) {
    orders.set_down(true);
    EXPECT_EQ(why_not(), "The queue orders does not answer (queue.down).");
    orders.set_down(false);
    EXPECT_EQ(why_not(), std::nullopt);
}

TEST_F(WorkerReadinessTest, GivenAStoreThatIsDownOrSilentOrFull_WhenAsked_ThenItSaysSo) {
    store.down = true;
    EXPECT_EQ(why_not(), "The order store does not work (disk.full).");
    store.down = false;
    store.silent = true;
    EXPECT_EQ(why_not(), "The order store does not answer.");
    store.silent = false;
    state.store_is_down = true;
    EXPECT_EQ(why_not(), "The order store takes no changes.");
    state.store_is_down = false;
    EXPECT_EQ(why_not(), std::nullopt);
}

TEST_F(WorkerReadinessTest, GivenAWorkerWhoseLoopHangs_WhenAsked_ThenItSaysSo) {
    state_takes = 1h;
    EXPECT_EQ(why_not(), "The worker's loop does not answer.");
}

TEST_F(WorkerReadinessTest, GivenManyProbes_WhenTheyComeWithinASecond_ThenNobodyIsAskedTwice) {
    for (int i = 0; i < 50; ++i) EXPECT_EQ(loop.run(readiness.get()).why_not, std::nullopt);
    EXPECT_EQ(store.asked, 1);
}

TEST_F(WorkerReadinessTest, GivenReceivesThatHang_WhenAsked_ThenTheirQueueIsNamed) {
    state.stalled = {"orders"};
    EXPECT_EQ(why_not(), "Receives of the queue orders hang beyond every deadline.");
}

TEST_F(WorkerReadinessTest, GivenQueuesThatArePaused_WhenAsked_ThenItIsReadyAndSaysSo) {
    EXPECT_EQ(loop.run(readiness.get()).remark, "");
    loop.advance(WorkerReadiness::answer_good_for);
    state.paused = {"orders", "orders-dlq"};

    const auto found = loop.run(readiness.get());

    EXPECT_EQ(found.why_not, std::nullopt);
    EXPECT_EQ(found.remark, "Receiving is paused: orders, orders-dlq.");
}

// --check.
TEST_F(WorkerReadinessTest, GivenAQueueThatNeverAnswers_WhenAllAreAsked_ThenTheOthersHaveTheirAnswerAndItIsNamed) {
    const auto began = loop.clock().now();

    const auto answers = loop.run(ask_queues(Spawner(loop.context().get_executor()), loop,
                                             {{"orders-dlq", silent}, {"orders", orders}}, began + 8s));

    EXPECT_EQ(loop.clock().now() - began, 8s);
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0].wrong->code(), "queue.no_answer");
    EXPECT_FALSE(answers[1].wrong);
    EXPECT_THAT(to_text(answers), HasSubstr("orders-dlq       queue.no_answer: it did not answer in time"));
    EXPECT_THAT(to_text(answers), HasSubstr("orders           answers"));
}

}  // namespace
}  // namespace orderflow
