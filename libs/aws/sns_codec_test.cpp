#include "libs/aws/sns_codec.hpp"

#include <gtest/gtest.h>

namespace orderflow::aws {
namespace {

const auto topic = TopicArn::parse("arn:aws:sns:eu-west-1:123456789012:orders").value();
const auto fifo = TopicArn::parse("arn:aws:sns:eu-west-1:123456789012:orders.fifo").value();

SnsMessage message() {
    return {.body = R"({"a":"b c&ä"})",
            .attributes = {{"event_type", "order.confirmed"}, {"tenant", "acme"}},
            .group = "ord_1",
            .deduplication_id = "ord_1:3"};
}
std::string answer(const std::string& entries) {
    return "<PublishBatchResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishBatchResult>" + entries +
           "</PublishBatchResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>";
}
std::string taken(const std::string& id) {
    return "<Successful><member><MessageId>m" + id + "</MessageId><Id>" + id + "</Id></member></Successful>";
}

TEST(SnsCodec, GivenMessages_WhenWritten_ThenTheFormHasThemEscapedAndNamedByTheirPlace) {
    const std::vector<SnsMessage> messages{message(), SnsMessage{.body = "x"}};
    EXPECT_EQ(write_publish_batch(topic, messages),
              "Action=PublishBatch&Version=2010-03-31"
              "&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Aorders"
              "&PublishBatchRequestEntries.member.1.Id=0"
              "&PublishBatchRequestEntries.member.1.Message=%7B%22a%22%3A%22b%20c%26%C3%A4%22%7D"
              "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Name=event_type"
              "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.DataType=String"
              "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.StringValue=order.confirmed"
              "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.2.Name=tenant"
              "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.2.Value.DataType=String"
              "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.2.Value.StringValue=acme"
              "&PublishBatchRequestEntries.member.2.Id=1"
              "&PublishBatchRequestEntries.member.2.Message=x");
}

TEST(SnsCodec, GivenAFifoTopic_WhenWritten_ThenTheOrderIsTheGroupAndTheEventIsNotTakenTwice) {
    const std::vector<SnsMessage> messages{message()};
    EXPECT_TRUE(write_publish_batch(fifo, messages)
                    .ends_with("&PublishBatchRequestEntries.member.1.MessageGroupId=ord_1"
                               "&PublishBatchRequestEntries.member.1.MessageDeduplicationId=ord_1%3A3"));
}

TEST(SnsCodec, GivenAMessage_WhenMeasured_ThenItsAttributesCount) {
    EXPECT_EQ(SnsMessage{.body = "12345"}.bytes(), 5U);
    EXPECT_EQ((SnsMessage{.body = "12345", .attributes = {{"ab", "cde"}}}.bytes()), 5U + 2 + 3 + 6);
}

TEST(SnsCodec, GivenAPartialFailure_WhenRead_ThenEachEntryHasItsOwnAnswerInTheOrderOfTheRequest) {
    const auto read =
        read_publish_batch(answer("<Failed><member><Id>0</Id><Code>InvalidParameter</Code><Message>no</Message>"
                                  "<SenderFault>true</SenderFault></member><member><Id>3</Id><Code>InternalError</Code>"
                                  "<SenderFault>false</SenderFault></member></Failed>" +
                                  taken("2") + ""),
                           4);
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ((*read)[0].error().code(), "topic.refused");
    EXPECT_EQ((*read)[1].error().code(), "topic.answer_unreadable") << "it is missing";
    EXPECT_EQ((*read)[2].value(), "m2");
    EXPECT_EQ((*read)[3].error().code(), "topic.outcome_unknown");
}

TEST(SnsCodec, GivenATextThatIsNoAnswer_WhenRead_ThenTheOutcomeIsOpen) {
    for (const auto& text :
         {std::string(), std::string("{}"), std::string("<html/>"), std::string("<PublishBatchResponse/>"),
          answer(taken("1")), answer(taken("0") + "<Failed><member><Id>0</Id></member></Failed>"), answer(taken("x")),
          answer(taken("-1")), answer("<Successful><member/></Successful>")}) {
        const auto read = read_publish_batch(text, 1);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code(), "topic.answer_unreadable");
        EXPECT_EQ(read.error().kind(), ErrorKind::unavailable);
    }
    EXPECT_FALSE(read_publish_batch(answer("<Successful><member><Id>0</Id></member></Successful>"), 1).value()[0]);
}

}  // namespace
}  // namespace orderflow::aws
