#include <utility>

#include "libs/aws/credential_reply.hpp"
#include "libs/aws/credential_url.hpp"
#include "libs/aws/role_credentials.hpp"

namespace orderflow::aws {
namespace {

constexpr std::string_view who = "container endpoint";

std::unexpected<Error> malformed(std::string detail) {
    return fail(ErrorKind::invalid_input, "credentials.malformed", std::move(detail));
}

Result<HttpUrl> container_url(const Surroundings& surroundings) {
    if (const auto relative = surroundings.setting("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
        auto url = parse_http_url("http://169.254.170.2" + *relative);
        if (relative->starts_with('/') && url) return *std::move(url);
        return malformed("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path.");
    }
    const auto full = surroundings.setting("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!full) {
        return fail(ErrorKind::not_found, "credentials.not_configured",
                    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set");
    }
    auto url = parse_http_url(*full);
    if (!url) return malformed("AWS_CONTAINER_CREDENTIALS_FULL_URI is no http or https URL.");
    if (!may_see_container_token(*url)) {
        return malformed("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor on this machine.");
    }
    return *std::move(url);
}

// Empty when none is wanted.
Result<std::string> authorization(const Surroundings& surroundings) {
    if (const auto file = surroundings.setting("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
        const auto text = read_settings_file(surroundings.files, *file);
        if (!text) return fail(ErrorKind::internal, "credentials.unreadable", text.error().detail());
        auto token = as_token(*text);
        if (token) return *std::move(token);
        return malformed(*file + " holds no token.");
    }
    const auto text = surroundings.setting("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (!text) return std::string();
    auto token = as_token(*text);
    if (token) return *std::move(token);
    return malformed("AWS_CONTAINER_AUTHORIZATION_TOKEN cannot be the value of a header.");
}

}  // namespace

Result<HttpAsk> ContainerCredentials::question() const {
    auto url = container_url(surroundings_);
    if (!url) return fail(std::move(url).error());
    auto token = authorization(surroundings_);
    if (!token) return fail(std::move(token).error());
    HttpAsk ask{.method = "GET", .url = *std::move(url), .headers = {{"Accept", "application/json"}}, .body = {}};
    if (!token->empty()) ask.headers.push_back({"Authorization", *std::move(token)});
    return ask;
}

task<Result<Credentials>> ContainerCredentials::fetch() {
    auto ask = question();
    if (!ask) co_return fail(std::move(ask).error());
    auto reply =
        co_await surroundings_.http.ask(*std::move(ask), surroundings_.clock.now() + CredentialTimes::container);
    const auto body = body_of(std::move(reply), who);
    if (!body) co_return fail(body.error());
    co_return credentials_in_json(*body, who, surroundings_.clock.wall());
}

}  // namespace orderflow::aws
