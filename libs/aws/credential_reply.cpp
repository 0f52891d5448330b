#include "libs/aws/credential_reply.hpp"

#include <algorithm>
#include <utility>

#include "libs/aws/aws_time.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::aws {
namespace {

constexpr std::size_t reply_bytes_max = 64 * 1024;

std::unexpected<Error> unavailable(std::string_view who, std::string_view what) {
    return fail(ErrorKind::unavailable, "credentials.unavailable", std::string(who) + " " + std::string(what));
}

Result<Credentials> checked(Credentials found, std::string_view expiration, std::string_view who, WallTime now) {
    if (found.access_key_id.empty() || found.secret_access_key.empty() || found.session_token.empty()) {
        return unavailable(who, "answered without a whole key");
    }
    found.expires_at = parse_iso8601(expiration);
    if (!found.expires_at) return unavailable(who, "answered without a readable expiration");
    if (*found.expires_at <= now) {
        return fail(ErrorKind::unavailable, "credentials.expired",
                    std::string(who) + " gave credentials that expired at " + to_amz_date(*found.expires_at));
    }
    found.origin = who;
    return found;
}

// The text of the first element of that name; it has no elements or entities in it.
std::string_view element(std::string_view xml, std::string_view name) {
    const auto open = "<" + std::string(name) + ">";
    const auto begin = xml.find(open);
    if (begin == std::string_view::npos) return {};
    xml.remove_prefix(begin + open.size());
    const auto end = xml.find('<');
    if (end == std::string_view::npos || !xml.substr(end).starts_with("</" + std::string(name) + ">")) return {};
    const auto text = xml.substr(0, end);
    return text.contains('&') ? std::string_view() : text;
}

}  // namespace

Result<std::string> body_of(Result<HttpReply> reply, std::string_view who) {
    if (!reply) return unavailable(who, "did not answer (" + reply.error().code() + ")");
    const auto status = reply->status;
    if (status == 200 && reply->body.size() <= reply_bytes_max) return std::move(reply->body);
    if (status == 200) return unavailable(who, "answered too much");
    if (status >= 400 && status < 500 && status != 429) {
        return fail(ErrorKind::unauthorized, "credentials.refused",
                    std::string(who) + " answered " + std::to_string(status));
    }
    return unavailable(who, "answered " + std::to_string(status));
}

Result<Credentials> credentials_in_json(std::string_view body, std::string_view who, WallTime now) {
    const auto document = json::parse(body, {.bytes = reply_bytes_max, .depth = 4});
    if (!document) return unavailable(who, "answered what is no JSON");
    const auto text = [&](std::string_view name) {
        const auto* const member = document->find(name);
        const auto* const string = member == nullptr ? nullptr : member->string();
        return string == nullptr ? std::string() : std::string(*string);
    };
    return checked({.access_key_id = text("AccessKeyId"),
                    .secret_access_key = text("SecretAccessKey"),
                    .session_token = text("Token")},
                   text("Expiration"), who, now);
}

Result<Credentials> credentials_in_xml(std::string_view body, std::string_view who, WallTime now) {
    const auto begin = body.find("<Credentials>");
    if (begin == std::string_view::npos) return unavailable(who, "answered without credentials");
    body.remove_prefix(begin);
    return checked({.access_key_id = std::string(element(body, "AccessKeyId")),
                    .secret_access_key = std::string(element(body, "SecretAccessKey")),
                    .session_token = std::string(element(body, "SessionToken"))},
                   element(body, "Expiration"), who, now);
}

std::string error_code_in_xml(std::string_view body) {
    const auto code = element(body, "Code");
    const bool plain =
        std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.'; });
    return plain && code.size() <= 64 ? std::string(code) : std::string();
}

std::optional<std::string> as_token(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    text = text.substr(0, text.find_last_not_of(blanks) + 1);
    const bool visible = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
    if (text.empty() || !visible) return std::nullopt;
    return std::string(text);
}

}  // namespace orderflow::aws
