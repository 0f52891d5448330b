#include <algorithm>
#include <utility>

#include "libs/aws/credential_reply.hpp"
#include "libs/aws/credential_url.hpp"
#include "libs/aws/role_credentials.hpp"
#include "libs/aws/shared_config.hpp"
#include "libs/aws/uri_escape.hpp"

namespace orderflow::aws {
namespace {

constexpr std::string_view who = "STS (web identity)";

// A region becomes a part of a host name, so it may not hold what would name another host.
bool is_region(std::string_view text) {
    return std::ranges::all_of(text,
                               [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Result<HttpUrl> sts_url(const Surroundings& surroundings) {
    for (const auto* const name : {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"}) {
        const auto text = surroundings.setting(name);
        if (!text) continue;
        auto url = parse_http_url(*text);
        if (url) return *std::move(url);
        return fail(ErrorKind::invalid_input, "credentials.malformed", std::string(name) + " is no http or https URL.");
    }
    const auto region = configured_region(surroundings);
    if (!region) return fail(region.error());
    if (!is_region(*region)) return fail(ErrorKind::invalid_input, "credentials.malformed", "The region is none.");
    HttpUrl url;
    url.host = region->empty() ? "sts.amazonaws.com" : "sts." + *region + ".amazonaws.com";
    if (region->starts_with("cn-")) url.host += ".cn";
    return url;
}

void append_field(std::string& body, std::string_view name, std::string_view value) {
    body.append(body.empty() ? "" : "&").append(name).append("=");
    append_escaped(body, value);
}

// A token that is out of date is replaced in its file soon; the rest needs a person.
bool passes_by_itself(std::string_view code) {
    return code == "ExpiredTokenException" || code == "IDPCommunicationError";
}

}  // namespace

Result<HttpAsk> WebIdentityCredentials::question() const {
    const auto file = surroundings_.setting("AWS_WEB_IDENTITY_TOKEN_FILE");
    if (!file) {
        return fail(ErrorKind::not_found, "credentials.not_configured", "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
    }
    const auto role = surroundings_.setting("AWS_ROLE_ARN");
    if (!role) {
        return fail(ErrorKind::invalid_input, "credentials.incomplete",
                    "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN.");
    }
    auto text = read_settings_file(surroundings_.files, *file);
    if (!text) return fail(ErrorKind::internal, "credentials.unreadable", text.error().detail());
    const auto token = as_token(*text);
    if (!token) return fail(ErrorKind::invalid_input, "credentials.malformed", *file + " holds no token.");
    auto url = sts_url(surroundings_);
    if (!url) return fail(std::move(url).error());

    HttpAsk ask{.method = "POST", .url = *std::move(url), .headers = {}, .body = {}};
    ask.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
    append_field(ask.body, "Action", "AssumeRoleWithWebIdentity");
    append_field(ask.body, "Version", "2011-06-15");
    append_field(ask.body, "RoleArn", *role);
    append_field(ask.body, "RoleSessionName", surroundings_.setting("AWS_ROLE_SESSION_NAME").value_or("orderflow"));
    append_field(ask.body, "WebIdentityToken", *token);
    return ask;
}

task<Result<Credentials>> WebIdentityCredentials::fetch() {
    auto ask = question();
    if (!ask) co_return fail(std::move(ask).error());
    auto reply = co_await surroundings_.http.ask(*std::move(ask), surroundings_.clock.now() + CredentialTimes::sts);
    const auto code = reply && reply->status != 200 ? error_code_in_xml(reply->body) : std::string();
    const auto body = body_of(std::move(reply), who);
    if (body) co_return credentials_in_xml(*body, who, surroundings_.clock.wall());
    if (code.empty()) co_return fail(body.error());
    const auto detail = body.error().detail() + " " + code;
    if (passes_by_itself(code)) co_return fail(ErrorKind::unavailable, "credentials.unavailable", detail);
    co_return fail(body.error().kind(), body.error().code(), detail);
}

}  // namespace orderflow::aws
