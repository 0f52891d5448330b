// TopicArn: the name of a topic of Amazon SNS, taken apart; SnsEndpoint: where requests for it go, and for which region
// they are signed. Pure.
// Source: Amazon SNS developer guide, "Topic ARN"; AWS General Reference, "Amazon SNS endpoints".
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/url.hpp"

namespace orderflow::aws {

struct TopicArn {
    std::string text;  // "arn:aws:sns:eu-west-1:123456789012:orders.fifo"
    std::string partition;
    std::string region;
    std::string account;
    std::string name;

    // A FIFO topic keeps the order of messages of one group, and takes one with the same id once in five minutes.
    bool is_fifo() const { return name.ends_with(".fifo"); }

    // invalid_input "sns.topic_arn_invalid".
    static Result<TopicArn> parse(std::string_view text);
};

struct SnsEndpoint {
    TopicArn topic;
    net::Url url;

    // The service is at AWS_ENDPOINT_URL_SNS, else at AWS_ENDPOINT_URL, else at the host that Amazon has for the
    // topic's region. Requests are signed for that region in any case. invalid_input: "sns.topic_arn_invalid",
    // "sns.endpoint_invalid", "sns.partition_unknown" (nothing is configured, and the host is not known).
    static Result<SnsEndpoint> resolve(std::string_view topic_arn, const Environment& environment);
};

}  // namespace orderflow::aws
