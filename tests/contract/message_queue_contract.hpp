// The contract of the MessageQueue port, for every adapter.
//
// An Adapter gives:
//   orders::MessageQueue& queue(), dead_letters()   a fresh pair: visibility timeout 30 s, max receive count 3
//   std::string name()                              of queue()
//   T run(task<T>)                                  runs it to its end; time passes when nothing else can run
//   void spawn(task<void>)                          starts it beside the others
//   void settle()                                   runs all that can run without time passing
//   void pass(BootClock::duration)                  lets time pass, on the callers' side and the queue's
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::orders {

template <class Adapter>
class MessageQueueContract : public ::testing::Test {
  protected:
    using Messages = std::vector<ReceivedMessage>;
    using Received = Result<Messages>;

    MessageQueue& queue() { return adapter.queue(); }
    MessageQueue& dead_letters() { return adapter.dead_letters(); }

    std::string send(std::string body, std::chrono::seconds delay = {}) {
        std::vector<OutgoingMessage> batch;
        batch.emplace_back(std::move(body), delay);
        return adapter.run(queue().send(std::move(batch))).value().at(0).value().value;
    }
    static ReceiveRequest request(std::uint32_t max, std::chrono::milliseconds wait = {}) {
        ReceiveRequest asked;
        asked.max_messages = max;
        asked.wait = wait;
        return asked;
    }
    Messages receive(MessageQueue& from, std::uint32_t max = 10) {
        return adapter.run(from.receive(request(max))).value();
    }
    ReceivedMessage receive_one() {
        auto received = receive(queue(), 1);
        EXPECT_EQ(received.size(), 1U);
        return received.at(0);
    }
    Result<void> remove(const ReceiptHandle& receipt) { return adapter.run(queue().remove({receipt})).value().at(0); }
    Result<void> change_visibility(const ReceiptHandle& receipt, std::chrono::seconds timeout) {
        return adapter.run(queue().change_visibility({{receipt, timeout}})).value().at(0);
    }
    QueueCounts counts() { return adapter.run(queue().counts()).value(); }

    // Starts a long poll; `out` is filled when it ends.
    void poll(std::optional<Received>& out, std::chrono::seconds wait, std::stop_token stop = {}) {
        auto asked = request(1, wait);
        asked.stop = std::move(stop);
        adapter.spawn(store(queue().receive(std::move(asked)), out));
    }
    static task<void> store(task<Received> work, std::optional<Received>& out) {
        out.emplace(co_await std::move(work));
    }

    Adapter adapter;
};

TYPED_TEST_SUITE_P(MessageQueueContract);

TYPED_TEST_P(MessageQueueContract, GivenAnEmptyBatchOrOneOverTheLimit_WhenSent_ThenItIsRefusedAsAWhole) {
    const auto empty = this->adapter.run(this->queue().send({}));
    const std::vector<OutgoingMessage> many(this->queue().limits().entries + 1, OutgoingMessage("x"));
    const auto over = this->adapter.run(this->queue().send(many));

    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().kind(), ErrorKind::invalid_input);
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().kind(), ErrorKind::invalid_input);
    EXPECT_EQ(this->counts().visible, 0U);
}

TYPED_TEST_P(MessageQueueContract, GivenABatchWithABadEntry_WhenSent_ThenOnlyThatEntryFails) {
    std::vector<OutgoingMessage> batch;
    batch.emplace_back("first");
    batch.emplace_back("");
    batch.emplace_back("too late", 16min);
    batch.emplace_back("last");

    const auto sent = this->adapter.run(this->queue().send(batch)).value();

    ASSERT_EQ(sent.size(), 4U);
    EXPECT_TRUE(sent[0]);
    EXPECT_EQ(sent[1].error().kind(), ErrorKind::invalid_input);
    EXPECT_EQ(sent[2].error().kind(), ErrorKind::invalid_input);
    EXPECT_TRUE(sent[3]);
    EXPECT_EQ(this->receive(this->queue()).size(), 2U);
}

TYPED_TEST_P(MessageQueueContract, GivenASentMessage_WhenReceived_ThenItComesWithItsIdBodyAndCount) {
    const std::string body = "{\"name\":\"\xc3\x85ngstr\xc3\xb6m \xf0\x9f\x93\xa6\",\"line\":\"a\\nb\"}";
    const auto id = this->send(body);

    const auto received = this->receive_one();

    EXPECT_EQ(received.id.value, id);
    EXPECT_EQ(received.body, body);
    EXPECT_EQ(received.receive_count, 1U);
    EXPECT_LE(received.sent_at, received.first_received_at);
    EXPECT_FALSE(received.dead_letter_source);
    EXPECT_TRUE(this->receive(this->queue()).empty());
}

TYPED_TEST_P(MessageQueueContract, GivenADelayedMessage_WhenItsDelayEnds_ThenItIsReceivedAndNotBefore) {
    this->send("later", 10s);
    EXPECT_EQ(this->counts().delayed, 1U);

    this->adapter.pass(9s);
    EXPECT_TRUE(this->receive(this->queue()).empty());
    this->adapter.pass(1s);
    EXPECT_EQ(this->receive_one().body, "later");
}

TYPED_TEST_P(MessageQueueContract, GivenADelivery_WhenItsVisibilityEnds_ThenTheMessageComesAgainWithTheNextCount) {
    this->send("x");
    const auto first = this->receive_one();

    this->adapter.pass(30s);
    const auto second = this->receive_one();

    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.receive_count, 2U);
    EXPECT_NE(second.receipt, first.receipt);
}

TYPED_TEST_P(MessageQueueContract, GivenAVisibilityTimeoutOfTheReceive_WhenItEnds_ThenTheMessageComesAgain) {
    this->send("x");
    auto asked = this->request(1);
    asked.visibility_timeout = 5s;
    ASSERT_EQ(this->adapter.run(this->queue().receive(asked)).value().size(), 1U);

    this->adapter.pass(4s);
    EXPECT_TRUE(this->receive(this->queue()).empty());
    this->adapter.pass(1s);
    EXPECT_EQ(this->receive(this->queue()).size(), 1U);
}

TYPED_TEST_P(MessageQueueContract, GivenADelivery_WhenRemoved_ThenItNeverComesAgainAndRemovingTwiceSucceeds) {
    this->send("x");
    const auto received = this->receive_one();

    EXPECT_TRUE(this->remove(received.receipt));
    EXPECT_TRUE(this->remove(received.receipt));

    this->adapter.pass(1h);
    EXPECT_TRUE(this->receive(this->queue()).empty());
}

TYPED_TEST_P(MessageQueueContract, GivenAnOldReceipt_WhenUsed_ThenTheNewerDeliveryIsUntouched) {
    this->send("x");
    const auto old = this->receive_one();
    this->adapter.pass(30s);
    const auto newer = this->receive_one();

    EXPECT_TRUE(this->remove(old.receipt));
    const auto changed = this->change_visibility(old.receipt, 0s);

    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().kind(), ErrorKind::conflict);
    EXPECT_EQ(changed.error().code(), "queue.message_not_inflight");
    EXPECT_EQ(this->counts().in_flight, 1U);
    EXPECT_TRUE(this->change_visibility(newer.receipt, 60s));
}

TYPED_TEST_P(MessageQueueContract, GivenAReceiptThatIsNotOne_WhenUsed_ThenOnlyItsEntryFails) {
    this->send("x");
    const auto received = this->receive_one();

    const auto removed = this->adapter.run(this->queue().remove({{"nonsense"}, received.receipt})).value();

    ASSERT_EQ(removed.size(), 2U);
    EXPECT_EQ(removed[0].error().kind(), ErrorKind::invalid_input);
    EXPECT_TRUE(removed[1]);
    EXPECT_EQ(this->change_visibility({"nonsense"}, 0s).error().kind(), ErrorKind::invalid_input);
}

TYPED_TEST_P(MessageQueueContract, GivenADelivery_WhenItsVisibilityIsSetToZero_ThenItComesAgainAtOnce) {
    this->send("x");
    const auto received = this->receive_one();

    EXPECT_TRUE(this->change_visibility(received.receipt, 0s));

    EXPECT_EQ(this->receive_one().receive_count, 2U);
}

TYPED_TEST_P(MessageQueueContract, GivenADelivery_WhenItsVisibilityIsExtended_ThenItIsKeptThatLong) {
    this->send("x");
    const auto received = this->receive_one();
    this->adapter.pass(29s);

    EXPECT_TRUE(this->change_visibility(received.receipt, 30s));

    this->adapter.pass(29s);
    EXPECT_TRUE(this->receive(this->queue()).empty());
    EXPECT_EQ(this->change_visibility(received.receipt, 13h).error().kind(), ErrorKind::invalid_input);
}

TYPED_TEST_P(MessageQueueContract, GivenAWaitThatIsTooLong_WhenReceiving_ThenItIsRefused) {
    const auto refused = this->adapter.run(this->queue().receive(this->request(1, 21s)));

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::invalid_input);
}

TYPED_TEST_P(MessageQueueContract, GivenALongPoll_WhenAMessageIsSent_ThenItEndsWithoutWaiting) {
    std::optional<typename TestFixture::Received> polled;
    this->poll(polled, 20s);
    this->adapter.settle();
    ASSERT_FALSE(polled);

    this->send("x");
    this->adapter.settle();

    ASSERT_TRUE(polled);
    EXPECT_EQ(polled->value().at(0).body, "x");
}

TYPED_TEST_P(MessageQueueContract, GivenALongPoll_WhenADeliveryOfAnotherComesBack_ThenItEndsWithThatMessage) {
    this->send("x");
    const auto received = this->receive_one();
    std::optional<typename TestFixture::Received> polled;
    this->poll(polled, 20s);

    EXPECT_TRUE(this->change_visibility(received.receipt, 0s));
    this->adapter.settle();

    ASSERT_TRUE(polled);
    EXPECT_EQ(polled->value().at(0).receive_count, 2U);
}

TYPED_TEST_P(MessageQueueContract, GivenALongPoll_WhenNothingComes_ThenItEndsEmptyAtItsTime) {
    std::optional<typename TestFixture::Received> polled;
    this->poll(polled, 20s);

    this->adapter.pass(19s);
    EXPECT_FALSE(polled);
    this->adapter.pass(1s);
    ASSERT_TRUE(polled);
    EXPECT_TRUE(polled->value().empty());
}

TYPED_TEST_P(MessageQueueContract, GivenAStoppedLongPoll_WhenAMessageIsSent_ThenTheNextReceiverGetsIt) {
    std::stop_source stop;
    std::optional<typename TestFixture::Received> polled;
    this->poll(polled, 20s, stop.get_token());
    this->adapter.settle();

    stop.request_stop();
    this->adapter.settle();

    ASSERT_TRUE(polled);
    EXPECT_TRUE(polled->value().empty());
    this->send("x");
    EXPECT_EQ(this->receive_one().receive_count, 1U);
}

TYPED_TEST_P(MessageQueueContract, GivenALongPollThatIsStoppedWhileAMessageComes_WhenItEnds_ThenTheMessageIsNotLost) {
    std::stop_source stop;
    std::optional<typename TestFixture::Received> polled;
    this->poll(polled, 20s, stop.get_token());
    this->adapter.settle();

    this->send("x");
    stop.request_stop();
    this->adapter.settle();

    ASSERT_TRUE(polled && polled->has_value());
    if (polled->value().empty()) EXPECT_EQ(this->receive(this->queue()).size(), 1U);
}

TYPED_TEST_P(MessageQueueContract, GivenSpentReceives_WhenReceivedOnceMore_ThenTheMessageIsADeadLetter) {
    const auto id = this->send("poison");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(this->receive(this->queue()).size(), 1U);
        this->adapter.pass(30s);
    }

    EXPECT_TRUE(this->receive(this->queue()).empty());

    const auto dead = this->receive(this->dead_letters());
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0].id.value, id);
    EXPECT_EQ(dead[0].body, "poison");
    EXPECT_EQ(dead[0].dead_letter_source, this->adapter.name());
}

TYPED_TEST_P(MessageQueueContract, GivenMessagesInEachState_WhenCounted_ThenTheCountsAreTheirs) {
    EXPECT_FALSE(this->counts().oldest_age);
    this->send("in flight");
    EXPECT_EQ(this->receive_one().body, "in flight");
    this->send("visible");
    this->send("delayed", 60s);
    this->adapter.pass(5s);

    const auto counts = this->counts();

    EXPECT_EQ(counts.visible, 1U);
    EXPECT_EQ(counts.in_flight, 1U);
    EXPECT_EQ(counts.delayed, 1U);
    ASSERT_EQ(counts.oldest_age.has_value(), this->queue().tells_age());
    if (counts.oldest_age) EXPECT_GE(*counts.oldest_age, 5s);
}

REGISTER_TYPED_TEST_SUITE_P(MessageQueueContract, GivenAnEmptyBatchOrOneOverTheLimit_WhenSent_ThenItIsRefusedAsAWhole,
                            GivenABatchWithABadEntry_WhenSent_ThenOnlyThatEntryFails,
                            GivenASentMessage_WhenReceived_ThenItComesWithItsIdBodyAndCount,
                            GivenADelayedMessage_WhenItsDelayEnds_ThenItIsReceivedAndNotBefore,
                            GivenADelivery_WhenItsVisibilityEnds_ThenTheMessageComesAgainWithTheNextCount,
                            GivenAVisibilityTimeoutOfTheReceive_WhenItEnds_ThenTheMessageComesAgain,
                            GivenADelivery_WhenRemoved_ThenItNeverComesAgainAndRemovingTwiceSucceeds,
                            GivenAnOldReceipt_WhenUsed_ThenTheNewerDeliveryIsUntouched,
                            GivenAReceiptThatIsNotOne_WhenUsed_ThenOnlyItsEntryFails,
                            GivenADelivery_WhenItsVisibilityIsSetToZero_ThenItComesAgainAtOnce,
                            GivenADelivery_WhenItsVisibilityIsExtended_ThenItIsKeptThatLong,
                            GivenAWaitThatIsTooLong_WhenReceiving_ThenItIsRefused,
                            GivenALongPoll_WhenAMessageIsSent_ThenItEndsWithoutWaiting,
                            GivenALongPoll_WhenADeliveryOfAnotherComesBack_ThenItEndsWithThatMessage,
                            GivenALongPoll_WhenNothingComes_ThenItEndsEmptyAtItsTime,
                            GivenAStoppedLongPoll_WhenAMessageIsSent_ThenTheNextReceiverGetsIt,
                            GivenALongPollThatIsStoppedWhileAMessageComes_WhenItEnds_ThenTheMessageIsNotLost,
                            GivenSpentReceives_WhenReceivedOnceMore_ThenTheMessageIsADeadLetter,
                            GivenMessagesInEachState_WhenCounted_ThenTheCountsAreTheirs);

}  // namespace orderflow::orders
