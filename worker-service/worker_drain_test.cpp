// Leases and the end: heartbeat, lost leases, stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

namespace samples = orders::samples;
using orders::OrderStatus;

task<void> stop_by(WorkerService& service, Instant deadline, bool& stopped) {  // both outlive the run
    co_await service.stop(deadline);
    stopped = true;
}

TEST(Heartbeat, GivenWorkThatTakesLongerThanItsLease_WhenInProgress_ThenNobodyElseGetsTheMessage) {
    WorkerRig rig;
    auto config = WorkerConfig();
    config.processing.payment_timeout = 1h;
    for (std::uint32_t i = 0; i < 25; ++i) rig.place(i, "tok_hang");
    auto& first = rig.start_worker(config);
    auto& second = rig.start_worker(config);

    rig.loop.advance(50min);

    EXPECT_EQ(first.service.in_progress() + second.service.in_progress(), 25U);
    EXPECT_EQ(rig.visible(rig.orders), 0U);
    EXPECT_EQ(rig.payments.calls(), 25U);
}

TEST(Heartbeat, GivenAQueueThatDoesNotAnswer_WhenTheLeaseEnds_ThenTheResultIsSafeAndOnlyTheNewOwnerDeletes) {
    WorkerRig rig;
    auto config = WorkerConfig();
    config.processing.payment_timeout = 10min;
    rig.store.down = true;
    rig.place(1);
    auto& worker = rig.start_worker(config);
    rig.loop.advance(1s);
    rig.orders.set_down(true);
    rig.loop.advance(2min);  // the lease ran out unseen
    rig.orders.set_down(false);
    rig.store.down = false;

    rig.loop.advance(2min);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    EXPECT_EQ(rig.payments.effects().size(), 1U);
    EXPECT_THAT(rig.log_lines.lines, testing::HasSubstr("message.lease_lost"));
    EXPECT_EQ(worker.orders.removals, 1U);  // by the second delivery's receipt alone
    rig.check_books();
}

TEST(Heartbeat, GivenARetry_WhenItsBackoffRuns_ThenNoLateExtensionHoldsTheMessage) {
    WorkerRig rig;
    auto config = WorkerConfig();
    config.processing.retry = orders::BackoffPolicy{0ms, 0ms};
    rig.place(1, "tok_flaky");
    rig.start_worker(config);

    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.payments.calls(), 5U);  // two failures; each later delivery asks by the key first
}

TEST(Drain, GivenAnIdleWorker_WhenStopped_ThenItsLongPollsEndAtOnce) {
    WorkerRig rig;
    auto& worker = rig.start_worker();
    rig.loop.advance(1min);
    bool stopped = false;

    rig.loop.spawn(stop_by(worker.service, rig.loop.clock().now() + 25s, stopped));
    rig.loop.run_ready();

    EXPECT_TRUE(stopped);
    rig.place(1);
    rig.loop.advance(1min);
    EXPECT_EQ(rig.visible(rig.orders), 1U);
}

TEST(Drain, GivenWorkInProgress_WhenStopped_ThenItIsFinishedAndTheRestIsLeftAlone) {
    WorkerRig rig;
    auto config = WorkerConfig();
    config.orders = consumer_of(1, 5, 1);
    for (std::uint32_t i = 0; i < 12; ++i) rig.place(i, "tok_slow");
    auto& worker = rig.start_worker(config);
    rig.loop.advance(1s);
    bool stopped = false;

    rig.loop.spawn(stop_by(worker.service, rig.loop.clock().now() + 25s, stopped));
    rig.loop.advance(1s);
    EXPECT_FALSE(stopped);
    rig.loop.advance(2s);

    EXPECT_TRUE(stopped);
    EXPECT_EQ(rig.waiting(rig.orders), 7U);
    EXPECT_EQ(rig.visible(rig.orders), 7U);
    rig.check_books();
}

TEST(Drain, GivenWorkThatDoesNotEnd_WhenTheDeadlineComes_ThenItsMessagesAreGivenBackAtOnce) {
    WorkerRig rig;
    for (std::uint32_t i = 0; i < 5; ++i) rig.place(i, "tok_hang");
    auto& worker = rig.start_worker();
    rig.loop.advance(1s);
    bool stopped = false;

    rig.loop.spawn(stop_by(worker.service, rig.loop.clock().now() + 10s, stopped));
    rig.loop.advance(9s);
    EXPECT_FALSE(stopped);
    rig.loop.advance(1s);

    EXPECT_TRUE(stopped);
    EXPECT_EQ(worker.service.in_progress(), 0U);
    EXPECT_EQ(rig.visible(rig.orders), 5U);
}

TEST(Drain, GivenAStoreThatIsDown_WhenTheDeadlineComes_ThenEverythingIsGivenBack) {
    WorkerRig rig;
    rig.store.down = true;
    for (std::uint32_t i = 0; i < 20; ++i) rig.place(i);
    auto& worker = rig.start_worker();
    rig.loop.advance(1min);
    bool stopped = false;

    rig.loop.spawn(stop_by(worker.service, rig.loop.clock().now() + 10s, stopped));
    rig.loop.advance(10s);

    EXPECT_TRUE(stopped);
    EXPECT_EQ(rig.visible(rig.orders), 20U);
    rig.store.down = false;
    rig.start_worker();
    rig.loop.advance(1min);
    for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
}

TEST(Drain, GivenAnOpenCircuit_WhenTheDeadlineComes_ThenEverythingIsGivenBack) {
    WorkerRig rig;
    rig.payments.set_down(true);
    for (std::uint32_t i = 0; i < 30; ++i) rig.place(i);
    auto& worker = rig.start_worker();
    rig.loop.advance(1min);
    bool stopped = false;

    rig.loop.spawn(stop_by(worker.service, rig.loop.clock().now() + 10s, stopped));
    rig.loop.advance(10s);

    EXPECT_TRUE(stopped);
    EXPECT_EQ(rig.waiting(rig.orders), 30U);
    EXPECT_TRUE(rig.dead_letters().empty());
}

TEST(Drain, GivenAStopUnderWay_WhenStoppedAgain_ThenBothWaitForTheEnd) {
    WorkerRig rig;
    rig.place(1, "tok_slow");
    auto& worker = rig.start_worker();
    rig.loop.advance(1s);
    bool first = false;
    bool second = false;

    rig.loop.spawn(stop_by(worker.service, rig.loop.clock().now() + 25s, first));
    rig.loop.spawn(stop_by(worker.service, rig.loop.clock().now() + 25s, second));
    rig.loop.advance(1s);
    EXPECT_FALSE(first || second);
    rig.loop.advance(2s);

    EXPECT_TRUE(first && second);
    rig.loop.run(worker.service.stop(rig.loop.clock().now()));
}

TEST(Drain, GivenAWorkerThatWasNeverStarted_WhenStopped_ThenItEnds) {
    WorkerRig rig;
    WorkerService service(WorkerPorts{rig.orders, rig.commands, rig.letters, rig.store, rig.operators, rig.instances,
                                      rig.payments, rig.entropy, rig.observer},
                          rig.parts(), WorkerConfig());
    bool stopped = false;

    rig.loop.spawn(stop_by(service, rig.loop.clock().now(), stopped));
    rig.loop.run_ready();

    EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace orderflow::worker
