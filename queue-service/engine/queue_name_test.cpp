#include "queue-service/engine/queue_name.hpp"

#include <gtest/gtest.h>

#include "queue-service/engine/tags.hpp"

namespace orderflow::queue {
namespace {

QueueName in_scope(std::string region, std::string account, std::string name = "orders") {
    return {.scope = {.region = std::move(region), .account = std::move(account)}, .name = std::move(name)};
}

TEST(QueueName, GivenAScopeThatIsNone_WhenChecked_ThenItIsRefused) {
    for (const auto& name : {in_scope("", "1"), in_scope("us-east-1", ""), in_scope("us:east", "1"),
                             in_scope("us-east-1", "a b"), in_scope(std::string(65, 'a'), "1")}) {
        ASSERT_FALSE(validate(name));
        EXPECT_EQ(validate(name).error().code(), "queue.scope_invalid");
    }
    EXPECT_TRUE(validate(in_scope("eu-central-1", "123456789012")));
}

TEST(QueueName, GivenTextThatIsNoArn_WhenParsed_ThenItIsRefused) {
    for (const auto* text :
         {"", "orders", "arn:aws:sqs:us-east-1:000000000000", "arn:aws:sqs:us-east-1:000000000000:",
          "arn:aws:sns:us-east-1:000000000000:orders", "arn:aws:sqs::000000000000:orders",
          "arn:aws:sqs:us-east-1:000000000000:orders:more", "arn:aws:sqs:us-east-1:000000000000:orders.fifo",
          "arn:aws-cn:sqs:us-east-1:000000000000:orders", "arn:aws:sqs:us-east-1:000000000000:orders "}) {
        const auto name = parse_arn(text);
        ASSERT_FALSE(name) << text;
        EXPECT_EQ(name.error().code(), "queue.arn_invalid");
    }
}

TEST(QueueName, GivenAName_WhenWrittenAsArn_ThenItIsReadBack) {
    EXPECT_EQ(to_arn({default_scope(), "orders"}), "arn:aws:sqs:us-east-1:000000000000:orders");
    EXPECT_EQ(to_arn(in_scope("cn-north-1", "1")), "arn:aws-cn:sqs:cn-north-1:1:orders");
    EXPECT_EQ(to_arn(in_scope("us-gov-west-1", "1")), "arn:aws-us-gov:sqs:us-gov-west-1:1:orders");
    for (const auto& name : {in_scope("eu-central-1", "123456789012", "a-b_C"), in_scope("cn-north-1", "1")}) {
        EXPECT_EQ(parse_arn(to_arn(name)), name);
    }
}

TEST(Tags, GivenKeysAndValuesOfMostSizes_WhenChecked_ThenCharactersAreCountedAndNotBytes) {
    std::string umlauts;
    for (int i = 0; i < 128; ++i) umlauts += "\xc3\xa4";

    EXPECT_TRUE(validate(Tags{{umlauts, umlauts + umlauts}}));
    EXPECT_EQ(validate(Tags{{umlauts + "a", ""}}).error().code(), "queue.tag_invalid");
    EXPECT_EQ(validate(Tags{{"a", umlauts + umlauts + "a"}}).error().code(), "queue.tag_invalid");
    EXPECT_EQ(validate(Tags{{"", "a"}}).error().code(), "queue.tag_invalid");
}

}  // namespace
}  // namespace orderflow::queue
