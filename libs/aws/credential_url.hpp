// Addresses of the places that give out credentials.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/aws/http_transport.hpp"

namespace orderflow::aws {

// Nothing when the text is no http or https URL (libs/net/url.hpp), or names a user.
std::optional<HttpUrl> parse_http_url(std::string_view text);

// Whether a container's token may be sent there: https, loopback, or the addresses of ECS and EKS.
bool may_see_container_token(const HttpUrl& url);

}  // namespace orderflow::aws
