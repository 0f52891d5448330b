#include "libs/aws/sns_endpoint.hpp"

#include <gtest/gtest.h>

namespace orderflow::aws {
namespace {

const std::string arn = "arn:aws:sns:eu-west-1:123456789012:orders";

std::string refusal(const std::string& text, const Environment& environment = {}) {
    const auto endpoint = SnsEndpoint::resolve(text, environment);
    return endpoint ? "" : endpoint.error().code();
}
std::string origin(const std::string& text, const Environment& environment = {}) {
    return SnsEndpoint::resolve(text, environment).value().url.origin();
}

TEST(SnsEndpoint, GivenATextThatIsNoArnOfATopic_WhenResolved_ThenItIsRefused) {
    for (const auto* text :
         {"", "orders", "https://sns.eu-west-1.amazonaws.com/", "arn:aws:sqs:eu-west-1:123456789012:orders",
          "arn:aws:sns::123456789012:orders", "arn:aws:sns:Europe:123456789012:orders",
          "arn:aws:sns:eu-west-1:1234:orders",
          "arn:aws:sns:eu-west-1:123456789012:", "arn:aws:sns:eu-west-1:123456789012:.fifo",
          "arn:aws:sns:eu-west-1:123456789012:a.b", "arn:aws:sns:eu-west-1:123456789012:orders:9c1e-of-a-subscription",
          "arn:gcp:sns:eu-west-1:123456789012:orders", "arn:aws:sns:eu-west-1:123456789012:a b",
          "arn:aws:sns:evil.example/-1:123456789012:orders"}) {
        EXPECT_EQ(refusal(text), "sns.topic_arn_invalid") << text;
    }
    EXPECT_EQ(refusal("arn:aws:sns:eu-west-1:123456789012:" + std::string(257, 'a')), "sns.topic_arn_invalid");
}

TEST(SnsEndpoint, GivenAnArn_WhenResolved_ThenTheRegionAndTheHostAreThoseOfTheTopic) {
    const auto endpoint = SnsEndpoint::resolve(arn, {{"AWS_REGION", "us-east-1"}}).value();
    EXPECT_EQ(endpoint.topic.region, "eu-west-1") << "wherever the program is";
    EXPECT_EQ(endpoint.topic.name, "orders");
    EXPECT_EQ(endpoint.topic.account, "123456789012");
    EXPECT_FALSE(endpoint.topic.is_fifo());
    EXPECT_EQ(endpoint.url.origin(), "https://sns.eu-west-1.amazonaws.com:443");
    EXPECT_TRUE(TopicArn::parse(arn + ".fifo").value().is_fifo());
}

TEST(SnsEndpoint, GivenOtherPartitions_WhenResolved_ThenEachHasItsDomain) {
    EXPECT_EQ(origin("arn:aws-cn:sns:cn-north-1:123456789012:o"), "https://sns.cn-north-1.amazonaws.com.cn:443");
    EXPECT_EQ(origin("arn:aws-us-gov:sns:us-gov-west-1:123456789012:o"), "https://sns.us-gov-west-1.amazonaws.com:443");
    EXPECT_EQ(origin("arn:aws-eusc:sns:eusc-de-east-1:123456789012:o"), "https://sns.eusc-de-east-1.amazonaws.eu:443");
    const std::string isolated = "arn:aws-iso:sns:us-iso-east-1:123456789012:o";
    EXPECT_EQ(refusal(isolated), "sns.partition_unknown");
    EXPECT_EQ(origin(isolated, {{"AWS_ENDPOINT_URL_SNS", "https://sns.example/"}}), "https://sns.example:443");
}

TEST(SnsEndpoint, GivenAConfiguredEndpoint_WhenResolved_ThenTheOneOfTheServiceComesFirst) {
    Environment environment{{"AWS_ENDPOINT_URL", "http://127.0.0.1:5000"}};
    EXPECT_EQ(origin(arn, environment), "http://127.0.0.1:5000");
    environment.emplace("AWS_ENDPOINT_URL_SNS", "http://127.0.0.1:5001");
    EXPECT_EQ(origin(arn, environment), "http://127.0.0.1:5001");
    environment.emplace("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    EXPECT_EQ(origin(arn, environment), "https://sns.eu-west-1.amazonaws.com:443");
    EXPECT_EQ(refusal(arn, {{"AWS_ENDPOINT_URL_SNS", "http://a@b/"}}), "sns.endpoint_invalid");
    EXPECT_EQ(refusal(arn, {{"AWS_ENDPOINT_URL_SNS", "sns"}}), "sns.endpoint_invalid");
}

}  // namespace
}  // namespace orderflow::aws
