// Method: the queue on a transport that follows a script, in virtual time.
#include "libs/aws/sqs_message_queue.hpp"

#include <gtest/gtest.h>

#include "libs/aws/scripted_transport_test.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::aws {
namespace {

using Line = ScriptedTransport::Line;
using orders::OutgoingMessage;
using orders::was_refused;

const std::string queue_url = "http://127.0.0.1:9324/000000000000/orders";

std::string member(const HttpHeaders& headers, std::string_view name) {
    for (const auto& header : headers) {
        if (header.name == name) return header.value;
    }
    return {};
}

std::string action_of(const HttpAsk& ask) { return member(ask.headers, "X-Amz-Target"); }

// Every entry succeeds, as SQS would say it.
Line all_well(const HttpAsk& ask) {
    const auto request = json::parse(ask.body, {.bytes = 8 * 1024 * 1024}).value();
    std::string out = R"({"Successful":[)";
    for (const auto& entry : *request.find("Entries")->array()) {
        if (!out.ends_with('[')) out += ",";
        out += R"({"Id":")" + std::string(*entry.find("Id")->string()) + "\"";
        if (const auto* body = entry.find("MessageBody")) {
            out += R"(,"MessageId":"id of )" + std::string(body->string()->substr(0, 20)) +
                   R"(","MD5OfMessageBody":")" + crypto::md5_hex(*body->string()) + "\"";
        }
        out += "}";
    }
    return ScriptedTransport::ok(out + "]}");
}

Line one_message(BootClock::duration after = {}) {
    return ScriptedTransport::ok(
        R"({"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"a",)"
        R"("MD5OfBody":"0cc175b9c0f1b6a831c399e269772661",)"
        R"("Attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1","ApproximateFirstReceiveTimestamp":"2"}}]})",
        after);
}

class SqsMessageQueueTest : public ::testing::Test {
  protected:
    using Sent = Result<std::vector<Result<orders::MessageId>>>;

    static task<Result<Credentials>> give(const Result<Credentials>& what) { co_return what; }

    SqsMessageQueue& queue() {
        if (!queue_) {
            queue_ = std::make_unique<SqsMessageQueue>(
                Spawner(loop.context().get_executor()),
                SqsCaller::Parts{transport, [this](Instant) { return give(credentials); }, loop, loop.clock(), entropy},
                SqsEndpoint::resolve(queue_url, {{"AWS_REGION", "eu-west-1"}}).value(), options);
        }
        return *queue_;
    }
    Sent send(std::size_t count = 1, std::string body = "a") {
        return loop.run(queue().send(std::vector(count, OutgoingMessage(std::move(body)))));
    }
    Result<std::vector<orders::ReceivedMessage>> receive(std::chrono::milliseconds wait = {}) {
        orders::ReceiveRequest request;
        request.wait = wait;
        return loop.run(queue().receive(std::move(request)));
    }
    static task<void> store(task<Result<std::vector<orders::ReceivedMessage>>> work,
                            std::optional<Result<std::vector<orders::ReceivedMessage>>>& out) {
        out.emplace(co_await std::move(work));
    }

    SimLoop loop;
    SeededEntropy entropy{1};
    ScriptedTransport transport{loop};
    Result<Credentials> credentials = Credentials{.access_key_id = "AKID", .secret_access_key = "secret"};
    SqsQueueOptions options;

  private:
    std::unique_ptr<SqsMessageQueue> queue_;
};

// Requests.

TEST_F(SqsMessageQueueTest, GivenASend_ThenTheRequestIsSignedForTheQueuesHostAndNamesItsAction) {
    transport.answer = all_well;
    ASSERT_TRUE(send());
    ASSERT_EQ(transport.asked.size(), 1U);
    const auto& ask = transport.asked[0];
    EXPECT_EQ(ask.method, "POST");
    EXPECT_EQ(ask.url.host, "127.0.0.1");
    EXPECT_EQ(ask.url.port, 9324);
    EXPECT_EQ(ask.url.target, "/");
    EXPECT_EQ(action_of(ask), "AmazonSQS.SendMessageBatch");
    EXPECT_EQ(member(ask.headers, "Content-Type"), "application/x-amz-json-1.0");
    EXPECT_EQ(member(ask.headers, "Host"), "127.0.0.1:9324");
    EXPECT_TRUE(member(ask.headers, "Authorization").starts_with("AWS4-HMAC-SHA256 Credential=AKID/"))
        << member(ask.headers, "Authorization");
    EXPECT_TRUE(member(ask.headers, "Authorization").contains("/eu-west-1/sqs/aws4_request"));
}

TEST_F(SqsMessageQueueTest, GivenNoCredentials_WhenSent_ThenItIsUnauthorizedAndNothingIsSent) {
    credentials = std::unexpected(Error(ErrorKind::unauthorized, "credentials.none"));
    const auto sent = send();
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().kind(), ErrorKind::unauthorized);
    EXPECT_TRUE(transport.asked.empty());
}

TEST_F(SqsMessageQueueTest, GivenCredentialsThatCannotBeFetchedNow_WhenSent_ThenTheQueueIsDown) {
    credentials = std::unexpected(Error(ErrorKind::unavailable, "credentials.unavailable"));
    const auto sent = send();
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code(), "queue.down");
    EXPECT_TRUE(was_refused(sent.error()));
}

// Batches.

TEST_F(SqsMessageQueueTest, GivenMoreThanTenMessages_WhenSent_ThenTheyGoInSeveralRequestsAtTheSameTime) {
    transport.answer = [](const HttpAsk& ask) {
        auto line = all_well(ask);
        line.after = 1s;
        return line;
    };
    std::vector<OutgoingMessage> messages;
    for (int i = 0; i < 25; ++i) messages.emplace_back("message " + std::to_string(i));
    const auto began = loop.clock().now();
    const auto sent = loop.run(queue().send(messages)).value();
    EXPECT_EQ(loop.clock().now() - began, 1s);
    EXPECT_EQ(transport.asked.size(), 3U);
    ASSERT_EQ(sent.size(), 25U);
    for (int i = 0; i < 25; ++i) {
        EXPECT_EQ(sent[static_cast<std::size_t>(i)].value().value, "id of message " + std::to_string(i));
    }
}

TEST_F(SqsMessageQueueTest, GivenLargeMessages_WhenSent_ThenNoRequestHasMoreThanAMebibyteOfThem) {
    transport.answer = all_well;
    const auto sent = send(4, std::string(600 * 1024, 'x')).value();
    EXPECT_EQ(transport.asked.size(), 4U);
    EXPECT_EQ(sent.size(), 4U);
    const auto over = send(100, std::string(50 * 1024, 'x'));
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().code(), "queue.batch_too_large");
}

TEST_F(SqsMessageQueueTest, GivenBadEntriesOnly_WhenSent_ThenEachIsRefusedAndNothingIsSent) {
    const auto sent = loop.run(queue().send({OutgoingMessage(""), OutgoingMessage("a", 16min)})).value();
    EXPECT_EQ(sent[0].error().code(), "queue.message_empty");
    EXPECT_EQ(sent[1].error().code(), "queue.delay_invalid");
    EXPECT_TRUE(transport.asked.empty());
}

TEST_F(SqsMessageQueueTest, GivenOneOfThreePartsThatFails_WhenSent_ThenItsEntriesHaveTheErrorAndTheOthersTheirIds) {
    transport.answer = [this](const HttpAsk& ask) {
        return transport.asked.size() == 2 ? ScriptedTransport::fault(400, "QueueDoesNotExist") : all_well(ask);
    };
    const auto sent = send(30).value();
    for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(sent[i].has_value(), i < 10 || i >= 20) << i;
    EXPECT_EQ(sent[10].error().kind(), ErrorKind::not_found);
}

TEST_F(SqsMessageQueueTest, GivenAllPartsFail_WhenOneOfThemIsOpen_ThenTheCallIsNotCalledRefused) {
    options.retry.attempts = 1;
    transport.script = {ScriptedTransport::broken("http.connect"), ScriptedTransport::broken("http.broken")};
    const auto sent = send(20);
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code(), "queue.outcome_unknown");
    EXPECT_FALSE(was_refused(sent.error()));
}

TEST_F(SqsMessageQueueTest, GivenReceipts_WhenRemovedAndChanged_ThenEachEntryHasItsOwnAnswer) {
    transport.script = {ScriptedTransport::ok(
        R"({"Successful":[{"Id":"0"}],"Failed":[{"Id":"1","Code":"ReceiptHandleIsInvalid","SenderFault":true}]})")};
    const auto removed = loop.run(queue().remove({{"a"}, {"b"}})).value();
    EXPECT_TRUE(removed[0]);
    EXPECT_EQ(removed[1].error().code(), "queue.receipt_handle_invalid");
    transport.script = {ScriptedTransport::ok(
        R"({"Failed":[{"Id":"0","Code":"AWS.SimpleQueueService.MessageNotInflight","SenderFault":true}]})")};
    const auto changed = loop.run(queue().change_visibility({{{"a"}, 1s}, {{"b"}, 13h}})).value();
    EXPECT_EQ(changed[0].error().code(), "queue.message_not_inflight");
    EXPECT_EQ(changed[1].error().code(), "queue.visibility_timeout_invalid");
    EXPECT_EQ(action_of(transport.asked.back()), "AmazonSQS.ChangeMessageVisibilityBatch");
}

// Entries that fail alone.

std::string entry_fault(const char* id, const char* code, bool fault_of_sender) {
    return std::string(R"({"Id":")") + id + R"(","Code":")" + code + R"(","SenderFault":)" +
           (fault_of_sender ? "true}" : "false}");
}

std::size_t entries_in(const HttpAsk& ask) {
    const auto request = json::parse(ask.body, {.bytes = 1024 * 1024}).value();
    return request.find("Entries")->array()->size();
}

TEST_F(SqsMessageQueueTest, GivenAnEntryThatTheServiceStumbledOver_WhenRemoved_ThenItAloneIsSentAgain) {
    transport.script = {ScriptedTransport::ok(R"({"Successful":[{"Id":"0"},{"Id":"2"}],"Failed":[)" +
                                              entry_fault("1", "InternalError", false) + "]}"),
                        ScriptedTransport::ok(R"({"Successful":[{"Id":"0"}]})")};
    const auto removed = loop.run(queue().remove({{"a"}, {"b"}, {"c"}})).value();
    for (const auto& one : removed) EXPECT_TRUE(one);
    ASSERT_EQ(transport.asked.size(), 2U);
    EXPECT_EQ(entries_in(transport.asked[1]), 1U);
    EXPECT_TRUE(transport.asked[1].body.contains(R"("ReceiptHandle":"b")")) << transport.asked[1].body;
    EXPECT_LE(transport.asked_at[1] - transport.asked_at[0], options.retry.pause_first);
}

TEST_F(SqsMessageQueueTest, GivenAnEntryThatIsTheSendersFault_WhenSent_ThenItIsAnsweredAtOnce) {
    transport.script = {ScriptedTransport::ok(R"({"Failed":[)" + entry_fault("0", "SomethingWrong", true) + "," +
                                              entry_fault("1", "InvalidMessageContents", true) + "]}")};
    const auto sent = send(2).value();
    EXPECT_EQ(sent[0].error().code(), "queue.refused");
    EXPECT_EQ(sent[1].error().code(), "queue.message_contents_invalid");
    EXPECT_EQ(transport.asked.size(), 1U);
}

TEST_F(SqsMessageQueueTest, GivenAnEntryThatFailsEachTime_WhenSent_ThenThreeAttemptsAreMadeAndTheOthersKeepTheirs) {
    transport.answer = [](const HttpAsk& ask) {
        return entries_in(ask) == 1
                   ? ScriptedTransport::ok(R"({"Failed":[)" + entry_fault("0", "ServiceUnavailable", false) + "]}")
                   : ScriptedTransport::ok(R"({"Successful":[{"Id":"0"}],"Failed":[)" +
                                           entry_fault("1", "ServiceUnavailable", false) + "]}");
    };
    const auto changed = loop.run(queue().change_visibility({{{"a"}, 1s}, {{"b"}, 1s}})).value();
    EXPECT_TRUE(changed[0]);
    EXPECT_EQ(changed[1].error().code(), "queue.outcome_unknown");
    EXPECT_EQ(transport.asked.size(), 3U);
}

TEST_F(SqsMessageQueueTest, GivenAnOpenEntry_WhenALaterAttemptIsThrottled_ThenItIsStillOpen) {
    transport.script = {ScriptedTransport::ok(R"({"Failed":[)" + entry_fault("0", "InternalError", false) + "]}"),
                        ScriptedTransport::ok(R"({"Failed":[)" + entry_fault("0", "RequestThrottled", true) + "]}")};
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::fault(400, "QueueDoesNotExist"); };
    const auto sent = send().value();
    EXPECT_EQ(sent[0].error().code(), "queue.outcome_unknown");
}

TEST_F(SqsMessageQueueTest, GivenAThrottledEntry_WhenItsRepetitionBreaks_ThenItsOutcomeIsUnknown) {
    transport.script = {ScriptedTransport::ok(R"({"Failed":[)" + entry_fault("0", "RequestThrottled", true) + "]}")};
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::broken("http.reset"); };
    const auto sent = send().value();
    EXPECT_EQ(sent[0].error().code(), "queue.outcome_unknown");
}

TEST_F(SqsMessageQueueTest, GivenNoBudgetIsLeft_WhenAnEntryFails_ThenItIsNotSentAgain) {
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::broken("http.connect"); };
    for (int i = 0; i < 50; ++i) EXPECT_FALSE(send());
    ASSERT_EQ(queue().retry_budget(), 0);
    transport.asked.clear();
    transport.answer = [](const HttpAsk&) {
        return ScriptedTransport::ok(R"({"Failed":[)" + entry_fault("0", "InternalError", false) + "]}");
    };
    EXPECT_FALSE(send().value()[0]);
    EXPECT_EQ(transport.asked.size(), 1U);
}

TEST_F(SqsMessageQueueTest, GivenAnEntryThatFailsShortOfTheDeadline_WhenSent_ThenNothingIsSentAfterIt) {
    transport.answer = [](const HttpAsk&) {
        return ScriptedTransport::ok(R"({"Failed":[)" + entry_fault("0", "InternalError", false) + "]}", 4900ms);
    };
    const auto began = loop.clock().now();
    EXPECT_FALSE(send().value()[0]);
    EXPECT_LE(loop.clock().now() - began, options.call_time);
}

// Clocks that differ.

Line refused_at(const std::string& type, const std::string& date) {
    auto line = ScriptedTransport::fault(403, type);
    if (!date.empty()) line.reply->headers = {{"date", date}};
    return line;
}

TEST_F(SqsMessageQueueTest, GivenAClockThatIsWrong_WhenTheServerRefusesItsTime_ThenTheServersIsTakenFromThenOn) {
    // The test's clock says 2026-01-01T00:00:00Z.
    transport.script = {refused_at("RequestExpired", "Thu, 01 Jan 2026 02:30:00 GMT")};
    transport.answer = all_well;
    EXPECT_TRUE(send());
    EXPECT_TRUE(send());
    ASSERT_EQ(transport.asked.size(), 3U);
    EXPECT_EQ(member(transport.asked[0].headers, "X-Amz-Date"), "20260101T000000Z");
    EXPECT_EQ(member(transport.asked[1].headers, "X-Amz-Date"), "20260101T023000Z");
    EXPECT_EQ(member(transport.asked[2].headers, "X-Amz-Date"), "20260101T023000Z");
}

// The second was signed before the first correction, and its refusal is measured from the time that it was signed with.
TEST_F(SqsMessageQueueTest, GivenTwoRequestsSignedWithAWrongClock_WhenBothAreRefused_ThenBothAreRepeatedAndSucceed) {
    const auto refused = refused_at("RequestExpired", "Thu, 01 Jan 2026 02:30:00 GMT");
    transport.script = {refused, refused};
    transport.answer = all_well;

    const auto sent = send(11);

    ASSERT_TRUE(sent) << sent.error().detail();
    for (const auto& each : *sent) EXPECT_TRUE(each);
    ASSERT_EQ(transport.asked.size(), 4U);
    EXPECT_EQ(member(transport.asked[1].headers, "X-Amz-Date"), "20260101T000000Z");
    EXPECT_EQ(member(transport.asked[3].headers, "X-Amz-Date"), "20260101T023000Z");
}

TEST_F(SqsMessageQueueTest, GivenAServerThatRefusesItsOwnTime_WhenSent_ThenItIsAskedTwiceAndNotMore) {
    transport.answer = [](const HttpAsk&) {
        return refused_at("InvalidSignatureException", "Wed, 31 Dec 2025 20:00:00 GMT");
    };
    const auto sent = send();
    EXPECT_EQ(sent.error().code(), "queue.unauthorized");
    EXPECT_EQ(transport.asked.size(), 2U);
    EXPECT_EQ(member(transport.asked[1].headers, "X-Amz-Date"), "20251231T200000Z");
}

TEST_F(SqsMessageQueueTest, GivenARefusalThatTheClockDoesNotExplain_WhenSent_ThenItIsAskedOnce) {
    for (const auto& line :
         {refused_at("SignatureDoesNotMatch", "Thu, 01 Jan 2026 00:03:59 GMT"), refused_at("SignatureDoesNotMatch", ""),
          refused_at("RequestExpired", "tomorrow"), refused_at("AccessDenied", "Thu, 01 Jan 2026 09:00:00 GMT")}) {
        transport.asked.clear();
        transport.script = {line};
        EXPECT_EQ(send().error().code(), "queue.unauthorized");
        EXPECT_EQ(transport.asked.size(), 1U);
    }
}

TEST_F(SqsMessageQueueTest, GivenRequestsThatBreakARule_ThenTheyAreRefusedWithoutBeingSent) {
    EXPECT_EQ(send(0).error().code(), "queue.batch_empty");
    EXPECT_EQ(send(101).error().code(), "queue.batch_too_large");
    EXPECT_EQ(receive(21s).error().code(), "queue.wait_invalid");
    EXPECT_EQ(loop.run(queue().remove({})).error().code(), "queue.batch_empty");
    EXPECT_EQ(loop.run(queue().change_visibility({})).error().code(), "queue.batch_empty");
    EXPECT_TRUE(transport.asked.empty());
}

// Repetition.

TEST_F(SqsMessageQueueTest, GivenAServiceThatIsBackAtOnce_WhenSent_ThenTheRequestIsRepeatedAndSucceeds) {
    for (const auto& first : {ScriptedTransport::broken("http.connect"), ScriptedTransport::broken("http.broken"),
                              ScriptedTransport::fault(500, "InternalFailure"), ScriptedTransport::fault(503, "X"),
                              ScriptedTransport::fault(400, "RequestThrottled")}) {
        transport.asked.clear();
        transport.script = {first};
        transport.answer = all_well;
        EXPECT_TRUE(send().value().at(0));
        EXPECT_EQ(transport.asked.size(), 2U);
        EXPECT_EQ(transport.asked[0].body, transport.asked[1].body);
    }
}

TEST_F(SqsMessageQueueTest, GivenAnErrorThatRepeatingCannotCure_WhenSent_ThenItIsAskedOnce) {
    for (const auto* type : {"QueueDoesNotExist", "OverLimit", "InvalidMessageContents", "AccessDeniedException"}) {
        transport.asked.clear();
        transport.script = {ScriptedTransport::fault(400, type)};
        EXPECT_FALSE(send());
        EXPECT_EQ(transport.asked.size(), 1U) << type;
    }
}

TEST_F(SqsMessageQueueTest, GivenAQueueThatIsDown_WhenSent_ThenThreeAttemptsAreMadeAndItWasRefused) {
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::broken("http.connect"); };
    const auto sent = send();
    EXPECT_EQ(transport.asked.size(), 3U);
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code(), "queue.down");
    EXPECT_TRUE(was_refused(sent.error()));
}

TEST_F(SqsMessageQueueTest, GivenAnOpenAttempt_WhenALaterOneIsRefused_ThenTheWholeIsStillOpen) {
    for (const auto& last :
         {ScriptedTransport::broken("http.connect"), ScriptedTransport::fault(400, "OverLimit"),
          ScriptedTransport::fault(400, "QueueDoesNotExist"), ScriptedTransport::fault(403, "AccessDeniedException")}) {
        transport.script = {ScriptedTransport::broken("http.broken"), last, last};
        const auto sent = send();
        ASSERT_FALSE(sent);
        EXPECT_EQ(sent.error().code(), "queue.outcome_unknown");
        EXPECT_FALSE(was_refused(sent.error()));
    }
}

TEST_F(SqsMessageQueueTest, GivenASilentService_WhenSent_ThenAnAttemptEndsAtItsTimeAndTheCallAtItsDeadline) {
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::silence(); };
    const auto began = loop.clock().now();
    const auto sent = send();
    EXPECT_EQ(sent.error().code(), "queue.outcome_unknown");
    EXPECT_EQ(loop.clock().now() - began, 10s);
    EXPECT_EQ(transport.asked.size(), 2U) << "two attempts of five seconds; none begins at the deadline";
    for (const auto at : transport.asked_at) EXPECT_LT(at - began, 10s);
}

TEST_F(SqsMessageQueueTest, GivenPausesBetweenAttempts_ThenTheyAreJitteredAndWithinTheirBounds) {
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::fault(400, "RequestThrottled"); };
    std::set<BootClock::duration> pauses;
    for (int i = 0; i < 20; ++i) {
        transport.asked_at.clear();
        EXPECT_EQ(send().error().kind(), ErrorKind::throttled);
        ASSERT_EQ(transport.asked_at.size(), 3U);
        EXPECT_LE(transport.asked_at[1] - transport.asked_at[0], 500ms);
        EXPECT_LE(transport.asked_at[2] - transport.asked_at[1], 1s);
        pauses.insert(transport.asked_at[1] - transport.asked_at[0]);
    }
    EXPECT_GT(pauses.size(), 10U);
}

TEST_F(SqsMessageQueueTest, GivenAServiceThatFailsForLong_WhenTheBudgetIsSpent_ThenRequestsAreNotRepeatedAnyMore) {
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::broken("http.connect"); };
    for (int i = 0; i < 50; ++i) EXPECT_FALSE(send());
    EXPECT_EQ(transport.asked.size(), 150U);
    EXPECT_EQ(queue().retry_budget(), 0);
    EXPECT_FALSE(send());
    EXPECT_EQ(transport.asked.size(), 151U) << "one attempt, no repetition";

    transport.answer = all_well;
    for (int i = 0; i < 7; ++i) EXPECT_TRUE(send());
    EXPECT_EQ(queue().retry_budget(), 7) << "each success at once earns one";
    transport.script = {ScriptedTransport::broken("http.connect")};
    EXPECT_TRUE(send());
    EXPECT_EQ(queue().retry_budget(), 7) << "a repetition that helped gives back what it took";
    transport.script = {ScriptedTransport::broken("http.timeout")};
    EXPECT_FALSE(send()) << "one for a time-out costs ten";
}

// Receiving.

TEST_F(SqsMessageQueueTest, GivenALongPoll_WhenAMessageComes_ThenItIsReceivedWithinItsWaitAndNoTimeOut) {
    transport.script = {one_message(19s)};
    const auto began = loop.clock().now();
    const auto received = receive(20s).value();
    EXPECT_EQ(loop.clock().now() - began, 19s);
    ASSERT_EQ(received.size(), 1U);
    EXPECT_EQ(received[0].receipt.value, "r");
}

TEST_F(SqsMessageQueueTest, GivenAStopBeforeTheReceive_ThenNothingIsAsked) {
    std::stop_source stop;
    stop.request_stop();
    orders::ReceiveRequest request;
    request.stop = stop.get_token();
    EXPECT_TRUE(loop.run(queue().receive(std::move(request))).value().empty());
    EXPECT_TRUE(transport.asked.empty());
}

TEST_F(SqsMessageQueueTest, GivenALongPoll_WhenItIsStopped_ThenItIsCutAfterAMomentAndGivesNothing) {
    std::stop_source stop;
    orders::ReceiveRequest request;
    request.wait = 20s;
    request.stop = stop.get_token();
    transport.script = {one_message(10s)};
    std::optional<Result<std::vector<orders::ReceivedMessage>>> received;
    loop.spawn(store(queue().receive(std::move(request)), received));
    loop.advance(5s);
    stop.request_stop();
    loop.advance(249ms);
    EXPECT_FALSE(received);
    loop.advance(1ms);
    ASSERT_TRUE(received);
    EXPECT_TRUE(received->value().empty());
    EXPECT_EQ(transport.asked.size(), 1U) << "not asked again";
}

TEST_F(SqsMessageQueueTest, GivenAStoppedLongPoll_WhenItsAnswerIsOnTheWay_ThenItIsNotLost) {
    std::stop_source stop;
    orders::ReceiveRequest request;
    request.wait = 20s;
    request.stop = stop.get_token();
    transport.script = {one_message(std::chrono::milliseconds(5100))};
    std::optional<Result<std::vector<orders::ReceivedMessage>>> received;
    loop.spawn(store(queue().receive(std::move(request)), received));
    loop.advance(5s);
    stop.request_stop();
    loop.advance(100ms);
    ASSERT_TRUE(received);
    EXPECT_EQ(received->value().size(), 1U);
}

TEST_F(SqsMessageQueueTest, GivenAStopBetweenTwoAttempts_ThenTheReceiveEndsEmpty) {
    std::stop_source stop;
    orders::ReceiveRequest request;
    request.stop = stop.get_token();
    options.retry.throttled_pause_first = 1h;
    options.call_time = 2h;
    options.retry.pause_max = 1h;
    transport.script = {ScriptedTransport::fault(400, "RequestThrottled")};
    std::optional<Result<std::vector<orders::ReceivedMessage>>> received;
    loop.spawn(store(queue().receive(std::move(request)), received));
    loop.run_ready();
    stop.request_stop();
    loop.advance(250ms);
    ASSERT_TRUE(received);
    EXPECT_TRUE(received->value().empty());
    EXPECT_EQ(transport.asked.size(), 1U);
}

TEST_F(SqsMessageQueueTest, GivenTooManyMessagesInFlight_WhenReceiving_ThenItIsThrottled) {
    transport.script = {ScriptedTransport::fault(403, "OverLimit")};
    const auto received = receive();
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().kind(), ErrorKind::throttled);
    EXPECT_EQ(received.error().code(), "queue.over_limit");
}

TEST_F(SqsMessageQueueTest, GivenCounts_WhenAsked_ThenTheyAreThoseOfTheQueue) {
    transport.script = {ScriptedTransport::ok(
        R"({"Attributes":{"ApproximateNumberOfMessages":"3","ApproximateNumberOfMessagesNotVisible":"2",)"
        R"("ApproximateNumberOfMessagesDelayed":"1"}})")};
    const auto counts = loop.run(queue().counts()).value();
    EXPECT_EQ(counts.visible, 3U);
    EXPECT_EQ(action_of(transport.asked.back()), "AmazonSQS.GetQueueAttributes");
}

}  // namespace
}  // namespace orderflow::aws
