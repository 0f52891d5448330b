// The store, the provider or the queue is down, slow, or answers nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/domain/limits.hpp"
#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

namespace samples = orders::samples;
using orders::OrderStatus;
using testing::HasSubstr;

void place_many(WorkerRig& rig, std::uint32_t from, std::uint32_t to, const char* token = "tok_ok") {
    for (auto i = from; i < to; ++i) rig.place(i, token);
}

std::size_t count(const std::string& text, std::string_view word) {
    std::size_t found = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
    return found;
}

TEST(QueueOutage, GivenFiveMinutesWithoutAQueue_WhenItReturns_ThenTheLogTellsTheCauseAFewTimesAndTheEnd) {
    WorkerRig rig;
    rig.orders.set_down(true);
    rig.start_worker();

    rig.loop.advance(3s);
    EXPECT_EQ(count(rig.log_lines.lines, "queue.call_failed"), 1U) << rig.log_lines.lines;
    EXPECT_THAT(rig.log_lines.lines, HasSubstr(R"("why":"The test says so.")"));
    rig.loop.advance(5min);
    EXPECT_LE(count(rig.log_lines.lines, "queue.call_failed"), 11U);
    EXPECT_GE(count(rig.log_lines.lines, "queue.call_failed"), 8U);
    EXPECT_EQ(count(rig.log_lines.lines, "queue.call_answered"), 0U);

    rig.orders.set_down(false);
    rig.loop.advance(1min);
    EXPECT_EQ(count(rig.log_lines.lines, "queue.call_answered"), 1U);
}

TEST(StoreOutage, GivenTenMinutesWithoutAStore_WhenItReturns_ThenNothingWasDeadLetteredAndAllSettle) {
    WorkerRig rig;
    auto config = WorkerConfig();
    config.orders = consumer_of(2, 30, 2);
    rig.store.down = true;
    place_many(rig, 0, 100);
    rig.cancel(3);
    auto& worker = rig.start_worker(config);

    rig.loop.advance(10min);

    EXPECT_TRUE(worker.service.store_is_down());
    EXPECT_LE(worker.service.in_progress(), 31U);
    EXPECT_EQ(rig.visible(rig.orders),
              100U - config.orders.in_progress_first);  // receiving stopped, and the leases of the others are held
    EXPECT_TRUE(rig.dead_letters().empty());
    EXPECT_EQ(rig.waiting(rig.letters), 0U);
    EXPECT_LT(rig.store.applies, 400U);  // asked with backoff

    rig.store.down = false;
    rig.loop.advance(30s);

    EXPECT_FALSE(worker.service.store_is_down());
    for (std::uint32_t i = 0; i < 100; ++i) {
        EXPECT_EQ(rig.status(i), i == 3 ? OrderStatus::cancelled : OrderStatus::confirmed) << i;
        EXPECT_EQ(rig.find(i)->tries, 0);
    }
    EXPECT_EQ(rig.waiting(rig.orders) + rig.waiting(rig.commands), 0U);
    rig.check_books();
}

TEST(StoreOutage, GivenAnswersThatAreLost_WhenAppliedAgain_ThenEachEffectHappensOnce) {
    WorkerRig rig;
    rig.store.lose_answers = 5;
    place_many(rig, 0, 20);
    rig.start_worker();

    rig.loop.advance(2min);

    for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
    EXPECT_EQ(rig.payments.effects().size(), 20U);
    rig.check_books();
}

TEST(StoreOutage, GivenAChangeThatFailsItsWholeGroup_WhenIsolated_ThenItsNeighboursSettle) {
    WorkerRig rig;
    rig.store.group_poison = samples::order_id(7);
    place_many(rig, 0, 20);
    rig.start_worker();

    rig.loop.advance(1s);

    for (std::uint32_t i = 0; i < 20; ++i) {
        EXPECT_EQ(rig.status(i), i == 7 ? OrderStatus::accepted : OrderStatus::confirmed) << i;
    }
    EXPECT_EQ(rig.waiting(rig.orders), 1U);

    // Redelivered until the queue has enough of it: then it is on hold, with its body.
    rig.loop.advance(4h);
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    rig.store.group_poison.reset();
    rig.loop.advance(1h);
    EXPECT_EQ(rig.waiting(rig.letters), 0U);
    EXPECT_EQ(rig.dead_letters().size(), 1U);
}

TEST(StoreOutage, GivenAMessageThatWasDeliveredBefore_WhenApplied_ThenItsGroupIsItsOwn) {
    WorkerRig rig;
    place_many(rig, 0, 10);
    auto& first = rig.start_worker();
    rig.store.down = true;
    rig.loop.run_ready();
    first.life.pull();
    rig.orders.end_leases();
    rig.store.down = false;
    place_many(rig, 10, 20);

    rig.start_worker();
    rig.loop.advance(1min);

    for (const auto& group : rig.store.groups) {
        for (const auto& change : group) {
            const auto id = *orders::order_id_of(change);
            bool suspect = false;
            for (std::uint32_t i = 0; i < 10; ++i) suspect |= id == samples::order_id(i);
            EXPECT_TRUE(!suspect || group.size() == 1);
        }
    }
    for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
}

TEST(PaymentOutage, GivenTenMinutesWithoutAProvider_WhenItReturns_ThenNothingWasDeadLetteredAndAllSettle) {
    WorkerRig rig;
    auto config = WorkerConfig();
    config.orders = consumer_of(2, 30, 2);
    rig.payments.set_down(true);
    place_many(rig, 0, 200);
    auto& worker = rig.start_worker(config);

    rig.loop.advance(10min);

    EXPECT_TRUE(worker.service.payments_are_down());
    EXPECT_TRUE(rig.dead_letters().empty());
    EXPECT_LE(worker.service.in_progress(), 30U);
    EXPECT_GE(rig.visible(rig.orders), 160U);
    EXPECT_LT(rig.payments.calls(), 650U);  // five orders in five seconds

    rig.payments.set_down(false);
    rig.loop.advance(10s);
    EXPECT_FALSE(worker.service.payments_are_down());
    rig.loop.advance(5min);

    EXPECT_FALSE(worker.service.payments_are_down());
    for (std::uint32_t i = 0; i < 200; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
    EXPECT_TRUE(rig.dead_letters().empty());
    rig.check_books();
}

TEST(PaymentOutage, GivenTenMinutesWithoutAProvider_WhenOneOrderIsAlone_ThenItIsNotHeldEither) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        WorkerRig rig(seed);
        rig.payments.set_down(true);
        rig.place(1, "tok_ok");
        rig.start_worker();

        rig.loop.advance(10min);
        EXPECT_TRUE(rig.dead_letters().empty());
        rig.payments.set_down(false);
        rig.loop.advance(20min);

        EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    }
}

TEST(PaymentOutage, GivenCancelsWhileTheProviderIsDown_WhenItReturns_ThenTheyAreRefunded) {
    WorkerRig rig;
    place_many(rig, 0, 20);
    rig.start_worker();
    rig.loop.advance(1s);
    rig.payments.set_down(true);
    for (std::uint32_t i = 0; i < 20; ++i) rig.cancel(i, "cmd_" + std::to_string(i));

    rig.loop.advance(10min);
    for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(rig.status(i), OrderStatus::cancelling) << i;
    rig.payments.set_down(false);
    rig.loop.advance(20min);

    for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(rig.status(i), OrderStatus::cancelled) << i;
    EXPECT_TRUE(rig.dead_letters().empty());
    rig.check_books();
}

TEST(PaymentOutage, GivenAProviderThatIsDown_WhenTheBacklogIsLarge_ThenItSeesACallASecond) {
    WorkerRig rig;
    place_many(rig, 0, 100);
    rig.start_worker();
    rig.loop.advance(10s);
    rig.payments.set_down(true);
    place_many(rig, 100, 1100);
    rig.loop.advance(10s);

    for (int minute = 0; minute < 10; ++minute) {
        const auto before = rig.payments.calls();
        rig.loop.advance(1min);
        EXPECT_LE(rig.payments.calls() - before, 65U);
    }
    EXPECT_TRUE(rig.dead_letters().empty());
}

TEST(PaymentOutage, GivenDozensOfOrdersThatFailTwice_WhenGoodOnesFollow_ThenAllSettleWithinTwoMinutes) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        WorkerRig rig(seed);
        place_many(rig, 0, 60, "tok_flaky");
        place_many(rig, 60, 80);
        rig.start_worker();

        rig.loop.advance(2min);

        for (std::uint32_t i = 0; i < 80; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
        rig.check_books();
    }
}

TEST(PaymentOutage, GivenAThousandOrders_WhenEveryOtherFailsTwice_ThenAllSettleWithinTenMinutes) {
    WorkerRig rig;
    for (std::uint32_t i = 0; i < 1000; ++i) rig.place(i, i % 2 == 0 ? "tok_flaky" : "tok_ok");
    rig.start_worker();

    rig.loop.advance(10min);

    std::size_t confirmed = 0;
    for (std::uint32_t i = 0; i < 1000; ++i) confirmed += rig.status(i) == OrderStatus::confirmed ? 1 : 0;
    EXPECT_EQ(confirmed, 1000U);
    EXPECT_TRUE(rig.dead_letters().empty());
}

TEST(PaymentOutage, GivenDozensOfOrdersThatCanNeverBePaid_WhenGoodOnesFollow_ThenThoseSettleWithinTwoMinutes) {
    WorkerRig rig;
    for (std::uint32_t i = 0; i < 60; ++i) rig.payments.never_answer(samples::order_id(i));
    place_many(rig, 0, 60);
    place_many(rig, 60, 80);
    rig.start_worker();

    rig.loop.advance(2min);

    for (std::uint32_t i = 60; i < 80; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
}

TEST(PaymentOutage, GivenAFewOrdersThatCanNeverBePaid_WhenOthersCome_ThenThoseArePaidAndTheFewAreHeld) {
    WorkerRig rig;
    for (std::uint32_t i = 0; i < 15; ++i) rig.payments.never_answer(samples::order_id(i));
    place_many(rig, 0, 15);
    auto& worker = rig.start_worker();
    rig.loop.advance(1min);
    EXPECT_TRUE(worker.service.payments_are_down());

    place_many(rig, 100, 130);
    rig.loop.advance(5min);
    for (std::uint32_t i = 100; i < 130; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;

    rig.loop.advance(24h);
    for (std::uint32_t i = 0; i < 15; ++i) EXPECT_EQ(rig.status(i), OrderStatus::on_hold) << i;
    EXPECT_EQ(rig.dead_letters().size(), 15U);
    EXPECT_EQ(rig.waiting(rig.orders) + rig.waiting(rig.letters), 0U);
    rig.check_books();
}

TEST(PaymentOutage, GivenAnOrderThatCanNeverBePaid_WhenItsBudgetIsSpent_ThenItIsHeldAndARedriveSettlesIt) {
    WorkerRig rig;
    rig.payments.never_answer(samples::order_id(1));
    rig.place(1);
    rig.start_worker();
    for (std::uint32_t i = 0; i < 600 && rig.status(1) != OrderStatus::on_hold; ++i) {
        rig.place(1000 + i);  // a provider that answers others
        rig.loop.advance(1min);
    }

    EXPECT_EQ(rig.status(1), OrderStatus::on_hold);
    ASSERT_EQ(rig.dead_letters().size(), 1U);
    const auto letter = rig.dead_letters()[0].letter;
    EXPECT_EQ(letter.code, "payment.unavailable");
    EXPECT_EQ(letter.receive_count, static_cast<std::uint32_t>(orders::limits::retry_budget));
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    rig.check_books();
}

TEST(PaymentOutage, GivenACallThatIsNeverAnswered_WhenItsTimeIsOver_ThenItIsRetriedByItsKey) {
    WorkerRig rig;
    rig.place(1, "tok_hang");
    rig.start_worker();

    rig.loop.advance(29s);
    EXPECT_EQ(rig.find(1)->tries, 0);
    rig.loop.advance(2s);
    EXPECT_EQ(rig.find(1)->tries, 1);
    EXPECT_THAT(rig.log_lines.lines, HasSubstr("payment.outcome_unknown"));
}

TEST(PaymentOutage, GivenAChargeWhoseAnswerWasLost_WhenItIsResumed_ThenTheProviderIsAskedAndNotChargedAgain) {
    WorkerRig rig;
    rig.place(1, "tok_unknown");
    rig.start_worker();

    rig.loop.advance(2min);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.payments.charges(), 1U);
    rig.check_books();
}

TEST(QueueOutage, GivenAQueueThatIsDown_WhenItReturns_ThenTheWorkGoesOn) {
    WorkerRig rig;
    auto& worker = rig.start_worker();
    rig.orders.set_down(true);
    rig.loop.advance(10min);
    EXPECT_LT(worker.life.passed(), 11'000U);  // 8 receivers, about one call in 2.5 s each
    rig.orders.set_down(false);

    rig.place(1);
    rig.loop.advance(10s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
}

TEST(QueueOutage, GivenTenMinutesWithoutAQueueInTheMiddleOfWork_WhenItReturns_ThenNothingIsDeadLetteredAndAllSettle) {
    WorkerRig rig;
    place_many(rig, 0, 100);
    auto& worker = rig.start_worker();
    rig.loop.advance(20ms);
    rig.orders.set_down(true);
    rig.commands.set_down(true);
    rig.letters.set_down(true);

    rig.loop.advance(10min);

    EXPECT_FALSE(worker.service.store_is_down());
    EXPECT_FALSE(worker.service.payments_are_down());
    rig.orders.set_down(false);
    rig.commands.set_down(false);
    rig.letters.set_down(false);
    rig.loop.advance(2min);

    for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
    EXPECT_TRUE(rig.dead_letters().empty());
    EXPECT_EQ(rig.waiting(rig.orders) + rig.waiting(rig.commands) + rig.waiting(rig.letters), 0U);
    EXPECT_EQ(rig.payments.charges(), 100U);
    rig.check_books();
}

TEST(QueueOutage, GivenADeleteThatFails_WhenTheQueueReturns_ThenTheMessageIsDeletedWithoutASecondEffect) {
    WorkerRig rig;
    rig.place(1, "tok_slow");
    rig.start_worker();
    rig.loop.advance(1s);
    rig.orders.set_down(true);
    rig.loop.advance(5s);
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);

    rig.orders.set_down(false);
    rig.loop.advance(2min);

    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    EXPECT_EQ(rig.payments.effects().size(), 1U);
}

}  // namespace
}  // namespace orderflow::worker
