#include "libs/aws/sqs_codec.hpp"

#include <gtest/gtest.h>

namespace orderflow::aws {
namespace {

using orders::OutgoingMessage;

constexpr std::string_view url = "http://h/1/orders";
constexpr std::string_view md5_of_a = "0cc175b9c0f1b6a831c399e269772661";
constexpr std::string_view md5_of_b = "92eb5ffee6ae2fec3ad71c777531578f";

std::string sent_entry(int id, std::string_view md5) {
    return R"({"Id":")" + std::to_string(id) + R"(","MessageId":"m)" + std::to_string(id) +
           R"(","MD5OfMessageBody":")" + std::string(md5) + R"("})";
}

std::string received(const std::string& attributes, std::string_view md5 = md5_of_a) {
    return R"({"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"a","MD5OfBody":")" + std::string(md5) +
           R"(","Attributes":{)" + attributes + "}}]}";
}

const std::string usual = R"("ApproximateReceiveCount":"2","SentTimestamp":"1700000000123",)"
                          R"("ApproximateFirstReceiveTimestamp":"1700000000456")";

TEST(SqsCodecWrite, GivenMessages_ThenEntriesAreNamedByTheirPlace) {
    const std::vector<OutgoingMessage> messages = {OutgoingMessage("a"), OutgoingMessage("b\"", 10s)};
    EXPECT_EQ(write_send_batch(url, messages),
              R"({"QueueUrl":"http://h/1/orders","Entries":[{"Id":"0","MessageBody":"a"},)"
              R"({"Id":"1","MessageBody":"b\"","DelaySeconds":10}]})");
}

TEST(SqsCodecWrite, GivenAReceive_ThenAWaitIsRoundedUpAndTheCountIsAtMostTen) {
    orders::ReceiveRequest request;
    request.max_messages = 25;
    request.wait = std::chrono::milliseconds(1500);
    EXPECT_EQ(write_receive(url, request),
              R"({"QueueUrl":"http://h/1/orders","MaxNumberOfMessages":10,"WaitTimeSeconds":2,)"
              R"("MessageSystemAttributeNames":["ApproximateReceiveCount","SentTimestamp",)"
              R"("ApproximateFirstReceiveTimestamp","DeadLetterQueueSourceArn"]})");
    request.visibility_timeout = 0s;
    EXPECT_TRUE(write_receive(url, request).contains(R"("VisibilityTimeout":0)"));
}

TEST(SqsCodecWrite, GivenReceipts_ThenTheyAreDeletedOrChanged) {
    EXPECT_EQ(write_remove_batch(url, std::vector<orders::ReceiptHandle>{{"r1"}}),
              R"({"QueueUrl":"http://h/1/orders","Entries":[{"Id":"0","ReceiptHandle":"r1"}]})");
    EXPECT_EQ(write_visibility_batch(url, std::vector<orders::VisibilityChange>{{{"r1"}, 30s}}),
              R"({"QueueUrl":"http://h/1/orders","Entries":[{"Id":"0","ReceiptHandle":"r1","VisibilityTimeout":30}]})");
}

TEST(SqsCodecCheck, GivenAMessageThatSqsWouldRefuse_ThenItIsRefusedBefore) {
    const auto code = [](std::string body, std::chrono::seconds delay = {}) {
        const auto checked = check_outgoing(OutgoingMessage(std::move(body), delay));
        return checked ? std::string() : checked.error().code();
    };
    EXPECT_EQ(code(""), "queue.message_empty");
    EXPECT_EQ(code(std::string(sqs_batch_bytes + 1, 'x')), "queue.message_too_long");
    EXPECT_EQ(code(std::string(sqs_batch_bytes, 'x')), "");
    for (const std::string& body : {std::string("a\0b", 3), std::string("\x1b[0m"), std::string("\xff"),
                                    std::string("\xEF\xBF\xBF"), std::string("\xed\xa0\x80")}) {
        EXPECT_EQ(code(body), "queue.message_contents_invalid");
    }
    EXPECT_EQ(code("\t\r\n \xc3\xa4 \xf0\x9f\x93\xa6 \x7f"), "");
    EXPECT_EQ(code("a", 15min + 1s), "queue.delay_invalid");
    EXPECT_EQ(code("a", -1s), "queue.delay_invalid");
}

TEST(SqsCodecRead, GivenAnAnswerThatIsNone_ThenItIsUnreadableAndTheOutcomeOpen) {
    const std::vector<OutgoingMessage> one = {OutgoingMessage("a")};
    for (const auto* text :
         {"", "[]", "<html>", R"({"Successful":7})", R"({"Successful":[{"Id":"1"}]})", R"({"Successful":[{"Id":"x"}]})",
          R"({"Successful":[{}]})", R"({"Failed":[{"Id":"-1"}]})", R"({"Successful":[)"}) {
        const auto read = read_send_batch(text, one);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code(), "queue.answer_unreadable") << text;
        EXPECT_FALSE(orders::was_refused(read.error()));
    }
}

TEST(SqsCodecRead, GivenABatchOfAllKinds_ThenEachEntryHasItsOwnAnswer) {
    const std::vector<OutgoingMessage> messages(4, OutgoingMessage("a"));
    const auto read = read_send_batch(
        R"({"Failed":[{"Id":"1","Code":"InvalidMessageContents","Message":"no","SenderFault":true}],"Successful":[)" +
            sent_entry(2, md5_of_b) + "," + sent_entry(0, md5_of_a) + "]}",
        messages);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 4U);
    EXPECT_EQ((*read)[0].value().value, "m0");
    EXPECT_EQ((*read)[1].error().code(), "queue.message_contents_invalid");
    EXPECT_EQ((*read)[2].error().code(), "queue.answer_unreadable") << "the digest is that of another body";
    EXPECT_EQ((*read)[3].error().code(), "queue.answer_unreadable") << "no word about it";
    EXPECT_FALSE(orders::was_refused((*read)[3].error()));
}

TEST(SqsCodecRead, GivenAnEntryThatTheServiceFailed_ThenItsOutcomeIsOpen) {
    const auto read = read_entries(R"({"Failed":[{"Id":"0","Code":"InternalError","SenderFault":false},)"
                                   R"({"Id":"1","Code":"ReceiptHandleIsInvalid","SenderFault":true}]})",
                                   2);
    ASSERT_TRUE(read);
    EXPECT_EQ((*read)[0].error().code(), "queue.outcome_unknown");
    EXPECT_EQ((*read)[1].error().code(), "queue.receipt_handle_invalid");
}

TEST(SqsCodecRead, GivenAMessage_ThenItsIdBodyCountAndTimesAreThere) {
    const auto read =
        read_received(received(usual + R"(,"DeadLetterQueueSourceArn":"arn:aws:sqs:eu-west-1:1:orders")"));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 1U);
    const auto& message = read->front();
    EXPECT_EQ(message.id.value, "m");
    EXPECT_EQ(message.receipt.value, "r");
    EXPECT_EQ(message.body, "a");
    EXPECT_EQ(message.receive_count, 2U);
    EXPECT_EQ(to_unix_ms(message.sent_at), 1700000000123);
    EXPECT_EQ(to_unix_ms(message.first_received_at), 1700000000456);
    EXPECT_EQ(message.dead_letter_source, "orders");
    EXPECT_FALSE(read_received(received(usual)).value().front().dead_letter_source);
}

TEST(SqsCodecRead, GivenNoMessages_ThenThereAreNone) {
    EXPECT_TRUE(read_received("{}").value().empty());
    EXPECT_TRUE(read_received(R"({"Messages":null})").value().empty());
    EXPECT_TRUE(read_received(R"({"Messages":[]})").value().empty());
}

TEST(SqsCodecRead, GivenAMessageThatIsNotWhole_ThenNothingOfTheAnswerIsHandedOut) {
    EXPECT_FALSE(read_received(received(usual, md5_of_b))) << "another body";
    EXPECT_FALSE(read_received(received(R"("ApproximateReceiveCount":"2")")));
    EXPECT_FALSE(read_received(R"({"Messages":[{"MessageId":"m"}]})"));
    EXPECT_FALSE(read_received(R"({"Messages":[7]})"));
    EXPECT_FALSE(read_received(R"({"Messages":7})"));
    EXPECT_FALSE(read_received(R"({"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"a",)"
                               R"("MD5OfBody":"0cc175b9c0f1b6a831c399e269772661"}]})"));
}

TEST(SqsCodecRead, GivenCounts_ThenTheyAreRead) {
    const auto counts =
        read_counts(R"({"Attributes":{"ApproximateNumberOfMessages":"3","ApproximateNumberOfMessagesNotVisible":"2",)"
                    R"("ApproximateNumberOfMessagesDelayed":"1"}})");
    ASSERT_TRUE(counts);
    EXPECT_EQ(counts->visible, 3U);
    EXPECT_EQ(counts->in_flight, 2U);
    EXPECT_EQ(counts->delayed, 1U);
    EXPECT_FALSE(counts->oldest_age);
    EXPECT_FALSE(read_counts("{}"));
    EXPECT_FALSE(read_counts(R"({"Attributes":{"ApproximateNumberOfMessages":"many"}})"));
}

}  // namespace
}  // namespace orderflow::aws
