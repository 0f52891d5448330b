#include "libs/aws/ssm_parameters.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/base/invariant.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/hex.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::aws {

struct SsmParameters::Attempt {
    Result<std::string> body;
    bool again = false;
};

namespace {

constexpr int status_ok = 200;
constexpr int status_bad_request = 400;
constexpr int status_forbidden = 403;
constexpr std::size_t answer_bytes_max = 256 * 1024;  // ten values of 8 KB, escaped
constexpr std::size_t detail_bytes_max = 300;
constexpr BootClock::duration attempt_time = 2s;
constexpr BootClock::duration pause_first = 100ms;
constexpr std::string_view target = "AmazonSSM.GetParameters";

std::string text_of(const json::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* text = member == nullptr ? nullptr : member->string();
    return text == nullptr ? std::string() : std::string(*text);
}

std::unexpected<Error> down(std::string detail) { return fail(ErrorKind::unavailable, "ssm.down", std::move(detail)); }

bool is_one_of(std::string_view code, std::span<const std::string_view> codes) {
    return std::ranges::any_of(codes, [&](auto one) { return code == one; });
}

// What an answer with another status than 200 means, and whether to ask again.
std::pair<Error, bool> fault_of(const HttpReply& reply) {
    static constexpr std::array<std::string_view, 3> throttled = {"ThrottlingException", "TooManyUpdates",
                                                                  "RequestLimitExceeded"};
    static constexpr std::array<std::string_view, 8> denied = {"AccessDeniedException",
                                                               "UnrecognizedClientException",
                                                               "InvalidSignatureException",
                                                               "ExpiredTokenException",
                                                               "IncompleteSignatureException",
                                                               "MissingAuthenticationTokenException",
                                                               "InvalidKeyId",
                                                               "OptInRequired"};
    const auto document = json::parse(reply.body, {.bytes = answer_bytes_max});
    auto code = document ? text_of(*document, "__type") : std::string();
    if (const auto at = code.rfind('#'); at != std::string::npos) code.erase(0, at + 1);
    auto message = document ? text_of(*document, "message") : std::string();
    if (message.empty() && document) message = text_of(*document, "Message");
    auto detail = code.empty() ? "HTTP status " + std::to_string(reply.status) : code + ": " + message;
    if (detail.size() > detail_bytes_max) detail.resize(detail_bytes_max);
    if (is_one_of(code, throttled) || reply.status == 429 || reply.status >= 500) {
        return {Error(ErrorKind::unavailable, "ssm.down", std::move(detail)), true};
    }
    if (is_one_of(code, denied) || reply.status == status_forbidden) {
        return {Error(ErrorKind::unauthorized, "ssm.unauthorized", std::move(detail)), false};
    }
    if (reply.status == status_bad_request) {
        return {Error(ErrorKind::invalid_input, "ssm.refused", std::move(detail)), false};
    }
    return {Error(ErrorKind::unavailable, "ssm.down", std::move(detail)), false};
}

Result<HttpAsk> signed_ask(const net::Url& url, std::string body, Signer& signer, const Credentials& credentials,
                           WallTime at) {
    HttpAsk ask;
    ask.method = "POST";
    ask.url.scheme = url.secure ? HttpScheme::https : HttpScheme::http;
    ask.url.host = url.host;
    ask.url.port = url.port;
    ask.headers = {{"Host", url.authority()},
                   {"Content-Type", "application/x-amz-json-1.1"},
                   {"X-Amz-Target", std::string(target)}};
    std::vector<HeaderView> to_sign;
    for (const auto& header : ask.headers) to_sign.push_back({.name = header.name, .value = header.value});
    const auto digest = crypto::to_hex(crypto::sha256(body));
    const RequestView view{
        .method = ask.method, .path = ask.url.target, .query = {}, .headers = to_sign, .payload_sha256 = digest};
    auto signature = signer.headers(view, credentials, at);
    if (!signature) return fail(std::move(signature).error());
    ask.headers.push_back({"User-Agent", "orderflow"});
    for (auto& header : *signature) ask.headers.push_back(std::move(header));
    ask.body = std::move(body);
    return ask;
}

}  // namespace

Result<SsmEndpoint> SsmEndpoint::resolve(const Environment& environment) {
    const SettingsReader settings(environment);
    auto region = settings.optional_text("AWS_REGION");
    if (!region) region = settings.optional_text("AWS_DEFAULT_REGION");
    if (!region) {
        return fail(ErrorKind::invalid_input, "ssm.region_missing", "set AWS_REGION: parameters are of one region");
    }
    auto configured = settings.optional_text("AWS_ENDPOINT_URL_SSM");
    if (!configured) configured = settings.optional_text("AWS_ENDPOINT_URL");
    const std::string domain = region->starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
    auto url = net::Url::parse(configured ? *configured : "https://ssm." + *region + domain);
    if (!url || !url->user_info.empty()) {
        return fail(ErrorKind::invalid_input, "ssm.endpoint_invalid",
                    "AWS_ENDPOINT_URL_SSM or AWS_ENDPOINT_URL is no http or https URL, or AWS_REGION is no region");
    }
    return SsmEndpoint{.url = *std::move(url), .region = *std::move(region)};
}

SsmParameters::SsmParameters(Parts parts, SsmEndpoint endpoint)
    : parts_(std::move(parts)), endpoint_(std::move(endpoint)), signer_(endpoint_.region, "ssm") {}

std::string write_get_parameters(const std::vector<std::string>& names) {
    json::Writer out;
    out.begin_object().key("Names").begin_array();
    for (const auto& name : names) out.string(name);
    out.end_array().key("WithDecryption").boolean(true).end_object();
    return std::move(out).take();
}

Result<std::map<std::string, std::string>> read_parameters(std::string_view answer,
                                                           const std::vector<std::string>& names) {
    const auto document = json::parse(answer, {.bytes = answer_bytes_max});
    const auto* list = document ? document->find("Parameters") : nullptr;
    const auto* items = list == nullptr ? nullptr : list->array();
    if (items == nullptr) return down("the answer has no Parameters");
    std::map<std::string, std::string> values;
    for (const auto& item : *items) {
        auto value = text_of(item, "Value");
        if (!value.empty()) values.emplace(text_of(item, "Name"), std::move(value));
    }
    std::string missing;
    for (const auto& name : names) {
        if (!values.contains(name)) missing += (missing.empty() ? "" : ", ") + name;
    }
    if (missing.empty()) return values;
    return fail(ErrorKind::not_found, "ssm.parameter_missing",
                "there is no such parameter in this account and region: " + missing);
}

task<SsmParameters::Attempt> SsmParameters::attempt(std::string body, Instant deadline) {
    const auto credentials = co_await parts_.credentials(deadline);
    if (!credentials) {
        const bool later = credentials.error().kind() == ErrorKind::unavailable;
        const auto kind = later ? ErrorKind::unavailable : ErrorKind::unauthorized;
        co_return Attempt{fail(kind, later ? "ssm.down" : "ssm.unauthorized",
                               "credentials: " + credentials.error().code() + " " + credentials.error().detail()),
                          later};
    }
    auto ask = signed_ask(endpoint_.url, std::move(body), signer_, *credentials, parts_.clock.wall());
    if (!ask) co_return Attempt{fail(std::move(ask).error())};
    auto reply = co_await parts_.transport.ask(*std::move(ask), deadline);
    if (!reply) co_return Attempt{down(reply.error().code() + " " + reply.error().detail()), true};
    if (reply->status == status_ok) co_return Attempt{std::move(reply->body)};
    auto [error, again] = fault_of(*reply);
    co_return Attempt{fail(std::move(error)), again};
}

task<Result<std::map<std::string, std::string>>> SsmParameters::get(std::vector<std::string> names, Instant deadline) {
    ORDERFLOW_INVARIANT(names.size() <= ssm_names_max);
    const auto body = write_get_parameters(names);
    for (unsigned number = 1;; ++number) {
        auto attempted = co_await attempt(body, std::min(deadline, parts_.clock.now() + attempt_time));
        if (attempted.body) co_return read_parameters(*attempted.body, names);
        const auto again = parts_.clock.now() + number * pause_first;
        if (!attempted.again || again >= deadline) co_return fail(std::move(attempted.body).error());
        co_await sleep_until(parts_.timers, again);
    }
}

}  // namespace orderflow::aws
