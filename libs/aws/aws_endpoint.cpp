#include "libs/aws/aws_endpoint.hpp"

#include <algorithm>
#include <string>

namespace orderflow::aws {

Result<std::optional<net::Url>> configured_endpoint(std::string_view service, const Environment& environment) {
    const SettingsReader settings(environment);
    if (settings.text("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "") == "true") return std::optional<net::Url>();
    const auto name = "AWS_ENDPOINT_URL_" + std::string(service);
    auto configured = settings.optional_text(name);
    if (!configured) configured = settings.optional_text("AWS_ENDPOINT_URL");
    if (!configured) return std::optional<net::Url>();
    auto url = net::Url::parse(*configured);
    if (!url || !url->user_info.empty()) {
        return fail(ErrorKind::invalid_input, "aws.endpoint_invalid",
                    name + " or AWS_ENDPOINT_URL is no http or https URL");
    }
    return std::optional<net::Url>(*std::move(url));
}

bool is_region(std::string_view text) {
    const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, is_part) && text.contains('-') &&
           text.back() >= '0' && text.back() <= '9' && text.front() >= 'a' && text.front() <= 'z';
}

}  // namespace orderflow::aws
