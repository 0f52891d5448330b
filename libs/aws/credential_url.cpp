#include "libs/aws/credential_url.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "libs/net/url.hpp"

namespace orderflow::aws {
namespace {

// 127.0.0.0/8, written as four numbers; a name such as 127.example.com is none.
bool is_loopback_v4(std::string_view host) {
    return host.starts_with("127.") && std::ranges::count(host, '.') == 3 && !host.ends_with('.') &&
           host.find_first_not_of("0123456789.") == std::string_view::npos && !host.contains("..");
}

}  // namespace

std::optional<HttpUrl> parse_http_url(std::string_view text) {
    auto url = net::Url::parse(text);
    if (!url || !url->user_info.empty()) return std::nullopt;
    return HttpUrl{.scheme = url->secure ? HttpScheme::https : HttpScheme::http,
                   .host = std::move(url->host),
                   .port = url->port,
                   .target = std::move(url->target)};
}

bool may_see_container_token(const HttpUrl& url) {
    static constexpr auto known =
        std::to_array<std::string_view>({"localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"});
    return url.scheme == HttpScheme::https || is_loopback_v4(url.host) ||
           std::ranges::find(known, url.host) != known.end();
}

}  // namespace orderflow::aws
