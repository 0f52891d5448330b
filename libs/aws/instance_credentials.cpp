#include <algorithm>
#include <utility>

#include "libs/aws/ascii_names.hpp"
#include "libs/aws/credential_reply.hpp"
#include "libs/aws/credential_url.hpp"
#include "libs/aws/role_credentials.hpp"

namespace orderflow::aws {
namespace {

constexpr std::string_view who = "EC2 metadata";
constexpr std::string_view token_target = "/latest/api/token";
constexpr std::string_view roles_target = "/latest/meta-data/iam/security-credentials/";

std::unexpected<Error> not_configured(std::string detail) {
    return fail(ErrorKind::not_found, "credentials.not_configured", std::move(detail));
}

Result<HttpUrl> metadata_url(const Surroundings& surroundings) {
    if (equal_names(surroundings.setting("AWS_EC2_METADATA_DISABLED").value_or(""), "true")) {
        return not_configured("AWS_EC2_METADATA_DISABLED is true");
    }
    const bool v6 = equal_names(surroundings.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or(""), "IPv6");
    const auto usual = v6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
    auto url = parse_http_url(surroundings.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or(usual));
    if (url) return *std::move(url);
    return fail(ErrorKind::invalid_input, "credentials.malformed",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT is no http or https URL.");
}

// What IAM allows in the name of a role, so that it stays one segment of a path.
bool is_role_name(std::string_view text) {
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("+=,.@_-").contains(c);
    });
}

HttpUrl at(HttpUrl url, std::string_view target) {
    url.target = target;
    return url;
}

}  // namespace

task<Result<std::string>> InstanceCredentials::get(HttpUrl url, std::string token) {
    HttpAsk ask{.method = "GET", .url = std::move(url), .headers = {}, .body = {}};
    ask.headers = {{"X-aws-ec2-metadata-token", std::move(token)}};
    auto reply = co_await surroundings_.http.ask(std::move(ask), surroundings_.clock.now() + CredentialTimes::instance);
    if (reply && reply->status == 404) co_return not_configured("the instance has no role");
    co_return body_of(std::move(reply), who);
}

task<Result<Credentials>> InstanceCredentials::fetch() {
    auto url = metadata_url(surroundings_);
    if (!url) co_return fail(std::move(url).error());
    HttpAsk first{.method = "PUT", .url = at(*url, token_target), .headers = {}, .body = {}};
    first.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "300"}};
    auto reply =
        co_await surroundings_.http.ask(std::move(first), surroundings_.clock.now() + CredentialTimes::instance);
    if (reply && (reply->status == 403 || reply->status == 404)) {
        co_return not_configured("the instance has no metadata service");
    }
    const auto text = body_of(std::move(reply), who);
    if (!text) co_return fail(text.error());
    const auto token = as_token(*text);
    if (!token) co_return fail(ErrorKind::unavailable, "credentials.unavailable", "EC2 metadata gave no token");

    const auto roles = co_await get(at(*url, roles_target), *token);
    if (!roles) co_return fail(roles.error());
    const auto role = as_token(roles->substr(0, roles->find('\n'))).value_or("");
    if (!is_role_name(role)) {
        co_return fail(ErrorKind::unavailable, "credentials.unavailable", "EC2 metadata named no role");
    }
    const auto body = co_await get(at(*url, std::string(roles_target) + role), *token);
    if (!body) co_return fail(body.error());
    co_return credentials_in_json(*body, std::string(who) + ", role " + role, surroundings_.clock.wall());
}

}  // namespace orderflow::aws
