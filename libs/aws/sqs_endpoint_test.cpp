#include "libs/aws/sqs_endpoint.hpp"

#include <gtest/gtest.h>

namespace orderflow::aws {
namespace {

const std::string amazon = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders";
const std::string local = "http://127.0.0.1:9324/000000000000/orders";

std::string code_of(const std::string& url, const Environment& environment) {
    const auto endpoint = SqsEndpoint::resolve(url, environment);
    return endpoint ? "resolved" : endpoint.error().code();
}

TEST(SqsEndpoint, GivenAQueueUrlThatIsNone_WhenResolved_ThenItIsRefused) {
    for (const auto* url : {"", "orders", "arn:aws:sqs:eu-west-1:1:orders", "ftp://x/1/orders", "http://x", "http://x/",
                            "http://x/orders", "http://x/1/", "http://x/1/orders?x=y"}) {
        EXPECT_EQ(code_of(url, {{"AWS_REGION", "eu-west-1"}}), "sqs.queue_url_invalid") << url;
    }
}

TEST(SqsEndpoint, GivenNoRegionAnywhere_WhenResolved_ThenItIsRefused) {
    EXPECT_EQ(code_of(local, {}), "sqs.region_missing");
    EXPECT_EQ(code_of("https://sqs.example.com/1/orders", {{"AWS_REGION", ""}}), "sqs.region_missing");
}

TEST(SqsEndpoint, GivenAnEndpointThatIsNone_WhenResolved_ThenTheErrorDoesNotRepeatIt) {
    const Environment broken = {{"AWS_REGION", "x-1"}, {"AWS_ENDPOINT_URL", "http://me:secret@host"}};
    const auto endpoint = SqsEndpoint::resolve(local, broken);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().code(), "sqs.endpoint_invalid");
    EXPECT_FALSE(endpoint.error().detail().contains("secret"));
}

TEST(SqsEndpoint, GivenAQueueOfAmazon_WhenResolved_ThenHostAndRegionAreThoseOfItsUrl) {
    const auto endpoint = SqsEndpoint::resolve(amazon, {{"AWS_REGION", "us-east-1"}}).value();
    EXPECT_EQ(endpoint.url.origin() + endpoint.url.target, "https://sqs.eu-west-1.amazonaws.com:443/");
    EXPECT_EQ(endpoint.region, "eu-west-1");
    EXPECT_EQ(endpoint.queue_url, amazon);
    EXPECT_EQ(endpoint.queue_name, "orders");
}

TEST(SqsEndpoint, GivenTheHostNamesOfAmazon_WhenResolved_ThenTheirRegionIsFound) {
    for (const auto& [host, region] : std::vector<std::pair<std::string, std::string>>{
             {"sqs-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
             {"us-east-2.queue.amazonaws.com", "us-east-2"},
             {"sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"},
             {"sqs.eu-north-1.api.aws", "eu-north-1"},
             {"vpce-0a1b-2c3d-us-east-1.sqs.us-east-1.vpce.amazonaws.com", "us-east-1"},
             {"sqs.eu-west-1.amazonaws.com.evil.example", "fallback-1"}}) {
        const auto url = "https://" + host + "/1/orders";
        EXPECT_EQ(SqsEndpoint::resolve(url, {{"AWS_REGION", "fallback-1"}}).value().region, region) << host;
    }
}

TEST(SqsEndpoint, GivenAQueueElsewhere_WhenResolved_ThenTheRegionIsOfTheEnvironment) {
    EXPECT_EQ(SqsEndpoint::resolve(local, {{"AWS_DEFAULT_REGION", "eu-north-1"}}).value().region, "eu-north-1");
    const auto both = SqsEndpoint::resolve(local, {{"AWS_DEFAULT_REGION", "b-1"}, {"AWS_REGION", "a-1"}}).value();
    EXPECT_EQ(both.region, "a-1");
    EXPECT_EQ(both.url.origin(), "http://127.0.0.1:9324");
}

TEST(SqsEndpoint, GivenEndpointsInTheEnvironment_WhenResolved_ThenTheOneOfSqsWinsAndTheQueueUrlStays) {
    Environment environment = {{"AWS_ENDPOINT_URL", "http://all:1"}};
    EXPECT_EQ(SqsEndpoint::resolve(amazon, environment).value().url.authority(), "all:1");
    environment["AWS_ENDPOINT_URL_SQS"] = "http://sqs:2/base";
    const auto endpoint = SqsEndpoint::resolve(amazon, environment).value();
    EXPECT_EQ(endpoint.url.authority() + endpoint.url.target, "sqs:2/base");
    EXPECT_EQ(endpoint.queue_url, amazon);
    EXPECT_EQ(endpoint.region, "eu-west-1");
    environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
    EXPECT_EQ(SqsEndpoint::resolve(amazon, environment).value().url.host, "sqs.eu-west-1.amazonaws.com");
}

}  // namespace
}  // namespace orderflow::aws
