#include "libs/aws/sqs_endpoint.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "libs/aws/aws_endpoint.hpp"

namespace orderflow::aws {
namespace {

// "sqs.eu-west-1.amazonaws.com", "sqs-fips.us-gov-west-1.amazonaws.com", "eu-west-1.queue.amazonaws.com",
// "sqs.eu-west-1.api.aws", "vpce-1-2.sqs.eu-west-1.vpce.amazonaws.com".
std::optional<std::string> region_in(const std::string& host) {
    static constexpr std::array<std::string_view, 4> domains = {".amazonaws.com", ".amazonaws.com.cn", ".api.aws",
                                                                ".amazonaws.eu"};
    const auto is_amazon = std::ranges::any_of(domains, [&](auto domain) { return host.ends_with(domain); });
    if (!is_amazon) return std::nullopt;
    std::string_view rest = host;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('.'), rest.size());
        if (is_region(rest.substr(0, end)) && !rest.starts_with("vpce-")) return std::string(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::nullopt;
}

// The last of the two segments of "/account/name".
std::optional<std::string> queue_name_in(std::string_view path) {
    if (path.contains('?')) return std::nullopt;
    const auto at = path.rfind('/');
    const auto name = path.substr(at + 1);
    if (at == 0 || name.empty()) return std::nullopt;
    return std::string(name);
}

}  // namespace

Result<SqsEndpoint> SqsEndpoint::resolve(std::string_view queue_url, const Environment& environment) {
    const SettingsReader settings(environment);
    const auto queue = net::Url::parse(queue_url);
    if (!queue) return fail(ErrorKind::invalid_input, "sqs.queue_url_invalid", queue.error().detail());
    const auto name = queue_name_in(queue->target);
    if (!name) {
        return fail(ErrorKind::invalid_input, "sqs.queue_url_invalid",
                    "the URL of a queue is scheme://host/account/name");
    }
    SqsEndpoint endpoint{.url = *queue, .queue_url = std::string(queue_url), .queue_name = *name, .region = {}};
    endpoint.url.target = "/";
    endpoint.url.user_info.clear();

    auto region = region_in(queue->host);
    if (!region) region = settings.optional_text("AWS_REGION");
    if (!region) region = settings.optional_text("AWS_DEFAULT_REGION");
    if (!region) {
        return fail(ErrorKind::invalid_input, "sqs.region_missing",
                    "set AWS_REGION: the URL of the queue names no region");
    }
    endpoint.region = *region;

    auto configured = configured_endpoint("SQS", environment);
    if (!configured) return fail(ErrorKind::invalid_input, "sqs.endpoint_invalid", configured.error().detail());
    if (*configured) endpoint.url = **std::move(configured);
    return endpoint;
}

}  // namespace orderflow::aws
