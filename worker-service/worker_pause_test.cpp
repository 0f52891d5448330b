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

// A queue whose answers to receives are on their way for as long as the test says.
class LateQueue final : public orders::MessageQueue {
  public:
    explicit LateQueue(orders::MessageQueue& inner) : inner_(inner) {}
    orders::BatchLimits limits() const override { return inner_.limits(); }
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override {
        return inner_.send(std::move(messages));
    }
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest request) override {
        auto received = co_await inner_.receive(std::move(request));
        if (!arrived_) {
            (void)co_await await_completion<int>([this](Completion<int> wait) { late_.push_back(std::move(wait)); });
        }
        co_return received;
    }
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle> receipts) override {
        return inner_.remove(std::move(receipts));
    }
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override {
        return inner_.change_visibility(std::move(changes));
    }
    task<Result<orders::QueueCounts>> counts() override { return inner_.counts(); }

    void arrive() {
        arrived_ = true;
        for (auto& one : std::exchange(late_, {})) one.complete(0);
    }

  private:
    orders::MessageQueue& inner_;
    bool arrived_ = false;
    std::vector<Completion<int>> late_;
};

TEST(Pause, GivenAReceiveThatStillBringsMessages_WhenPaused_ThenTheyAreGivenBackAtOnce) {
    WorkerRig rig;
    LateQueue late(rig.orders);
    WorkerService service({late, rig.commands, rig.letters, rig.store, rig.operators, rig.instances, rig.payments,
                           rig.entropy, rig.observer},
                          rig.parts(), {});
    rig.place(1);
    service.start();
    rig.loop.run_ready();
    ASSERT_EQ(rig.visible(rig.orders), 0U) << "handed out, on its way";

    service.pause(WorkerQueue::orders);
    late.arrive();
    rig.loop.advance(1s);

    EXPECT_EQ(rig.visible(rig.orders), 1U);
    EXPECT_EQ(service.in_progress(), 0U);
    EXPECT_FALSE(rig.find(1));
    service.resume(WorkerQueue::orders);
    rig.loop.advance(1s);
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    rig.loop.run(service.stop(rig.loop.clock().now()));
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
