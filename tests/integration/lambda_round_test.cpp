// Goal: what a batch of records meets on AWS Lambda ends as it does on a queue: settled once, or delivered again.
// Method: the whole worker on virtual time behind the batches of invocations; store and payment provider in memory.
#include "programs/lambda_round.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/json/writer.hpp"
#include "worker-service/worker_rig_test.hpp"

namespace orderflow {
namespace {

namespace samples = orders::samples;
using orders::OrderStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto nothing_failed = R"({"batchItemFailures":[]})";
constexpr BootClock::duration time_out = 30s;

std::string failed(const std::string& id) { return R"({"batchItemFailures":[{"itemIdentifier":")" + id + R"("}]})"; }

class Lambda : public ::testing::Test {
  protected:
    Lambda() {
        worker.start();
        rig.loop.run_ready();
    }
    ~Lambda() override { rig.loop.run(worker.stop(rig.loop.clock().now())); }

    // One order, or whatever `body` is, delivered for the first time.
    struct Item {
        std::string id;
        std::string body;
        std::string queue = "shop-orders";
    };
    static Item order(std::uint32_t number, const char* token = "tok_ok") {
        return {"m" + std::to_string(number),
                worker::WorkerRig::place_body(samples::order_id(number),
                                              samples::draft({{"book", 1}}, samples::token(token)))};
    }
    std::string event(const std::vector<Item>& items) {
        json::Writer out;
        out.begin_object().key("Records").begin_array();
        for (const auto& item : items) {
            out.begin_object().key("messageId").string(item.id);
            out.key("receiptHandle").string(item.id + "-" + std::to_string(++deliveries_));
            out.key("body").string(item.body).key("eventSource").string("aws:sqs");
            out.key("eventSourceARN").string("arn:aws:sqs:eu-west-1:123456789012:" + item.queue);
            out.end_object();
        }
        out.end_array().end_object();
        return std::move(out).take();
    }
    aws::LambdaInvocation invocation(std::string text) {
        return {.request_id = "8476a536", .deadline = rig.loop.clock().now() + time_out, .trace = {}, .event = text};
    }
    Result<std::string> invoke(std::string text) { return rig.loop.run(round.work_on(invocation(std::move(text)))); }
    Result<std::string> invoke(const std::vector<Item>& items) { return invoke(event(items)); }
    BootClock::duration took(const std::vector<Item>& items, std::string& answer) {
        const auto before = rig.loop.clock().now();
        answer = invoke(items).value();
        return rig.loop.clock().now() - before;
    }

    // As the task of the role background carries it out.
    void tell_workers(std::string command, orders::DirectWorkers::Action action) {
        orders::OperatorCommand asked(std::move(command), orders::DirectWorkers{action, std::nullopt}, samples::at(2));
        ASSERT_TRUE(rig.loop.run(rig.memory.operate(std::move(asked))));
    }

    worker::WorkerRig rig;
    aws::LambdaBatch batch{rig.loop};
    aws::LambdaBatchQueue orders{batch, "shop-orders", rig.orders, rig.loop.clock()};
    aws::LambdaBatchQueue commands{batch, "shop-commands", rig.commands, rig.loop.clock()};
    worker::WorkerService worker{worker::WorkerPorts{orders, commands, rig.letters, rig.store, rig.operators,
                                                     rig.instances, rig.payments, rig.entropy, rig.observer},
                                 rig.parts(), lambda_worker_config()};
    worker::SettingsWatch settings{rig.memory, worker, rig.parts()};
    LambdaRound round{{batch, orders, commands, worker, settings, rig.loop.clock(), rig.log}};

  private:
    int deliveries_ = 0;
};

TEST_F(Lambda, GivenAnEventThatNobodyCanRead_WhenInvoked_ThenItIsAnError_AndTheNextInvocationIsServed) {
    const auto answer = invoke(R"({"Records":[{"eventSource":"aws:s3"}]})");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), "lambda.event_malformed");
    EXPECT_THAT(rig.log_lines.lines, HasSubstr("lambda.event_refused"));

    EXPECT_EQ(invoke({order(1)}), nothing_failed);
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
}

TEST_F(Lambda, GivenARecordOfAnotherQueue_WhenInvoked_ThenNothingOfTheEventIsWorkedOn) {
    auto stranger = order(2);
    stranger.queue = "invoices";
    const auto answer = invoke({order(1), stranger});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), "lambda.queue_unknown");
    EXPECT_THAT(answer.error().detail(), HasSubstr("of the queue invoices"));
    EXPECT_EQ(rig.status(1), OrderStatus::accepted);
}

TEST_F(Lambda, GivenAProviderThatNeverAnswersOneOrder_WhenInvoked_ThenThatOneFailsAlone) {
    rig.payments.never_answer(samples::order_id(2));
    EXPECT_EQ(invoke({order(1), order(2), order(3)}), failed("m2"));
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.status(3), OrderStatus::confirmed);

    rig.payments.never_answer(samples::order_id(2), false);
    EXPECT_EQ(invoke({order(2)}), nothing_failed);
    EXPECT_EQ(rig.status(2), OrderStatus::confirmed);
    rig.check_books();
}

TEST_F(Lambda, GivenAMessageThatNobodyCanRead_WhenInvoked_ThenItIsKeptForPeople_AndIsNoFailure) {
    EXPECT_EQ(invoke({order(1), {"poison", "{]"}}), nothing_failed);
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_THAT(rig.dead_letters(), SizeIs(1));
}

TEST_F(Lambda, GivenAnOrderThatTakesTooLong_WhenTheDeadlineComesNear_ThenItFails_TheOthersAreSettled) {
    std::string answer;
    const auto time = took({order(1), order(2, "tok_hang"), order(3)}, answer);
    EXPECT_EQ(answer, failed("m2"));
    EXPECT_GE(time, time_out - 3s);
    EXPECT_LE(time, time_out - 1s);
    EXPECT_EQ(worker.in_progress(), 0U) << "nothing of it runs while the function is frozen";
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.status(3), OrderStatus::confirmed);

    EXPECT_EQ(invoke({order(4)}), nothing_failed) << "the worker goes on";
    rig.check_books();
}

// A day later the call that hung comes back; meanwhile the same order was delivered again.
TEST_F(Lambda, GivenAnOrderThatTookTooLong_WhenItIsDeliveredAgainAndBothComeToAnEnd_ThenItIsChargedOnce) {
    EXPECT_EQ(invoke({order(1, "tok_hang")}), failed("m1"));
    EXPECT_EQ(invoke({order(1, "tok_hang")}), failed("m1"));
    rig.loop.advance(25h);
    EXPECT_EQ(invoke({order(1, "tok_hang")}), nothing_failed);
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_THAT(rig.payments.effects(), SizeIs(1));
    rig.check_books();
}

TEST_F(Lambda, GivenAStoreThatIsDown_WhenInvoked_ThenEverythingFailsInTime_AndTheNextInvocationFindsItUp) {
    rig.store.down = true;
    std::string answer;
    EXPECT_LE(took({order(1), order(2)}, answer), time_out - 1s);
    EXPECT_EQ(answer, R"({"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m2"}]})");
    EXPECT_EQ(worker.in_progress(), 0U);
    EXPECT_LE(took({order(1)}, answer), time_out - 1s);
    EXPECT_EQ(answer, failed("m1"));

    rig.store.down = false;
    EXPECT_LE(took({order(1), order(2)}, answer), 1s);
    EXPECT_EQ(answer, nothing_failed);
    EXPECT_THAT(rig.dead_letters(), IsEmpty());
    rig.check_books();
}

// What a store does on an answer that was lost, at the end of an invocation.
TEST_F(Lambda, GivenAStoreThatLosesAnswers_WhenDeliveredAgain_ThenEachOrderIsThereOnce) {
    rig.store.lose_answers = 1'000'000;
    EXPECT_EQ(invoke({order(1)}), failed("m1"));
    rig.store.lose_answers = 0;
    EXPECT_EQ(invoke({order(1)}), nothing_failed);
    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_THAT(rig.payments.effects(), SizeIs(1));
    rig.check_books();
}

TEST_F(Lambda, GivenOperatorsWhoPausedTheWorkers_WhenInvoked_ThenEverythingFailsAtOnce) {
    tell_workers("pause", orders::DirectWorkers::Action::pause);
    rig.loop.run(settings.refresh());
    std::string answer;
    EXPECT_EQ(took({order(1)}, answer), 0s);
    EXPECT_EQ(answer, failed("m1"));
    EXPECT_EQ(rig.status(1), OrderStatus::accepted);

    tell_workers("resume", orders::DirectWorkers::Action::resume);  // while the function is frozen: nothing of it looks
    EXPECT_EQ(invoke({order(1)}), nothing_failed);
}

TEST_F(Lambda, GivenAFunctionThatWasFrozenForHours_WhenInvoked_ThenTheOrderIsSettledAndNotAFailure) {
    EXPECT_EQ(invoke({order(1)}), nothing_failed);
    rig.loop.clock().advance(10h);  // no timer fires meanwhile
    EXPECT_EQ(invoke({order(2)}), nothing_failed);
    EXPECT_EQ(rig.status(2), OrderStatus::confirmed);
    EXPECT_THAT(worker.state().stalled, IsEmpty());
}

TEST_F(Lambda, GivenACommandAmongOrders_WhenInvoked_ThenItIsCarriedOut) {
    ASSERT_EQ(invoke({order(1)}), nothing_failed);
    EXPECT_EQ(invoke({order(2), {"c1", worker::WorkerRig::cancel_body(samples::order_id(1)), "shop-commands"}}),
              nothing_failed);
    EXPECT_EQ(rig.status(1), OrderStatus::cancelled);
    rig.check_books();
}

TEST_F(Lambda, GivenMoreRecordsThanAreWorkedOnAtFirst_WhenInvoked_ThenAllAreSettled) {
    std::vector<Item> many;
    for (std::uint32_t i = 0; i < 500; ++i) many.push_back(order(i));
    EXPECT_EQ(invoke(many), nothing_failed);
    for (std::uint32_t i = 0; i < 500; ++i) EXPECT_EQ(rig.status(i), OrderStatus::confirmed);
}

TEST_F(Lambda, GivenNoRecords_WhenInvoked_ThenNothingFailed) { EXPECT_EQ(invoke(std::vector<Item>()), nothing_failed); }

TEST_F(Lambda, GivenNoTimeAtAll_WhenInvoked_ThenEverythingFails) {
    auto late = invocation(event({order(1)}));
    late.deadline = rig.loop.clock().now();
    EXPECT_EQ(rig.loop.run(round.work_on(std::move(late))), failed("m1"));
}

TEST(LambdaTimes, GivenADeadline_WhenDivided_ThenTheLastSecondsAreForLettingGoAndForTheAnswer) {
    const Instant now(1h);
    EXPECT_EQ(lambda_times(now, now + 30s), (LambdaTimes{now + 27s, now + 29s}));
    EXPECT_EQ(lambda_times(now, now + 4s), (LambdaTimes{now + 2s, now + 3s})) << "half is for the work";
    EXPECT_EQ(lambda_times(now, now), (LambdaTimes{now, now}));
    EXPECT_EQ(lambda_times(now, now - 5s), (LambdaTimes{now - 5s, now - 5s})) << "past";
}

}  // namespace
}  // namespace orderflow
