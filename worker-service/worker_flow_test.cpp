// What becomes of messages when nothing fails, and of messages that are wrong, doubled or late.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

namespace samples = orders::samples;
using orders::OrderStatus;
using testing::HasSubstr;
using testing::Not;

TEST(Worker, GivenOrders_WhenReceived_ThenTheySettleAndTheirMessagesAreDeleted) {
    WorkerRig rig;
    rig.place(1, "tok_ok");
    rig.place(2, "tok_declined");
    rig.place(3, samples::draft({{"no-such", 1}}));
    rig.place(4, samples::draft({{"book", 1}}, samples::invoice()));
    rig.start_worker();

    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.status(2), OrderStatus::rejected);
    EXPECT_EQ(rig.status(3), OrderStatus::rejected);
    EXPECT_EQ(rig.status(4), OrderStatus::confirmed);
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    EXPECT_EQ(rig.payments.effects().size(), 2U);
    rig.check_books();
}

TEST(Worker, GivenAProviderThatMovedAnotherAmount_WhenItAnswersOrIsAskedLater_ThenTheOrderGoesOnHold) {
    WorkerRig rig;
    rig.payments.says = orders::Money(1001, samples::eur());
    rig.place(1, "tok_ok");       // answered at once
    rig.place(2, "tok_unknown");  // asked by its key
    rig.start_worker();

    rig.loop.advance(1min);

    for (const auto order : {1U, 2U}) {
        EXPECT_EQ(rig.status(order), OrderStatus::on_hold);
        EXPECT_EQ(rig.find(order)->failure->code, "payment.amount_mismatch");
        EXPECT_THAT(rig.find(order)->failure->detail, HasSubstr("1001 EUR, not 1000 EUR"));
    }
    EXPECT_EQ(rig.dead_letters().size(), 2U);
}

TEST(Worker, GivenPreauthorizedOrders_WhenTheyDoNotFitWhatWasAuthorised_ThenTheyAreRejectedUncharged) {
    WorkerRig rig;
    const auto place = [&](std::uint32_t number, const char* reference) {
        rig.place(number, samples::draft({{"book", 1}}, samples::preauthorized(reference)));
    };
    rig.payments.authorizations["good"].amount = orders::Money(1000, samples::eur());
    rig.payments.authorizations["too-much"].amount = orders::Money(1001, samples::eur());
    rig.payments.authorizations["pounds"].amount = orders::Money(1000, samples::gbp());
    rig.payments.authorizations["used"].captured_by = orders::charge_effect(samples::order_id(77));
    place(1, "good");
    place(2, "too-much");
    place(3, "pounds");
    place(4, "used");
    place(5, "never-heard-of");
    rig.start_worker();

    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.find(2)->failure->code, "amount-mismatch");
    EXPECT_EQ(rig.find(3)->failure->code, "currency-mismatch");
    EXPECT_EQ(rig.find(4)->failure->code, "reference-used");
    EXPECT_EQ(rig.find(5)->failure->code, "unknown-reference");
    for (std::uint32_t order = 2; order <= 5; ++order) EXPECT_EQ(rig.status(order), OrderStatus::rejected);
    EXPECT_EQ(rig.payments.charges(), 1U);
    rig.check_books();
}

TEST(Worker, GivenNewsBeforeItsOrder_WhenTheOrderComes_ThenItIsSettledOnceAndTheNewsIsGone) {
    WorkerRig rig;
    const auto id = samples::order_id(1);
    const auto news = contract::encode_news({id, orders::charge_effect(id)}, "news_1", samples::at(0), std::nullopt);
    rig.send(rig.commands, {news});
    rig.start_worker();
    rig.loop.advance(2s);
    EXPECT_EQ(rig.waiting(rig.commands), 1U) << "it waits for its order";

    rig.place(1, "tok_ok");
    rig.loop.advance(1h);
    rig.send(rig.commands, {news});
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    EXPECT_EQ(rig.payments.charges(), 1U);
    EXPECT_TRUE(rig.dead_letters().empty());
    rig.check_books();
}

TEST(Worker, GivenNewsOfAnOrderThatNeverComes_WhenItsReceivesAreSpent_ThenItIsDroppedAndTold) {
    WorkerRig rig;
    const auto id = samples::order_id(1);
    rig.send(rig.commands,
             {contract::encode_news({id, orders::charge_effect(id)}, "news_1", samples::at(0), std::nullopt)});
    rig.start_worker();

    rig.loop.advance(std::chrono::hours(8));

    EXPECT_EQ(rig.waiting(rig.commands) + rig.waiting(rig.letters), 0U);
    EXPECT_TRUE(rig.dead_letters().empty()) << "there is nothing to mend";
    EXPECT_THAT(rig.metrics.render(), HasSubstr("orderflow_worker_messages_dropped_total{queue=\"orders-dlq\"} 1"));
    EXPECT_THAT(rig.log_lines.lines, HasSubstr("message.dropped"));
    EXPECT_THAT(rig.log_lines.lines, HasSubstr(id.to_string()));
}

TEST(Worker, GivenAFulfilmentOfAnOrderThatNeverComes_WhenItsReceivesAreSpent_ThenItsLetterNamesTheOrder) {
    WorkerRig rig;
    const auto id = samples::order_id(1);
    rig.send(rig.commands, {contract::encode_fulfillment({id, "parcel-1", {{samples::sku("book"), 1}}, samples::at(0)},
                                                         std::nullopt)});
    rig.start_worker();

    rig.loop.advance(std::chrono::hours(8));

    const auto letters = rig.dead_letters();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].order, id);
    EXPECT_FALSE(rig.find(1)) << "it is no order";
}

TEST(Worker, GivenAProviderThatRefusesARefund_WhenAsked_ThenTheOrderShowsItAndOneLetterIsOpenUntilItIsMended) {
    WorkerRig rig;
    rig.place(1, "tok_ok");
    rig.start_worker();
    rig.loop.advance(1s);
    rig.payments.refuses_refunds = true;
    rig.cancel(1);
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::cancelling);
    EXPECT_EQ(rig.find(1)->failure.value().code, "payment.request_refused");
    const auto events = rig.loop.run(rig.memory.events(samples::order_id(1), 0)).value();
    EXPECT_EQ(events.back().type, orders::EventType::payment_refund_failed);
    rig.cancel(1, "cmd_2");
    rig.loop.advance(1s);
    EXPECT_EQ(rig.dead_letters().size(), 1U);
    EXPECT_EQ(rig.loop.run(rig.memory.events(samples::order_id(1), 0)).value().size(), events.size());
    EXPECT_THAT(rig.metrics.render(), HasSubstr("orderflow_worker_dead_letters_total{queue=\"orders-commands\"} 1"));
    rig.payments.refuses_refunds = false;
    rig.redrive("cmd_r", {1});
    rig.loop.advance(1s);
    EXPECT_EQ(rig.status(1), OrderStatus::cancelled);
    EXPECT_FALSE(rig.find(1)->failure);
    rig.check_books();
}

TEST(Worker, GivenAnOrderOnHold_WhenTheProviderCallsThatItWasCaptured_ThenItIsConfirmed) {
    WorkerRig rig;
    const auto id = samples::order_id(1);
    rig.payments.never_answer(id);
    rig.place(1, "tok_ok");
    rig.start_worker();
    rig.loop.advance(std::chrono::hours(6));
    ASSERT_EQ(rig.status(1), OrderStatus::on_hold);
    rig.payments.never_answer(id, false);

    rig.send(rig.commands,
             {contract::encode_news({id, orders::charge_effect(id)}, "news_1", samples::at(0), std::nullopt)});
    rig.loop.advance(1min);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    rig.check_books();
}

TEST(Worker, GivenNothingToDo_WhenTimePasses_ThenItOnlyPollsLong) {
    WorkerRig rig;
    auto& worker = rig.start_worker();
    rig.loop.advance(1s);
    const auto before = worker.life.passed();

    rig.loop.advance(10min);

    // 11 receivers, a long poll of 20 s, two boundaries each.
    EXPECT_LE(worker.life.passed() - before, 11U * 31U * 2U);
    EXPECT_EQ(rig.store.applies, 0U);
}

TEST(Worker, GivenAnOrderThatIsPlacedWhileIdle_WhenReceived_ThenItIsSettledWithinThePaceOfTransactions) {
    WorkerRig rig;
    rig.start_worker();
    rig.loop.advance(1min);

    rig.place(1, "tok_ok");
    rig.loop.run_ready();
    EXPECT_EQ(rig.status(1), OrderStatus::reserved) << "its first transaction goes at once";
    rig.loop.advance(WorkerConfig().groups.pace);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
}

TEST(Worker, GivenManyOrders_WhenReceivedTogether_ThenTheyShareTransactions) {
    WorkerRig rig;
    std::vector<std::string> bodies;
    for (std::uint32_t i = 0; i < 400; ++i) {
        bodies.push_back(WorkerRig::place_body(samples::order_id(i), samples::draft({{"book", 1}})));
    }
    rig.send(rig.orders, std::move(bodies));
    rig.start_worker();

    rig.loop.advance(1s);

    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    EXPECT_LT(rig.store.applies, 400U);  // two changes an order would be 800
    for (const auto& group : rig.store.groups) EXPECT_LE(group.size(), 256U);
    rig.check_books();
}

TEST(Worker, GivenEveryMessageTwiceAndOutOfOrder_WhenReceived_ThenEachEffectHappensOnce) {
    WorkerRig rig;
    std::vector<std::string> bodies;
    for (int copy = 0; copy < 3; ++copy) {
        for (std::uint32_t i = 0; i < 50; ++i) {
            bodies.push_back(WorkerRig::place_body(samples::order_id(i), samples::draft({{"book", 1}})));
        }
    }
    for (std::size_t i = bodies.size(); i > 1; --i) std::swap(bodies[i - 1], bodies[rig.entropy.below(i)]);
    rig.send(rig.orders, std::move(bodies));
    rig.start_worker();
    rig.start_worker();

    rig.loop.advance(1min);
    rig.send(rig.orders, {WorkerRig::place_body(samples::order_id(1), samples::draft({{"book", 1}}))});  // days later
    rig.loop.advance(1min);

    for (std::uint32_t i = 0; i < 50; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
    EXPECT_EQ(rig.payments.effects().size(), 50U);
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    rig.check_books();
}

TEST(Worker, GivenOtherContentUnderTheSameKey_WhenReceived_ThenTheFirstStays) {
    WorkerRig rig;
    rig.place(1);
    rig.start_worker();
    rig.loop.advance(1s);

    rig.send(rig.orders,
             {WorkerRig::place_body(samples::order_id(1), samples::draft({{"lamp", 1}}), samples::fingerprint(2))});
    rig.loop.advance(1s);

    EXPECT_EQ(rig.find(1)->draft, samples::draft({{"book", 1}}));
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    rig.check_books();
}

TEST(Worker, GivenACancel_WhenItComesBeforeDuringOrAfterTheOrder_ThenTheMoneyIsBackOrWasNeverTaken) {
    WorkerRig rig;
    rig.cancel(1);
    rig.place(2, "tok_slow");
    rig.place(3, "tok_ok");
    rig.start_worker();
    rig.loop.advance(1s);

    rig.place(1);
    rig.cancel(2);
    rig.cancel(3);
    rig.loop.advance(10s);

    for (std::uint32_t i = 1; i <= 3; ++i) EXPECT_EQ(rig.status(i), OrderStatus::cancelled) << i;
    EXPECT_EQ(rig.find(2)->payment_status, orders::PaymentStatus::voided);
    EXPECT_EQ(rig.find(3)->payment_status, orders::PaymentStatus::refunded);
    EXPECT_EQ(rig.waiting(rig.orders) + rig.waiting(rig.commands), 0U);
    rig.check_books();
}

TEST(Worker, GivenACancelThatArrivesBetweenChargeAndAnswer_WhenProcessed_ThenItIsRefunded) {
    WorkerRig rig;
    rig.payments.on_charge = [&rig](const orders::ChargeRequest&) {
        rig.loop.spawn([](InMemoryMessageQueue& commands) -> task<void> {
            std::vector<orders::OutgoingMessage> messages;
            messages.emplace_back(WorkerRig::cancel_body(samples::order_id(1)));
            (void)co_await commands.send(std::move(messages));
        }(rig.commands));
    };
    rig.place(1, "tok_ok");
    rig.start_worker();

    rig.loop.advance(10s);

    EXPECT_EQ(rig.status(1), OrderStatus::cancelled);
    rig.check_books();
}

TEST(Worker, GivenAMessageNobodyCanRead_WhenReceived_ThenItIsKeptAsADeadLetterAndOthersGoOn) {
    WorkerRig rig;
    rig.send(rig.orders, {"{\"broken", std::string("\0\xff", 2), WorkerRig::cancel_body(samples::order_id(9)) + "x"});
    rig.place(1);
    rig.start_worker();

    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    const auto letters = rig.dead_letters();
    ASSERT_EQ(letters.size(), 3U);
    EXPECT_EQ(letters[0].letter.body, "{\"broken");
    EXPECT_EQ(letters[0].letter.queue, "orders");
    EXPECT_FALSE(letters[0].letter.code.empty());
}

TEST(Worker, GivenADeadLetterOfAnOrderThatWasNeverStored_WhenTakenIn_ThenTheOrderIsOnHoldAndCanBeSentAgain) {
    WorkerRig rig;
    const auto body = WorkerRig::place_body(samples::order_id(1), samples::draft({{"book", 1}}));
    rig.send(rig.letters, {body});
    rig.start_worker();
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::on_hold);
    const auto letters = rig.dead_letters();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].letter.body, body);
    EXPECT_EQ(letters[0].letter.queue, "orders");
    EXPECT_EQ(rig.waiting(rig.letters), 0U);

    rig.send(rig.orders, {letters[0].letter.body});
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    rig.check_books();
}

TEST(Worker, GivenAnUnreadableDeadLetter_WhenTakenIn_ThenItIsParked) {
    WorkerRig rig;
    rig.send(rig.letters, {"garbage"});
    rig.start_worker();

    rig.loop.advance(1s);

    EXPECT_EQ(rig.dead_letters().size(), 1U);
    EXPECT_EQ(rig.waiting(rig.letters), 0U);
}

TEST(Worker, GivenABugThatThrows_WhenHit_ThenThatMessageIsRetriedUntilItIsOnHoldAndOthersGoOn) {
    WorkerRig rig;
    rig.place(1, "tok_throw");
    rig.place(2, "tok_ok");
    rig.start_worker();
    rig.loop.advance(1s);

    EXPECT_EQ(rig.status(1), OrderStatus::reserved);
    EXPECT_EQ(rig.status(2), OrderStatus::confirmed);
    EXPECT_THAT(rig.log_lines.lines, HasSubstr("worker.exception"));

    for (int hour = 0; hour < 24; ++hour) {
        rig.place(static_cast<std::uint32_t>(100 + hour), "tok_ok");
        rig.loop.advance(1h);
    }
    EXPECT_EQ(rig.status(1), OrderStatus::on_hold);
    EXPECT_EQ(rig.dead_letters().size(), 1U);
    EXPECT_EQ(rig.status(123), OrderStatus::confirmed);
}

TEST(Worker, GivenASlowPayment_WhenOthersCome_ThenNobodyWaitsForIt) {
    WorkerRig rig;
    auto config = WorkerConfig();
    config.orders = consumer_of(1, 20, 1);
    for (std::uint32_t i = 0; i < 10; ++i) rig.place(i, "tok_slow");
    rig.start_worker(config);
    rig.loop.run_ready();

    for (std::uint32_t i = 10; i < 40; ++i) rig.place(i, "tok_ok");
    rig.loop.advance(1s);

    for (std::uint32_t i = 10; i < 40; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed) << i;
    EXPECT_EQ(rig.status(0), OrderStatus::reserved);
    rig.loop.advance(3s);
    EXPECT_EQ(rig.status(0), OrderStatus::confirmed);
}

TEST(Worker, GivenMoreOrdersThanItMayWorkOn_WhenReceived_ThenReceivingStopsAtTheBound) {
    WorkerRig rig;
    auto config = WorkerConfig();
    config.orders = consumer_of(4, 25, 1);
    for (std::uint32_t i = 0; i < 60; ++i) rig.place(i, "tok_slow");
    auto& worker = rig.start_worker(config);

    rig.loop.advance(1s);

    EXPECT_EQ(worker.service.in_progress(), 25U);
    EXPECT_EQ(rig.visible(rig.orders), 35U);
    rig.loop.advance(15s);
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
}

TEST(Worker, GivenABacklogOf10000Orders_WhenACancelComes_ThenItDoesNotWaitBehindThem) {
    WorkerRig rig;
    rig.place(0, "tok_ok");
    auto& worker = rig.start_worker();
    rig.loop.advance(1s);
    ASSERT_EQ(rig.status(0), OrderStatus::confirmed);
    std::vector<std::string> bodies;
    for (std::uint32_t i = 1; i <= 10'000; ++i) {
        bodies.push_back(
            WorkerRig::place_body(samples::order_id(i), samples::draft({{"book", 1}}, samples::token("tok_slow"))));
    }
    rig.send(rig.orders, std::move(bodies));
    rig.loop.advance(1s);
    EXPECT_EQ(worker.service.in_progress(), WorkerConfig().orders.in_progress_max);

    rig.cancel(0);
    rig.loop.run_ready();

    EXPECT_EQ(rig.status(0), OrderStatus::cancelled);
    EXPECT_EQ(rig.visible(rig.orders), 10'000 - WorkerConfig().orders.in_progress_max) << "they still wait";
}

TEST(Worker, GivenWorkOfEveryKind_WhenLogged_ThenNoLineHoldsPersonalData) {
    WorkerRig rig;
    rig.place(1, "tok_ok");
    rig.place(2, "tok_flaky");
    rig.place(3, "tok_declined");
    rig.send(rig.orders, {"{\"email\":\"ada@example.org\""});
    rig.start_worker();

    rig.loop.advance(5min);

    EXPECT_THAT(rig.log_lines.lines, HasSubstr("order.settled"));
    EXPECT_THAT(rig.log_lines.lines, HasSubstr("message.retried"));
    EXPECT_THAT(rig.log_lines.lines, HasSubstr("message.dead_lettered"));
    for (const auto* personal : {"ada@example.org", "Ada", "Muster", "Hauptstrasse", "10115", "tok_"}) {
        EXPECT_THAT(rig.log_lines.lines, Not(HasSubstr(personal)));
    }
}

TEST(Worker, GivenWork_WhenMeasured_ThenEveryStageIsCounted) {
    WorkerRig rig;
    rig.place(1, "tok_ok");
    rig.place(2, "tok_declined");
    rig.place(3, "tok_flaky");
    rig.send(rig.orders, {"garbage"});
    rig.start_worker();
    rig.loop.advance(5min);
    rig.place(1, "tok_ok");
    rig.loop.advance(1s);

    const auto text = rig.metrics.render();

    EXPECT_THAT(text, HasSubstr("orderflow_orders_settled_total{status=\"confirmed\"} 2"));
    EXPECT_THAT(text, HasSubstr("orderflow_orders_settled_total{status=\"rejected\"} 1"));
    EXPECT_THAT(text, HasSubstr("orderflow_orders_settled_total{status=\"cancelled\"} 0"));
    EXPECT_THAT(text, HasSubstr("orderflow_worker_messages_received_total{queue=\"orders\"} 7"));
    EXPECT_THAT(text, HasSubstr("orderflow_worker_messages_processed_total{fate=\"retried\",queue=\"orders\"} 2"));
    EXPECT_THAT(text, HasSubstr("orderflow_worker_dead_letters_total{queue=\"orders\"} 1"));
    EXPECT_THAT(text, HasSubstr("orderflow_worker_dead_letters_total{queue=\"orders-dlq\"} 0"));
    EXPECT_THAT(text, HasSubstr("orderflow_worker_messages_in_progress{queue=\"orders\"} 0"));
    EXPECT_THAT(text, HasSubstr("orderflow_order_time_to_settled_seconds_count 3"));
    EXPECT_THAT(text, HasSubstr("orderflow_store_group_changes_count"));
}

}  // namespace
}  // namespace orderflow::worker
