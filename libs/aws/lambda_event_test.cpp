#include "libs/aws/lambda_event.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace orderflow::aws {
namespace {

std::string without(std::string text, const std::string& member) {
    const auto at = text.find("\"" + member + "\"");
    const auto end = text.find('\n', at);
    return text.erase(at, end - at + 1);
}

// The members of the documentation's example; each on a line of its own.
std::string record(const std::string& id, const std::string& receipt, const std::string& queue = "orders") {
    return R"({
"messageId": ")" +
           id + R"(",
"receiptHandle": ")" +
           receipt +
           R"(",
"body": "{\"specversion\":\"1.0\"}",
"attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": "1545082649183", )"
           R"("ApproximateFirstReceiveTimestamp": "1545082649185"},
"messageAttributes": {},
"eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:)" +
           queue + R"(",
"eventSource": "aws:sqs",
"awsRegion": "us-east-2"})";
}
std::string event(const std::vector<std::string>& records) {
    std::string all;
    for (const auto& one : records) all += (all.empty() ? "" : ",") + one;
    return "{\"Records\":[" + all + "]}";
}
std::string why(const std::string& text) {
    const auto read = read_lambda_event(text);
    if (read) return "it was read";
    EXPECT_EQ(read.error().code(), "lambda.event_malformed");
    EXPECT_EQ(read.error().kind(), ErrorKind::invalid_input);
    return read.error().detail();
}

TEST(LambdaEvent, GivenWhatIsNoEventOfAQueue_WhenRead_ThenItSaysWhatIsWrong) {
    EXPECT_EQ(why(""), "the event is no JSON text: json.malformed");
    EXPECT_EQ(why("{\"Records\":"), "the event is no JSON text: json.malformed");
    EXPECT_EQ(why("[]"), "the event has no list Records");
    EXPECT_EQ(why("{\"key1\":\"value1\"}"), "the event has no list Records");
    EXPECT_EQ(why("{\"Records\":{}}"), "the event has no list Records");
    EXPECT_EQ(why("{\"Records\":[7]}"), "record 1 is no object");
    EXPECT_EQ(why(event({without(record("a", "r"), "eventSource")})),
              "record 1 is of no queue: its eventSource is not aws:sqs");
}

TEST(LambdaEvent, GivenARecordThatLacksWhatTheWorkNeeds_WhenRead_ThenTheRecordAndTheMemberAreNamed) {
    for (const std::string name : {"messageId", "receiptHandle", "body"}) {
        EXPECT_EQ(why(event({record("a", "1"), without(record("b", "2"), name)})), "record 2 has no " + name);
    }
    EXPECT_EQ(why(event({without(record("a", "1"), "eventSourceARN")})), "record 1 has no eventSourceARN of a queue");
    EXPECT_EQ(why(event({record("a", "1", "")})), "record 1 has no eventSourceARN of a queue");
    EXPECT_EQ(why(event({record("a", "1", "a:b")})), "record 1 has no eventSourceARN of a queue");
}

TEST(LambdaEvent, GivenAReceiptTwice_WhenRead_ThenItIsRefused) {
    EXPECT_EQ(why(event({record("a", "1"), record("b", "1")})), "record 2 has the receiptHandle of another");
}

TEST(LambdaEvent, GivenMoreRecordsThanASourceBrings_WhenRead_ThenItIsRefused) {
    std::string many = "{\"Records\":[{}";
    for (std::size_t i = 0; i < lambda_records_max; ++i) many += ",{}";
    EXPECT_EQ(why(many + "]}"), "the event has more than 10000 records");
    EXPECT_EQ(why("{\"Records\":[]," + std::string(lambda_event_bytes, ' ') + "}"),
              "the event is no JSON text: json.too_large");
}

TEST(LambdaEvent, GivenTheExampleOfTheDocumentation_WhenRead_ThenEachRecordIsAMessageOfItsQueue) {
    const auto records = read_lambda_event(event({record("a", "1"), record("b", "2", "shop-commands")}));
    ASSERT_TRUE(records) << records.error().detail();
    ASSERT_EQ(records->size(), 2U);
    EXPECT_EQ((*records)[0].queue, "orders");
    EXPECT_EQ((*records)[1].queue, "shop-commands");
    const auto& message = (*records)[0].message;
    EXPECT_EQ(message.id.value, "a");
    EXPECT_EQ(message.receipt.value, "1");
    EXPECT_EQ(message.body, R"({"specversion":"1.0"})");
    EXPECT_EQ(message.receive_count, 3U);
    EXPECT_EQ(to_unix_ms(message.sent_at), 1545082649183);
    EXPECT_EQ(to_unix_ms(message.first_received_at), 1545082649185);
}

TEST(LambdaEvent, GivenAttributesThatAreMissingOrNoNumbers_WhenRead_ThenItIsAFirstDelivery) {
    EXPECT_EQ(read_lambda_event(event({without(record("a", "1"), "attributes")}))->front().message.receive_count, 1U);
    auto text = event({record("a", "1")});
    text.replace(text.find("\"3\""), 3, "\"-3\"");
    EXPECT_EQ(read_lambda_event(text)->front().message.receive_count, 1U);
}

TEST(LambdaEvent, GivenNoRecords_WhenRead_ThenThereAreNone) { EXPECT_TRUE(read_lambda_event(event({}))->empty()); }

TEST(BatchFailures, GivenWhatFailed_WhenWritten_ThenItIsTheAnswerThatLambdaReads) {
    EXPECT_EQ(write_batch_failures({}), R"({"batchItemFailures":[]})");
    const std::vector<orders::MessageId> failed{{"a"}, {"b\"c"}};
    EXPECT_EQ(write_batch_failures(failed),
              R"({"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b\"c"}]})");
}

}  // namespace
}  // namespace orderflow::aws
