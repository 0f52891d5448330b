// Orders that stand longer than they may: the whole way from the look at the store to the money back and the stock
// free.
#include "worker-service/hold_sweeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "libs/orders/domain/limits.hpp"
#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

using orders::OrderStatus;
using testing::Contains;

class Sweep : public ::testing::Test {
  protected:
    ~Sweep() override { rig.loop.run(sweeper.stop(Instant::max())); }

    std::vector<std::string> events(std::uint32_t order) {
        std::vector<std::string> names;
        for (const auto& event : rig.loop.run(rig.memory.events(orders::samples::order_id(order), 0)).value()) {
            names.emplace_back(to_string(event.type));
        }
        return names;
    }
    // As a worker leaves it whose charge has failed until the budget was spent.
    void hold(std::uint32_t order) {
        const auto id = orders::samples::order_id(order);
        std::vector<orders::Change> changes;
        changes.emplace_back(orders::samples::place(id, orders::samples::draft({{"book", 1}})));
        for (int i = 0; i < orders::limits::retry_budget; ++i) {
            changes.emplace_back(orders::RecordFailure(id, orders::samples::letter("msg_" + std::to_string(order))));
        }
        (void)rig.loop.run(rig.memory.apply(std::move(changes)));
        ASSERT_EQ(rig.status(order), OrderStatus::on_hold);
    }

    WorkerRig rig;
    HoldSweeper sweeper{{rig.memory, rig.orders, rig.commands, rig.observer}, rig.parts(), SweepPolicy()};
};

TEST_F(Sweep, GivenAReservationOnHold_WhenItsTimeIsOver_ThenItsChargeIsVoidedAndItsStockIsFree) {
    hold(1);
    sweeper.start();
    rig.loop.advance(std::chrono::hours(72) - 2min);
    EXPECT_EQ(rig.waiting(rig.commands), 0U) << "within its time";

    rig.start_worker();
    rig.loop.advance(4min);

    EXPECT_EQ(rig.status(1), OrderStatus::cancelled);
    EXPECT_EQ(rig.find(1)->cancel->reason, orders::hold_time_limit_reason);
    EXPECT_THAT(events(1), Contains("payment.voided"));
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    rig.check_books();
}

TEST_F(Sweep, GivenAWallClockThatIsSetFarForward_WhenSwept_ThenNoHoldEnds) {
    hold(1);
    sweeper.start();

    rig.loop.clock().jump_wall(std::chrono::hours(24 * 400));
    rig.loop.advance(std::chrono::hours(1));

    EXPECT_EQ(rig.waiting(rig.commands), 0U);
}

TEST_F(Sweep, GivenARoundThatIsUnderWay_WhenAskedToStop_ThenItEndsWithoutAnotherLook) {
    hold(1);
    rig.loop.advance(std::chrono::hours(80));
    using Fault = InMemoryMessageQueue::SendFault;
    rig.commands.inject({Fault::Kind::hold_answer, Error(ErrorKind::internal, "")});
    sweeper.start();
    rig.loop.run_ready();

    sweeper.ask_to_stop();
    rig.loop.run_ready();
    rig.commands.release_answers();
    rig.loop.run_ready();

    EXPECT_EQ(rig.waiting(rig.commands), 1U);
}

// The drain time of the program is not the sweeper's to spend: what it sent is sent again by the next process.
TEST_F(Sweep, GivenAQueueThatDoesNotAnswer_WhenStopped_ThenTheDeadlineHolds) {
    hold(1);
    rig.loop.advance(std::chrono::hours(80));
    using Fault = InMemoryMessageQueue::SendFault;
    rig.commands.inject({Fault::Kind::hold_answer, Error(ErrorKind::internal, "")});
    sweeper.start();
    rig.loop.run_ready();
    std::optional<bool> ended;
    const auto stop = [](HoldSweeper& of, Instant until, std::optional<bool>& out) -> task<void> {
        out = co_await of.stop(until);
    };

    rig.loop.spawn(stop(sweeper, rig.loop.clock().now() + 5s, ended));
    rig.loop.advance(4s);
    EXPECT_FALSE(ended.has_value());
    rig.loop.advance(1s);

    EXPECT_EQ(ended, false);
    rig.commands.release_answers();
    rig.loop.run_ready();
}

TEST_F(Sweep, GivenNobodyWhoReceives_WhenManyRoundsPass_ThenACommandIsSentOnceAnHour) {
    hold(1);
    rig.loop.advance(std::chrono::hours(80));

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

// As a store is that was set back to an older copy: the order is under way, and its message was removed long ago.
TEST_F(Sweep, GivenAReservedOrderWhoseMessageIsGone_WhenItsTimeIsOver_ThenItSettlesAsTheProviderKnowsIt) {
    const auto id = orders::samples::order_id(1);
    const auto draft = orders::samples::draft({{"book", 1}}, orders::samples::token("tok_ok"));
    (void)rig.loop.run(rig.memory.apply({orders::samples::place(id, draft)}));
    const auto order = rig.find(1).value();
    const orders::Money total(order.total, orders::samples::eur());
    (void)rig.loop.run(rig.payments.charge({order.charge->key, id, total, draft.payment}));
    sweeper.start();
    rig.loop.advance(std::chrono::hours(12) - 2min);
    EXPECT_EQ(rig.waiting(rig.orders), 0U) << "it may still be on its way";
    rig.loop.advance(4min);
    EXPECT_EQ(rig.waiting(rig.orders), 1U);
    rig.loop.advance(std::chrono::hours(11));
    EXPECT_EQ(rig.waiting(rig.orders), 1U) << "once";

    rig.start_worker();
    rig.loop.advance(1min);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.payments.charges(), 1U) << "the one that was made before";
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    rig.check_books();
}

TEST_F(Sweep, GivenAnOrderThatWasSentAgain_WhenItIsHeldThen_ThenTheHoldEndsInItsOwnTime) {
    SweepPolicy policy;
    policy.limits.hold_time_limit = std::chrono::hours(1);
    HoldSweeper hasty({rig.memory, rig.orders, rig.commands, rig.observer}, rig.parts(), policy);
    const auto id = orders::samples::order_id(1);
    (void)rig.loop.run(rig.memory.apply({orders::samples::place(id)}));
    hasty.start();
    rig.loop.advance(std::chrono::hours(12) + 1min);
    ASSERT_EQ(rig.waiting(rig.orders), 1U);

    (void)rig.loop.run(rig.memory.apply({orders::HoldOrder(id, orders::samples::letter("msg_1"))}));
    rig.loop.advance(std::chrono::hours(1) + 2min);

    EXPECT_EQ(rig.waiting(rig.commands), 1U) << "what was sent for the order under way is no excuse";
    rig.loop.run(hasty.stop(Instant::max()));
}

TEST_F(Sweep, GivenARefundThatIsRefused_WhenDaysPass_ThenItIsOneLetterAndOneEventAndTheMoneyGoesBackWhenMended) {
    rig.start_worker();
    sweeper.start();
    rig.place(1, "tok_ok");
    rig.loop.advance(1s);
    rig.payments.refuses_refunds = true;
    rig.cancel(1);

    rig.loop.advance(std::chrono::hours(48));

    EXPECT_EQ(rig.dead_letters().size(), 1U);
    EXPECT_EQ(std::ranges::count(events(1), "payment.refund_failed"), 1);
    rig.payments.refuses_refunds = false;
    rig.loop.advance(std::chrono::hours(2));
    EXPECT_EQ(rig.status(1), OrderStatus::cancelled);
    rig.check_books();
}

TEST_F(Sweep, GivenMoreOrdersThanARoundTakes_WhenRoundsPass_ThenAllHaveTheirTurn) {
    SweepPolicy policy;
    policy.pages_max = 1;
    HoldSweeper narrow({rig.memory, rig.orders, rig.commands, rig.observer}, rig.parts(), policy);
    for (std::uint32_t order = 0; order < 150; ++order) hold(order);
    rig.loop.advance(std::chrono::hours(72));

    rig.start_worker();
    narrow.start();
    rig.loop.advance(10min);

    for (std::uint32_t order = 0; order < 150; ++order) EXPECT_EQ(rig.status(order), OrderStatus::cancelled) << order;
    rig.loop.run(narrow.stop(Instant::max()));
    rig.check_books();
}

}  // namespace
}  // namespace orderflow::worker
