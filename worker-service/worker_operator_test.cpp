// An operator repairs what failed: commands arrive as messages, letters are sent again, and each command has its effect
// once however often it is delivered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

namespace samples = orders::samples;
using orders::CommandState;
using orders::LetterAction;
using orders::LetterState;
using orders::OrderStatus;

orders::ActOnLetters all_letters(LetterAction action) { return {action, {}, 0}; }

// The order's receives were spent: it is on hold, and its message is a dead letter.
void fail_order(WorkerRig& rig, std::uint32_t number) {
    rig.send(rig.letters, {WorkerRig::place_body(samples::order_id(number),
                                                 samples::draft({{"book", 1}}, samples::token("tok_ok")))});
    rig.loop.advance(1s);
    EXPECT_EQ(rig.status(number), OrderStatus::on_hold);
}

TEST(OperatorCommands, GivenAnOrderOnHold_WhenItsLetterIsRedriven_ThenItResumesAndIsConfirmedAndTheRecordSaysSo) {
    WorkerRig rig;
    rig.start_worker();
    fail_order(rig, 1);

    rig.redrive("cmd_a", {1});
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.dead_letters().at(0).state, LetterState::redriven);
    EXPECT_EQ(rig.dead_letters().at(0).changed_by, "cmd_a");
    EXPECT_EQ(rig.record("cmd_a").state, CommandState::done);
    EXPECT_EQ(rig.record("cmd_a").changed, 1);
    EXPECT_EQ(rig.record("cmd_a").by, "kim");
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    rig.check_books();
}

TEST(OperatorCommands, GivenACommandThatIsDeliveredAgain_ThenItHasNoSecondEffect) {
    WorkerRig rig;
    rig.start_worker();
    fail_order(rig, 1);
    rig.redrive("cmd_a", {1});
    rig.loop.advance(1s);
    const auto before = rig.record("cmd_a");
    fail_order(rig, 2);

    rig.command("cmd_a", all_letters(LetterAction::redrive));  // whatever it says now: the id decides
    rig.loop.advance(1s);

    EXPECT_EQ(rig.record("cmd_a"), before);
    EXPECT_EQ(rig.status(2), OrderStatus::on_hold);
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
}

TEST(OperatorCommands, GivenACustomerWithManyOrders_WhenErased_ThenAllAreTombstonesAndTheBooksAreWhole) {
    WorkerRig rig;
    rig.start_worker();
    constexpr std::uint32_t many = 3 * orders::limits::orders_erased_at_once + 1;
    for (std::uint32_t i = 0; i < many; ++i) {
        rig.send(rig.orders, {WorkerRig::place_body(samples::order_id(i), samples::draft({{"no_such_book", 1}}))});
    }
    rig.send(rig.orders, {WorkerRig::place_body(samples::order_id(900), samples::draft({{"book", 1}}))});
    rig.loop.advance(10s);
    ASSERT_EQ(rig.status(0), OrderStatus::rejected);
    ASSERT_EQ(rig.status(900), OrderStatus::confirmed);

    for (int delivery = 0; delivery < 2; ++delivery) {
        rig.command("cmd_e", orders::EraseCustomer(orders::EraseCustomer::By::email, "ada@example.org"));
        rig.loop.advance(10s);
    }

    EXPECT_EQ(rig.record("cmd_e").state, CommandState::done);
    EXPECT_EQ(rig.record("cmd_e").changed, many);
    EXPECT_EQ(rig.record("cmd_e").skipped, 1);
    EXPECT_FALSE(rig.find(0));
    EXPECT_FALSE(rig.find(many - 1));
    EXPECT_TRUE(rig.find(900));
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
}

TEST(OperatorCommands, GivenMoreLettersThanAPage_WhenAllAreRedriven_ThenEachOrderIsConfirmedOnce) {
    WorkerRig rig;
    rig.start_worker();
    constexpr std::uint32_t orders = 250;
    for (std::uint32_t i = 0; i < orders; ++i) {
        rig.send(rig.letters, {WorkerRig::place_body(samples::order_id(i), samples::draft({{"book", 1}}))});
    }
    rig.loop.advance(1min);
    ASSERT_EQ(rig.dead_letters().size(), orders);

    rig.command("cmd_a", all_letters(LetterAction::redrive));
    rig.loop.advance(1min);

    for (std::uint32_t i = 0; i < orders; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
    EXPECT_EQ(rig.record("cmd_a").changed, orders);
    EXPECT_EQ(rig.record("cmd_a").state, CommandState::done);
    rig.check_books();
}

TEST(OperatorCommands, GivenARate_WhenAllAreRedriven_ThenSoManyGoASecondUntilItIsStopped) {
    WorkerRig rig;
    rig.start_worker();
    for (std::uint32_t i = 0; i < 50; ++i) {
        rig.send(rig.letters, {WorkerRig::place_body(samples::order_id(i), samples::draft({{"book", 1}}))});
    }
    rig.loop.advance(1min);
    auto slowly = all_letters(LetterAction::redrive);
    slowly.per_second = 2;

    rig.command("cmd_a", slowly);
    rig.loop.advance(9s);
    EXPECT_GE(rig.record("cmd_a").changed, 16);
    EXPECT_LE(rig.record("cmd_a").changed, 20);
    rig.command("cmd_b", orders::StopCommand{"cmd_a"});
    rig.loop.advance(1s);
    const auto stopped_at = rig.record("cmd_a").changed;
    rig.loop.advance(10min);

    EXPECT_EQ(rig.record("cmd_a").state, CommandState::stopped);
    EXPECT_EQ(rig.record("cmd_a").changed, stopped_at);
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    rig.check_books();
}

task<void> stop_worker(WorkerService& service, Instant deadline, bool& stopped) {  // both outlive the run
    co_await service.stop(deadline);
    stopped = true;
}

void fail_orders(WorkerRig& rig, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        rig.send(rig.letters, {WorkerRig::place_body(samples::order_id(i), samples::draft({{"book", 1}}))});
    }
    rig.loop.advance(1min);
    ASSERT_EQ(rig.dead_letters().size(), count);
}

TEST(OperatorCommands, GivenARedriveWithARate_WhenItsWorkerStops_ThenThatEndsAtOnceAndAnotherGoesOnWithIt) {
    WorkerRig rig;
    auto& first = rig.start_worker();
    fail_orders(rig, 60);
    auto slowly = all_letters(LetterAction::redrive);
    slowly.per_second = 1;
    rig.command("cmd_a", slowly);
    rig.loop.advance(5s);
    ASSERT_GE(rig.record("cmd_a").changed, 4);
    bool stopped = false;

    rig.loop.spawn(stop_worker(first.service, rig.loop.clock().now() + 25s, stopped));
    rig.loop.advance(100ms);

    EXPECT_TRUE(stopped);
    EXPECT_EQ(rig.visible(rig.commands), 1U) << "for another worker, now";
    rig.start_worker();
    rig.loop.advance(30s);
    EXPECT_LE(rig.record("cmd_a").changed, 37) << "at its rate";
    rig.loop.advance(1min);
    EXPECT_EQ(rig.record("cmd_a").state, CommandState::done);
    EXPECT_EQ(rig.record("cmd_a").changed, 60);
    rig.check_books();
}

TEST(OperatorCommands, GivenARedriveThatTakesLongerThanAMessageIsHeld_ThenOneWorkerAtATimeKeepsItsRate) {
    WorkerRig rig;
    WorkerConfig config;
    config.commands.lease.hold_max = 20s;
    config.operating_turn_max = 10s;
    auto& worker = rig.start_worker(config);
    fail_orders(rig, 150);
    auto slowly = all_letters(LetterAction::redrive);
    slowly.per_second = 1;

    rig.command("cmd_a", slowly);
    rig.loop.advance(110s);

    EXPECT_GE(rig.record("cmd_a").changed, 100);
    EXPECT_LE(rig.record("cmd_a").changed, 125);
    rig.loop.advance(1min);
    EXPECT_EQ(rig.record("cmd_a").state, CommandState::done);
    EXPECT_EQ(rig.record("cmd_a").changed, 150);
    EXPECT_EQ(worker.orders.removals, 150U) << "two that share the command send a letter twice";
}

TEST(OperatorCommands, GivenAWorkerThatDiesAnywhere_WhenAnotherTakesTheCommandUp_ThenTheOrderIsConfirmedOnce) {
    for (std::uint64_t boundary = 1; boundary < 60; ++boundary) {
        SCOPED_TRACE(boundary);
        WorkerRig rig;
        auto& first = rig.start_worker();
        fail_order(rig, 1);
        const auto passed = first.life.passed();
        first.life.arm(passed + boundary);
        rig.redrive("cmd_a", {1});
        rig.loop.advance(1s);
        first.life.pull();

        rig.start_worker();
        rig.loop.advance(10min);

        EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
        EXPECT_EQ(rig.payments.effects().size(), 1U);
        EXPECT_EQ(rig.record("cmd_a").state, CommandState::done);
        EXPECT_EQ(rig.record("cmd_a").changed, 1);
        rig.check_books();
    }
}

TEST(OperatorCommands, GivenAStoreThatIsDown_WhenItIsBack_ThenTheCommandIsCarriedOut) {
    WorkerRig rig;
    rig.start_worker();
    fail_order(rig, 1);
    rig.operators.down = true;
    rig.redrive("cmd_a", {1});
    rig.loop.advance(1min);
    rig.operators.down = false;

    rig.loop.advance(20min);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
}

TEST(OperatorCommands, GivenAQueueThatIsDown_WhenItIsBack_ThenTheLetterIsSentAndStaysOpenUntilThen) {
    WorkerRig rig;
    rig.start_worker();
    fail_order(rig, 1);
    rig.orders.set_down(true);
    rig.redrive("cmd_a", {1});
    rig.loop.advance(10s);
    EXPECT_EQ(rig.dead_letters().at(0).state, LetterState::open);
    EXPECT_EQ(rig.record("cmd_a").state, CommandState::running);
    rig.orders.set_down(false);

    rig.loop.advance(20min);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.record("cmd_a").state, CommandState::done);
}

TEST(OperatorCommands, GivenADiscardedLetter_WhenRedriven_ThenItIsRefusedUntilItIsRestored) {
    WorkerRig rig;
    rig.start_worker();
    fail_order(rig, 1);
    rig.command("cmd_a", orders::ActOnLetters{LetterAction::discard, {{1}, {}}, 0});
    rig.loop.advance(1s);
    rig.redrive("cmd_b", {1});
    rig.loop.advance(1s);

    EXPECT_EQ(rig.record("cmd_b").state, CommandState::refused);
    EXPECT_EQ(rig.record("cmd_b").code, "letter.none");
    EXPECT_EQ(rig.status(1), OrderStatus::on_hold);

    rig.command("cmd_c", orders::ActOnLetters{LetterAction::restore, {{1}, {}}, 0});
    rig.redrive("cmd_d", {1});
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
}

TEST(OperatorCommands, GivenAMessageThatNobodyCouldRead_WhenItsBodyIsEditedAndRedriven_ThenItsOrderIsPlaced) {
    WorkerRig rig;
    rig.start_worker();
    const auto good = WorkerRig::place_body(samples::order_id(1), samples::draft({{"book", 1}}));
    auto bad = good;
    bad.replace(bad.find("\"1.0\""), 5, "\"9.9\"");
    rig.send(rig.orders, {bad});
    rig.loop.advance(1s);
    ASSERT_EQ(rig.dead_letters().at(0).letter.code, "message.malformed");

    rig.command("cmd_a", contract::make_edit(1, good).value());
    rig.redrive("cmd_b", {1});
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.dead_letters().at(0).original_body, bad);
}

TEST(OperatorCommands, GivenALetterOfAStoredOrder_WhenItsOrderIsEdited_ThenItIsRefusedBecauseItWouldHaveNoEffect) {
    WorkerRig rig;
    rig.start_worker();
    fail_order(rig, 1);
    const auto other = WorkerRig::place_body(samples::order_id(1), samples::draft({{"book", 7}}));

    rig.command("cmd_a", contract::make_edit(1, other).value());
    rig.loop.advance(1s);

    EXPECT_EQ(rig.record("cmd_a").code, "letter.order_stored");
    EXPECT_FALSE(rig.dead_letters().at(0).original_body);
}

TEST(OperatorCommands, GivenALetterOfACancel_WhenRedriven_ThenItGoesToTheQueueOfCommands) {
    WorkerRig rig;
    rig.place(1);
    rig.start_worker();
    rig.loop.advance(1s);
    rig.send(rig.letters, {WorkerRig::cancel_body(samples::order_id(1))});
    rig.loop.advance(1s);
    ASSERT_EQ(rig.status(1), OrderStatus::confirmed) << "a letter alone cancels nothing";

    rig.redrive("cmd_a", {1});
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::cancelled);
    rig.check_books();
}

TEST(OperatorCommands, GivenACommandThatNobodyCanRead_ThenItIsADeadLetter) {
    WorkerRig rig;
    rig.start_worker();
    rig.send(rig.commands, {R"({"specversion":"1.0","id":"x","type":"orderflow.operator.letters.v9"})"});

    rig.loop.advance(1s);

    ASSERT_EQ(rig.dead_letters().size(), 1U);
    EXPECT_EQ(rig.dead_letters()[0].letter.queue, "orders-commands");
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
}

}  // namespace
}  // namespace orderflow::worker
