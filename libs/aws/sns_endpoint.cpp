#include "libs/aws/sns_endpoint.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "libs/aws/aws_endpoint.hpp"

namespace orderflow::aws {
namespace {

constexpr std::size_t name_max = 256;
constexpr std::size_t account_digits = 12;
constexpr std::size_t parts_of_arn = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_part(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool is_partition(std::string_view text) {
    return text.starts_with("aws") && text.size() <= 16 &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}
bool is_account(std::string_view text) { return text.size() == account_digits && std::ranges::all_of(text, is_digit); }
bool is_topic_name(std::string_view text) {
    if (text.size() > name_max) return false;
    if (text.ends_with(".fifo")) text.remove_suffix(std::string_view(".fifo").size());
    return !text.empty() && std::ranges::all_of(text, is_name_part);
}

std::optional<std::string> domain_of(std::string_view partition) {
    if (partition == "aws" || partition == "aws-us-gov") return "amazonaws.com";
    if (partition == "aws-cn") return "amazonaws.com.cn";
    if (partition == "aws-eusc") return "amazonaws.eu";
    return std::nullopt;
}

}  // namespace

Result<TopicArn> TopicArn::parse(std::string_view text) {
    std::array<std::string_view, parts_of_arn> parts;
    auto rest = text;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        parts[i] = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(parts[i].size() + 1, rest.size()));
    }
    parts.back() = rest;
    const auto [arn, partition, service, region, account, name] = parts;
    if (arn != "arn" || !is_partition(partition) || service != "sns" || !is_region(region) || !is_account(account) ||
        !is_topic_name(name)) {
        return fail(ErrorKind::invalid_input, "sns.topic_arn_invalid",
                    "the ARN of a topic is arn:aws:sns:REGION:ACCOUNT:NAME");
    }
    return TopicArn{.text = std::string(text),
                    .partition = std::string(partition),
                    .region = std::string(region),
                    .account = std::string(account),
                    .name = std::string(name)};
}

Result<SnsEndpoint> SnsEndpoint::resolve(std::string_view topic_arn, const Environment& environment) {
    auto topic = TopicArn::parse(topic_arn);
    if (!topic) return fail(std::move(topic).error());
    auto configured = configured_endpoint("SNS", environment);
    if (!configured) return fail(ErrorKind::invalid_input, "sns.endpoint_invalid", configured.error().detail());
    if (*configured) return SnsEndpoint{*std::move(topic), **std::move(configured)};
    const auto domain = domain_of(topic->partition);
    if (!domain) {
        return fail(
            ErrorKind::invalid_input, "sns.partition_unknown",
            "set AWS_ENDPOINT_URL_SNS: where Amazon SNS is in the partition " + topic->partition + " is not known");
    }
    auto url = net::Url::parse("https://sns." + topic->region + "." + *domain + "/");
    if (!url) return fail(std::move(url).error());
    return SnsEndpoint{*std::move(topic), *std::move(url)};
}

}  // namespace orderflow::aws
