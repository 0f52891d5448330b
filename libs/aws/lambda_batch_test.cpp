#include "libs/aws/lambda_batch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/testing/sim_loop.hpp"

namespace orderflow::aws {
namespace {

using orders::MessageId;
using orders::ReceivedMessage;
using testing::ElementsAre;
using testing::IsEmpty;

// What Lambda receives from: it is told of visibilities, and can be down.
class WatchedQueue final : public orders::MessageQueue {
  public:
    orders::BatchLimits limits() const override { return {.entries = 10, .bytes = 1024}; }
    task<Result<std::vector<Result<MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override {
        for (const auto& message : messages) told.push_back("send " + message.body);
        co_return std::vector<Result<MessageId>>(messages.size(), MessageId{"sent"});
    }
    task<Result<std::vector<ReceivedMessage>>> receive(orders::ReceiveRequest) override {
        co_return fail(ErrorKind::internal, "test.received");
    }
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle>) override {
        co_return fail(ErrorKind::internal, "test.removed");
    }
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override {
        for (const auto& one : changes) {
            told.push_back(one.receipt.value + " in " + std::to_string(one.timeout / 1s));
        }
        if (down) co_return fail(ErrorKind::unavailable, "queue.down");
        co_return std::vector<Result<void>>(changes.size());
    }
    task<Result<orders::QueueCounts>> counts() override {
        orders::QueueCounts counts;
        counts.visible = 7;
        co_return counts;
    }

    std::vector<std::string> told;
    bool down = false;
};

class Batch : public ::testing::Test {
  protected:
    static LambdaRecord record(const std::string& id, const std::string& queue = "orders") {
        LambdaRecord made;
        made.queue = queue;
        made.message.id.value = id;
        made.message.receipt.value = "r-" + id;
        made.message.body = "body of " + id;
        return made;
    }
    static std::vector<std::string> ids(const std::vector<MessageId>& all) {
        std::vector<std::string> texts;
        for (const auto& one : all) texts.push_back(one.value);
        return texts;
    }
    std::vector<std::string> receive(LambdaBatchQueue& queue, std::uint32_t most = 10) {
        orders::ReceiveRequest request;
        request.max_messages = most;
        std::vector<std::string> found;
        for (const auto& message : loop.run(queue.receive(std::move(request))).value()) {
            EXPECT_EQ(message.body, "body of " + message.id.value);
            found.push_back(message.id.value);
        }
        return found;
    }
    void remove(LambdaBatchQueue& queue, const std::string& id) {
        std::vector<orders::ReceiptHandle> receipts;
        receipts.push_back({"r-" + id});
        EXPECT_TRUE(loop.run(queue.remove(std::move(receipts))).value().front());
    }
    Result<void> give_back(LambdaBatchQueue& queue, const std::string& id, std::chrono::seconds after) {
        std::vector<orders::VisibilityChange> changes;
        changes.push_back({orders::ReceiptHandle{"r-" + id}, after});
        return loop.run(queue.change_visibility(std::move(changes))).value().front();
    }
    bool settled_in(BootClock::duration time) { return loop.run(batch.settled_by(loop.clock().now() + time)); }

    SimLoop loop;
    WatchedQueue itself;
    LambdaBatch batch{loop};
    LambdaBatchQueue orders{batch, "orders", itself, loop.clock()};
    LambdaBatchQueue commands{batch, "commands", itself, loop.clock()};
};

TEST_F(Batch, GivenNothingIsRemoved_WhenClosed_ThenEverythingFailed) {
    batch.open({record("a"), record("b"), record("c", "commands")});
    EXPECT_THAT(receive(orders, 1), ElementsAre("a"));

    EXPECT_FALSE(settled_in(10s));
    EXPECT_THAT(ids(batch.close()), ElementsAre("a", "b", "c"));
}

TEST_F(Batch, GivenRecordsOfTwoQueues_WhenReceived_ThenEachQueueHasItsOwn_AndEachOnce) {
    batch.open({record("a"), record("b", "commands"), record("c"), record("d")});

    EXPECT_THAT(receive(orders, 2), ElementsAre("a", "c"));
    EXPECT_THAT(receive(commands), ElementsAre("b"));
    EXPECT_THAT(receive(orders), ElementsAre("d"));
    EXPECT_THAT(receive(orders), IsEmpty());
}

TEST_F(Batch, GivenSomeAreRemovedAndOneIsGivenBack_WhenClosed_ThenThatOneFailed_AndTheQueueKnowsWhenItComesAgain) {
    batch.open({record("a"), record("b"), record("c")});
    EXPECT_THAT(receive(orders), ElementsAre("a", "b", "c"));
    remove(orders, "a");
    EXPECT_TRUE(give_back(orders, "b", 4s));
    EXPECT_FALSE(settled_in(1s));
    remove(orders, "c");

    EXPECT_TRUE(settled_in(0s));
    EXPECT_THAT(ids(batch.close()), ElementsAre("b"));
    EXPECT_THAT(itself.told, ElementsAre("r-b in 4"));
}

TEST_F(Batch, GivenAQueueThatIsDown_WhenARecordIsGivenBack_ThenItFailedAllTheSame) {
    itself.down = true;
    batch.open({record("a")});
    EXPECT_THAT(receive(orders), ElementsAre("a"));

    EXPECT_TRUE(give_back(orders, "a", 0s));
    EXPECT_TRUE(settled_in(0s));
    EXPECT_THAT(ids(batch.close()), ElementsAre("a"));
}

TEST_F(Batch, GivenAWorkerThatCannotWork_WhenItGivesARecordBackAtOnce_ThenItsLeaseStands_AndTwentyReceivesLastAnHour) {
    batch.open({record("a")});
    EXPECT_THAT(receive(orders), ElementsAre("a"));

    EXPECT_TRUE(give_back(orders, "a", 0s));

    EXPECT_THAT(itself.told, IsEmpty());
    EXPECT_TRUE(settled_in(0s));
    EXPECT_THAT(ids(batch.close()), ElementsAre("a"));
}

TEST_F(Batch, GivenRecordsThatNobodyTook_WhenWithheld_ThenNobodyGetsThem_AndTheyFailed) {
    batch.open({record("a"), record("b")});
    orders::ReceiveRequest one;
    one.max_messages = 1;
    EXPECT_EQ(loop.run(orders.receive(one)).value().size(), 1U);

    batch.withhold();

    EXPECT_THAT(receive(orders), IsEmpty());
    EXPECT_FALSE(settled_in(1s)) << "the first is still out";
    remove(orders, "a");
    EXPECT_TRUE(settled_in(0s));
    EXPECT_THAT(ids(batch.close()), ElementsAre("b"));
}

TEST_F(Batch, GivenSomebodyWaits_WhenTheLastRecordEnds_ThenItIsToldAtOnce) {
    batch.open({record("a")});
    EXPECT_THAT(receive(orders), ElementsAre("a"));
    std::optional<bool> settled;
    loop.spawn([](LambdaBatch& of, Instant until, std::optional<bool>& out) -> task<void> {
        out = co_await of.settled_by(until);
    }(batch, loop.clock().now() + 1h, settled));
    loop.run_ready();
    EXPECT_FALSE(settled);

    remove(orders, "a");
    loop.run_ready();
    EXPECT_EQ(settled, true);
}

// A freeze of hours lies between the asking and the records: a lease that counts from the asking would be over.
TEST_F(Batch, GivenAReceiveThatWaitedBefore_WhenAnInvocationBegins_ThenItEndsWithNothing_AndTheNextHasTheRecords) {
    std::optional<std::size_t> brought;
    orders::ReceiveRequest request;
    request.wait = 24h;
    loop.spawn([](LambdaBatchQueue& of, orders::ReceiveRequest ask, std::optional<std::size_t>& out) -> task<void> {
        out = (co_await of.receive(std::move(ask))).value().size();
    }(orders, request, brought));
    loop.advance(3h);
    EXPECT_FALSE(brought);

    batch.open({record("a")});
    loop.run_ready();
    EXPECT_EQ(brought, 0U);
    EXPECT_THAT(receive(orders), ElementsAre("a"));
}

TEST_F(Batch, GivenAnInvocationThatIsOver_WhenItsWorkEndsLate_ThenTheNextOneIsNotTouched) {
    batch.open({record("a")});
    EXPECT_THAT(receive(orders), ElementsAre("a"));
    EXPECT_THAT(ids(batch.close()), ElementsAre("a"));
    batch.open({record("b")});

    remove(orders, "a");
    EXPECT_EQ(give_back(orders, "a", 0s).error().code(), "queue.message_not_inflight");
    remove(orders, "b");  // nobody has it: a receipt that was not handed out ends nothing
    EXPECT_FALSE(settled_in(1s));
    EXPECT_THAT(itself.told, IsEmpty());
    EXPECT_THAT(ids(batch.close()), ElementsAre("b"));
}

TEST_F(Batch, GivenAStop_WhenAReceiveWaits_ThenItEndsWithNothing) {
    std::stop_source stop;
    stop.request_stop();
    orders::ReceiveRequest request;
    request.wait = 1h;
    request.stop = stop.get_token();
    const auto before = loop.clock().now();
    EXPECT_TRUE(loop.run(orders.receive(std::move(request))).value().empty());
    EXPECT_EQ(loop.clock().now(), before);
}

TEST_F(Batch, GivenTheQueueItself_WhenSentToOrCounted_ThenItAnswers) {
    std::vector<orders::OutgoingMessage> messages;
    messages.emplace_back("redriven");
    EXPECT_TRUE(loop.run(orders.send(std::move(messages))));
    EXPECT_EQ(loop.run(orders.counts())->visible, 7U);
    EXPECT_THAT(itself.told, ElementsAre("send redriven"));
}

}  // namespace
}  // namespace orderflow::aws
