// Method: events through the sender on a transport that follows a script, in virtual time.
#include "libs/aws/sns_event_sender.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "libs/aws/scripted_transport_test.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::aws {
namespace {

using Line = ScriptedTransport::Line;
using orders::SendAnswer;
using testing::HasSubstr;
using testing::Not;

const std::string arn = "arn:aws:sns:eu-west-1:123456789012:orders.fifo";

orders::EventEndpoint endpoint_of(std::string url) {
    return {"wh_1", {.url = std::move(url), .mode = orders::ContentMode::structured}, WallTime()};
}
orders::OutgoingEvent event(int number) {
    orders::OutgoingEvent event;
    event.order_id = "ord_" + std::to_string(number);
    event.id = event.order_id + ":1";
    event.type = "order.confirmed";
    event.order_status = "confirmed";
    event.tenant = "acme";
    event.body = "{}";
    return event;
}

std::size_t entries_of(const HttpAsk& ask) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = ask.body.find(".Id=", at)) != std::string::npos; ++at) ++count;
    return count;
}
// `failed` entries, by place, with a code and whose fault it is; the rest is taken.
using Failed = std::map<std::size_t, std::pair<std::string, bool>>;
Line partial(std::size_t entries, const Failed& failed) {
    std::string good;
    std::string bad;
    for (std::size_t i = 0; i < entries; ++i) {
        const auto id = "<Id>" + std::to_string(i) + "</Id>";
        const auto found = failed.find(i);
        if (found == failed.end()) {
            good += "<member>" + id + "<MessageId>m" + std::to_string(i) + "</MessageId></member>";
        } else {
            bad += "<member>" + id + "<Code>" + found->second.first + "</Code><SenderFault>" +
                   (found->second.second ? "true" : "false") + "</SenderFault></member>";
        }
    }
    return ScriptedTransport::ok("<PublishBatchResponse><PublishBatchResult><Successful>" + good +
                                 "</Successful><Failed>" + bad +
                                 "</Failed></PublishBatchResult></PublishBatchResponse>");
}
Line answered(const HttpAsk& ask, const Failed& failed = {}) { return partial(entries_of(ask), failed); }
Line refused(int status, const std::string& code, HttpHeaders headers = {}) {
    return {HttpReply{status, std::move(headers),
                      "<ErrorResponse><Error><Code>" + code + "</Code><Message>why</Message></Error></ErrorResponse>"},
            {}};
}

class SnsEventSenderTest : public ::testing::Test {
  protected:
    SnsEventSenderTest() {
        transport.answer = [](const HttpAsk& ask) { return answered(ask); };
    }
    static task<Result<Credentials>> give(Result<Credentials> what) { co_return what; }
    static task<void> store(task<SendAnswer> work, std::optional<SendAnswer>& out) {
        out.emplace(co_await std::move(work));
    }
    // All in the same turn of the loop, as the dispatcher does.
    std::vector<SendAnswer> send(int count) {
        std::vector<std::optional<SendAnswer>> answers(static_cast<std::size_t>(count));
        const auto deadline = loop.clock().now() + 15s;
        for (int i = 0; i < count; ++i) {
            loop.spawn(store(sender.send(endpoint_of(arn), event(i), deadline, stop.get_token()),
                             answers[static_cast<std::size_t>(i)]));
        }
        loop.advance(60s);
        std::vector<SendAnswer> all;
        for (auto& answer : answers) all.push_back(std::move(answer).value());
        return all;
    }
    SendAnswer send_one() { return send(1).front(); }

    SimLoop loop;
    SeededEntropy entropy{1};
    ScriptedTransport transport{loop};
    std::stop_source stop;
    int asked_for_credentials = 0;
    std::function<Result<Credentials>()> credentials = [] {
        return Credentials{.access_key_id = "AKID", .secret_access_key = "secret", .session_token = "token"};
    };
    SnsEventSender sender{Spawner(loop.context().get_executor()),
                          {transport, [this](Instant) { return give((++asked_for_credentials, credentials())); }, loop,
                           loop.clock(), entropy},
                          SnsEndpoint::resolve(arn, {}).value()};
};

std::string header(const HttpAsk& ask, std::string_view name) {
    for (const auto& one : ask.headers) {
        if (one.name == name) return one.value;
    }
    return {};
}

// What is not sent.

TEST_F(SnsEventSenderTest, GivenAnotherTopicOrAWebhook_WhenSent_ThenNothingLeaves) {
    for (const auto* url : {"arn:aws:sns:eu-west-1:123456789012:other", "https://shop.example/"}) {
        EXPECT_FALSE(sender.serves(endpoint_of(url)));
        const auto answer = loop.run(sender.send(endpoint_of(url), event(1), loop.clock().now() + 15s, {}));
        EXPECT_EQ(answer.code, "topic.not_configured");
        EXPECT_FALSE(answer.gone);
    }
    EXPECT_TRUE(sender.serves(endpoint_of(arn)));
    EXPECT_TRUE(transport.asked.empty());
}

TEST_F(SnsEventSenderTest, GivenNoCredentials_WhenSent_ThenItIsUnauthorizedAndNothingLeaves) {
    credentials = [] { return fail(ErrorKind::not_found, "credentials.not_configured"); };
    EXPECT_EQ(send_one().code, "topic.unauthorized");
    EXPECT_TRUE(transport.asked.empty());
}

// What is.

TEST_F(SnsEventSenderTest, GivenAnEvent_WhenSent_ThenTheRequestIsSignedForTheTopicsRegionAndSaysAllOfIt) {
    const auto answer = send_one();
    EXPECT_EQ(answer.code, "");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.head, "MessageId m0");
    ASSERT_EQ(transport.asked.size(), 1U);
    const auto& ask = transport.asked[0];
    EXPECT_EQ(ask.method, "POST");
    EXPECT_EQ(ask.url.host, "sns.eu-west-1.amazonaws.com");
    EXPECT_THAT(header(ask, "Authorization"), HasSubstr("/eu-west-1/sns/aws4_request"));
    EXPECT_EQ(header(ask, "X-Amz-Security-Token"), "token");
    EXPECT_THAT(header(ask, "Content-Type"), HasSubstr("application/x-www-form-urlencoded"));
    for (const auto* part : {"StringValue=order.confirmed", "Name=order_status", "StringValue=confirmed", "Name=tenant",
                             "StringValue=acme", "MessageGroupId=ord_0", "MessageDeduplicationId=ord_0%3A1"}) {
        EXPECT_THAT(ask.body, HasSubstr(part));
    }
}

TEST_F(SnsEventSenderTest, GivenATest_WhenSent_ThenItHasAGroupAndNoOrder) {
    orders::OutgoingEvent test;
    test.id = "test:c1";
    test.type = "orderflow.webhook.test";
    const auto message = message_of(test);
    EXPECT_EQ(message.group, "test");
    EXPECT_EQ(message.deduplication_id, "test:c1");
    EXPECT_EQ(message.attributes.size(), 1U);
}

TEST(SnsMessageOf, GivenAnEventThatIsTraced_ThenItsTraceIsAnAttribute) {
    orders::OutgoingEvent event;
    event.type = "order.confirmed";
    event.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    EXPECT_THAT(message_of(event).attributes, testing::Contains(testing::Pair("traceparent", event.traceparent)));
}

TEST_F(SnsEventSenderTest, GivenManyEventsAtOnce_WhenSent_ThenTenShareACallAndNoCallWaitsForAnother) {
    transport.answer = [](const HttpAsk& ask) {
        auto line = answered(ask);
        line.after = 1s;
        return line;
    };
    for (const auto& answer : send(25)) EXPECT_EQ(answer.code, "");
    ASSERT_EQ(transport.asked.size(), 3U);
    EXPECT_EQ(entries_of(transport.asked[0]), 10U);
    EXPECT_EQ(entries_of(transport.asked[2]), 5U);
    EXPECT_EQ(transport.asked_at[0], transport.asked_at[1]);
    EXPECT_LT(transport.asked_at[2] - transport.asked_at[0], 10ms) << "the last one waited for company, and no longer";
}

TEST_F(SnsEventSenderTest, GivenEventsThatComeOneByOne_WhenSentWithinAMoment_ThenTheyShareACall) {
    std::vector<std::optional<SendAnswer>> answers(3);
    for (int i = 0; i < 3; ++i) {
        loop.spawn(store(sender.send(endpoint_of(arn), event(i), loop.clock().now() + 15s, {}),
                         answers[static_cast<std::size_t>(i)]));
        loop.advance(1ms);
    }
    loop.advance(1s);
    ASSERT_EQ(transport.asked.size(), 1U);
    EXPECT_EQ(entries_of(transport.asked[0]), 3U);
}

TEST_F(SnsEventSenderTest, GivenLargeEvents_WhenSent_ThenNoCallHasMoreThanAQuarterOfAMebibyteOfThem) {
    std::vector<std::optional<SendAnswer>> answers(3);
    for (int i = 0; i < 3; ++i) {
        auto large = event(i);
        large.body.assign(100 * 1024, 'x');
        loop.spawn(store(sender.send(endpoint_of(arn), std::move(large), loop.clock().now() + 15s, {}),
                         answers[static_cast<std::size_t>(i)]));
    }
    loop.advance(1s);
    ASSERT_EQ(transport.asked.size(), 2U);
    EXPECT_EQ(entries_of(transport.asked[0]), 2U);
    for (const auto& answer : answers) EXPECT_EQ(answer.value().code, "");
}

// What fails.

TEST_F(SnsEventSenderTest, GivenRefusalsOfTheWholeCall_WhenSent_ThenEachEventHasItAndItIsAskedOnce) {
    for (const auto& [status, code, seen] :
         {std::tuple{403, "AuthorizationError", "topic.unauthorized"}, std::tuple{404, "NotFound", "topic.unknown"},
          std::tuple{400, "InvalidParameter", "topic.refused"}, std::tuple{400, "KMSDisabled", "topic.down"}}) {
        transport.asked.clear();
        transport.script = {refused(status, code)};
        for (const auto& answer : send(2)) {
            EXPECT_EQ(answer.code, seen);
            EXPECT_THAT(answer.head, HasSubstr(code));
            EXPECT_EQ(answer.status, 0);
            EXPECT_FALSE(answer.gone) << "a topic that is made again goes on";
            EXPECT_FALSE(answer.stopped);
        }
        EXPECT_EQ(transport.asked.size(), 1U) << code;
    }
}

TEST_F(SnsEventSenderTest, GivenAPartialFailure_WhenSent_ThenOnlyWhatStumbledIsSentAgain) {
    transport.script = {partial(3, {{0, {"InternalError", false}}, {2, {"InvalidParameter", true}}})};
    const auto answers = send(3);
    EXPECT_EQ(answers[0].code, "");
    EXPECT_EQ(answers[1].code, "");
    EXPECT_EQ(answers[2].code, "topic.refused");
    ASSERT_EQ(transport.asked.size(), 2U);
    EXPECT_EQ(entries_of(transport.asked[1]), 1U);
    EXPECT_THAT(transport.asked[1].body, HasSubstr("MessageGroupId=ord_0"));
}

TEST_F(SnsEventSenderTest, GivenAnEntryThatIsThrottledEachTime_WhenSent_ThenItEndsThrottledAndTheLaneIsToRest) {
    transport.answer = [](const HttpAsk& ask) { return answered(ask, {{0, {"Throttled", true}}}); };
    const auto answer = send_one();
    EXPECT_EQ(answer.code, "topic.throttled");
    EXPECT_GT(answer.retry_after, 0ms);
    EXPECT_EQ(transport.asked.size(), 3U);
}

TEST_F(SnsEventSenderTest, GivenThrottlingThatPasses_WhenSent_ThenTheCallIsRepeatedAndSucceeds) {
    transport.script = {refused(400, "Throttling"), refused(503, "ServiceUnavailable")};
    EXPECT_EQ(send_one().code, "");
    EXPECT_EQ(transport.asked.size(), 3U);
}

TEST_F(SnsEventSenderTest, GivenASilentService_WhenSent_ThenTheDeadlineEndsItAndTheOutcomeIsOpen) {
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::silence(); };
    const auto began = loop.clock().now();
    std::optional<SendAnswer> answer;
    loop.spawn(store(sender.send(endpoint_of(arn), event(1), began + 15s, {}), answer));
    loop.advance(15s);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->code, "topic.outcome_unknown");
}

TEST_F(SnsEventSenderTest, GivenAnAnswerThatIsNone_WhenSent_ThenTheOutcomeIsOpen) {
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::ok("<html>It works!</html>"); };
    EXPECT_EQ(send_one().code, "topic.answer_unreadable");
    EXPECT_EQ(transport.asked.size(), 1U) << "the dispatcher tries it again, later";
}

TEST_F(SnsEventSenderTest, GivenCredentialsThatExpire_WhenTheNextAreThere_ThenTheNextCallHasThem) {
    transport.script = {refused(403, "ExpiredToken")};
    EXPECT_EQ(send_one().code, "topic.unauthorized");
    credentials = [] {
        return Credentials{.access_key_id = "AKID2", .secret_access_key = "s", .session_token = "new"};
    };
    EXPECT_EQ(send_one().code, "");
    EXPECT_EQ(header(transport.asked.back(), "X-Amz-Security-Token"), "new");
    EXPECT_EQ(asked_for_credentials, 2) << "each call asks for those that are good now";
}

TEST_F(SnsEventSenderTest, GivenAClockThatIsWrong_WhenItsTimeIsRefused_ThenTheServersIsTaken) {
    transport.script = {refused(403, "SignatureDoesNotMatch", {{"Date", "Wed, 01 Jan 2031 00:00:00 GMT"}})};
    EXPECT_EQ(send_one().code, "");
    EXPECT_THAT(header(transport.asked.back(), "X-Amz-Date"), HasSubstr("20310101T"));
}

TEST_F(SnsEventSenderTest, GivenAStop_WhenACallIsUnderWay_ThenItSaysNothingOfTheTopic) {
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::silence(); };
    std::optional<SendAnswer> answer;
    loop.spawn(store(sender.send(endpoint_of(arn), event(1), loop.clock().now() + 15s, stop.get_token()), answer));
    loop.advance(100ms);
    stop.request_stop();
    loop.run_ready();
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->stopped);
}

}  // namespace
}  // namespace orderflow::aws
