#include "libs/aws/local_credentials.hpp"

#include <utility>

#include "libs/aws/shared_config.hpp"

namespace orderflow::aws {
namespace {

std::unexpected<Error> not_configured(std::string detail) {
    return fail(ErrorKind::not_found, "credentials.not_configured", std::move(detail));
}

Result<Credentials> from_environment(const Surroundings& surroundings) {
    auto id = surroundings.setting("AWS_ACCESS_KEY_ID");
    auto secret = surroundings.setting("AWS_SECRET_ACCESS_KEY");
    if (!id && !secret) return not_configured("AWS_ACCESS_KEY_ID is not set");
    if (!id || !secret) {
        return fail(ErrorKind::invalid_input, "credentials.incomplete",
                    "Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY one alone is set.");
    }
    return Credentials{.access_key_id = *std::move(id),
                       .secret_access_key = *std::move(secret),
                       .session_token = surroundings.setting("AWS_SESSION_TOKEN").value_or(""),
                       .expires_at = std::nullopt,
                       .origin = "environment"};
}

Result<Credentials> from_profile(Profile profile) {
    auto& settings = profile.settings;
    const auto place = "profile " + profile.name;
    if (settings.contains("aws_access_key_id") || settings.contains("aws_secret_access_key")) {
        Credentials found{.access_key_id = settings["aws_access_key_id"],
                          .secret_access_key = settings["aws_secret_access_key"],
                          .session_token = settings["aws_session_token"],
                          .expires_at = std::nullopt,
                          .origin = place};
        if (!found.access_key_id.empty() && !found.secret_access_key.empty()) return found;
        return fail(ErrorKind::invalid_input, "credentials.incomplete",
                    place + " has one alone of aws_access_key_id and aws_secret_access_key.");
    }
    for (const auto* const name : {"role_arn", "credential_process", "sso_session", "sso_start_url", "login_session"}) {
        if (!settings.contains(name)) continue;
        return fail(ErrorKind::invalid_input, "credentials.unsupported",
                    place + " uses " + name +
                        ", which Orderflow does not know. It takes a key pair; a role comes from "
                        "the container, the instance or AWS_WEB_IDENTITY_TOKEN_FILE.");
    }
    return not_configured(place + " has no key pair");
}

}  // namespace

task<Result<Credentials>> EnvironmentCredentials::fetch() { co_return from_environment(surroundings_); }

task<Result<Credentials>> ProfileCredentials::fetch() {
    auto profile = load_profile(surroundings_);
    if (!profile) co_return fail(std::move(profile).error());
    co_return from_profile(*std::move(profile));
}

}  // namespace orderflow::aws
