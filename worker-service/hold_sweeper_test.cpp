// Orders that stand longer than they may: the whole way from the look at the store to the money back and the stock
// free.
#include "worker-service/hold_sweeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

using orders::OrderStatus;
using testing::Contains;

class Sweep : public ::testing::Test {
  protected:
    ~Sweep() override { rig.loop.run(sweeper.stop()); }

    std::vector<std::string> events(std::uint32_t order) {
        std::vector<std::string> names;
        for (const auto& event : rig.loop.run(rig.memory.events(orders::samples::order_id(order), 0)).value()) {
            names.emplace_back(to_string(event.type));
        }
        return names;
    }
    // Its charge fails until the budget is spent.
    void hold(std::uint32_t order) {
        rig.payments.never_answer(orders::samples::order_id(order));
        rig.place(order, "tok_ok");
        rig.loop.advance(std::chrono::hours(6));
        ASSERT_EQ(rig.status(order), OrderStatus::on_hold);
    }

    WorkerRig rig;
    HoldSweeper sweeper{{rig.memory, rig.commands, rig.observer}, rig.parts(), SweepPolicy()};
};

TEST_F(Sweep, GivenAReservationOnHold_WhenItsTimeIsOver_ThenItsChargeIsVoidedAndItsStockIsFree) {
    rig.start_worker();
    sweeper.start();
    hold(1);
    rig.payments.never_answer(orders::samples::order_id(1), false);

    rig.loop.advance(std::chrono::hours(60));
    EXPECT_EQ(rig.status(1), OrderStatus::on_hold) << "within its time";
    rig.loop.advance(std::chrono::hours(13));

    EXPECT_EQ(rig.status(1), OrderStatus::cancelled);
    EXPECT_EQ(rig.find(1)->cancel->reason, orders::hold_time_limit_reason);
    EXPECT_THAT(events(1), Contains("payment.voided"));
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    rig.check_books();
}

TEST_F(Sweep, GivenAPausedWorker_WhenManyRoundsPass_ThenACommandIsSentOnceAnHour) {
    auto& worker = rig.start_worker();
    hold(1);
    rig.loop.advance(std::chrono::hours(80));
    worker.service.pause(WorkerQueue::commands);

    sweeper.start();
    rig.loop.advance(59min);

    EXPECT_EQ(rig.waiting(rig.commands), 1U);
    rig.loop.advance(2min);
    EXPECT_EQ(rig.waiting(rig.commands), 2U);
}

TEST_F(Sweep, GivenARefundThatFailsForLong_WhenTheProviderReturns_ThenItIsVisibleMeanwhileAndTheMoneyGoesBack) {
    rig.start_worker();
    sweeper.start();
    rig.place(1, "tok_ok");
    rig.loop.advance(1s);
    rig.payments.never_answer(orders::samples::order_id(1));
    rig.cancel(1);

    rig.loop.advance(std::chrono::hours(10));

    EXPECT_EQ(rig.status(1), OrderStatus::cancelling);
    EXPECT_EQ(rig.find(1)->failure->code, "payment.unavailable");
    EXPECT_THAT(events(1), Contains("payment.refund_failed"));
    EXPECT_FALSE(rig.dead_letters().empty());
    rig.payments.never_answer(orders::samples::order_id(1), false);
    rig.loop.advance(std::chrono::hours(2));
    EXPECT_EQ(rig.status(1), OrderStatus::cancelled);
    EXPECT_FALSE(rig.find(1)->failure.has_value());
    rig.check_books();
}

TEST_F(Sweep, GivenMoreOrdersThanARoundTakes_WhenRoundsPass_ThenAllHaveTheirTurn) {
    SweepPolicy policy;
    policy.pages_max = 1;
    HoldSweeper narrow({rig.memory, rig.commands, rig.observer}, rig.parts(), policy);
    rig.start_worker();
    for (std::uint32_t order = 0; order < 150; ++order) {
        rig.payments.never_answer(orders::samples::order_id(order));
        rig.place(order, "tok_ok");
    }
    rig.loop.advance(std::chrono::hours(48));
    for (std::uint32_t order = 0; order < 150; ++order) {
        ASSERT_EQ(rig.status(order), OrderStatus::on_hold);
        rig.payments.never_answer(orders::samples::order_id(order), false);
    }
    rig.loop.advance(std::chrono::hours(72));

    narrow.start();
    rig.loop.advance(10min);

    for (std::uint32_t order = 0; order < 150; ++order) EXPECT_EQ(rig.status(order), OrderStatus::cancelled) << order;
    rig.loop.run(narrow.stop());
    rig.check_books();
}

}  // namespace
}  // namespace orderflow::worker
