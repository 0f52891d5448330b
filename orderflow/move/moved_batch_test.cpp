#include "orderflow/move/moved_batch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/parse.hpp"
#include "queue-service/protocol/attribute_codec.hpp"

namespace orderflow {
namespace {

using ::testing::HasSubstr;

constexpr WallTime now{std::chrono::seconds(1'000'000)};

queue::WaitingMessage waiting(std::string body, std::string attributes = {}) {
    auto message = std::make_shared<queue::Message>();
    message->body = std::move(body);
    message->attributes = std::move(attributes);
    return {.sequence = 1, .message = std::move(message)};
}

std::string written(const queue::WaitingMessage& one) {
    return write_moved_batch("https://sqs.example.com/1/orders", std::span(&one, 1), now).value();
}

TEST(MovedBatch, GivenABody_ThenItIsSentByteForByte) {
    const std::string body = "{\"a\":\"\\u00fc \xc3\xbc\"}\n";

    const auto call = json::parse(written(waiting(body)), {.bytes = 4096}).value();

    EXPECT_EQ(*call.find("QueueUrl")->string(), "https://sqs.example.com/1/orders");
    const auto& entry = call.find("Entries")->array()->front();
    EXPECT_EQ(*entry.find("MessageBody")->string(), body);
    EXPECT_EQ(entry.find("DelaySeconds"), nullptr);
    EXPECT_EQ(entry.find("MessageAttributes"), nullptr);
}

TEST(MovedBatch, GivenAttributesTraceHeaderAndGroup_ThenTheyTravelToo) {
    sqs::MessageMetadata metadata;
    metadata.attributes["kind"] = {.data_type = "String", .string_value = "order"};
    metadata.attributes["raw"] = {.data_type = "Binary", .binary_value = sqs::Blob{std::string("\0\x01", 2)}};
    metadata.trace_header = "Root=1-5759e988-bd862e3fe1be46a994272793";
    metadata.group_id = "tenant";

    const auto text = written(waiting("x", sqs::encode(metadata)));

    EXPECT_THAT(text, HasSubstr(R"("kind":{"DataType":"String","StringValue":"order"})"));
    EXPECT_THAT(text, HasSubstr(R"("raw":{"DataType":"Binary","BinaryValue":"AAE="})"));
    EXPECT_THAT(text, HasSubstr(R"("AWSTraceHeader":{"DataType":"String","StringValue":"Root=1-57)"));
    EXPECT_THAT(text, HasSubstr(R"("MessageGroupId":"tenant")"));
}

TEST(MovedBatch, GivenAttributesThatNobodyCanRead_ThenNothingIsSent) {
    const auto damaged = waiting("x", "\x07");

    const auto call = write_moved_batch("https://sqs.example.com/1/orders", std::span(&damaged, 1), now);

    EXPECT_EQ(call.error().code(), "sqs.attributes_damaged");
}

TEST(MovedBatch, GivenADelayOrADeliveryUnderWay_ThenWhatIsLeftOfItIsKeptUpToTheQueuesLimit) {
    auto one = waiting("x");
    EXPECT_EQ(delay_left(one, now).count(), 0);
    one.visible_at = now - std::chrono::hours(1);
    EXPECT_EQ(delay_left(one, now).count(), 0);
    one.visible_at = now + std::chrono::milliseconds(1'500);
    EXPECT_EQ(delay_left(one, now).count(), 2);
    EXPECT_THAT(written(one), HasSubstr(R"("DelaySeconds":2)"));
    one.visible_at = now + std::chrono::hours(12);
    EXPECT_EQ(delay_left(one, now), std::chrono::minutes(15));
}

TEST(MovedBatch, GivenManyOrLargeMessages_ThenEachBatchFitsOneCallAndTheOrderStays) {
    std::vector<queue::WaitingMessage> page;
    for (int i = 0; i < 25; ++i) page.push_back(waiting(std::to_string(i)));
    page.push_back(waiting(std::string(700'000, 'a')));
    page.push_back(waiting(std::string(700'000, 'b')));

    const auto batches = batches_of(page);

    ASSERT_EQ(batches.size(), 4U);
    EXPECT_EQ(batches[0].size(), 10U);
    EXPECT_EQ(batches[1].size(), 10U);
    EXPECT_EQ(batches[2].size(), 6U) << "five small ones and the first large one";
    EXPECT_EQ(batches[3].size(), 1U);
    EXPECT_EQ(batches[1][0].message->body, "10");
    EXPECT_TRUE(batches_of({}).empty());
}

}  // namespace
}  // namespace orderflow
