// Where a service of AWS is when the environment says so, and what a region looks like. Pure.
// Source: AWS SDKs and Tools reference guide, "Service-specific endpoints".
#pragma once

#include <optional>
#include <string_view>

#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/url.hpp"

namespace orderflow::aws {

// AWS_ENDPOINT_URL_<service>, else AWS_ENDPOINT_URL; nothing when neither is set, or with
// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true. invalid_input "aws.endpoint_invalid": no http or https URL, or one with a
// user in it.
Result<std::optional<net::Url>> configured_endpoint(std::string_view service, const Environment& environment);

// "eu-west-1", "us-gov-west-1": words of small letters, and a number.
bool is_region(std::string_view text);

}  // namespace orderflow::aws
