#include "programs/sentry_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>

#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"
#include "libs/net/ascii.hpp"

namespace orderflow {
namespace {

constexpr std::size_t key_max = 64;
constexpr std::size_t project_max = 20;
constexpr std::int64_t limit_max_s = 24 * 3600;
constexpr std::string_view digits = "0123456789";
constexpr std::string_view client = "orderflow/" ORDERFLOW_VERSION;

std::unexpected<Error> malformed() {
    return fail(ErrorKind::invalid_input, "sentry.dsn_malformed",
                "expected https://KEY@HOST/PROJECT, as Sentry shows it under Client Keys");
}

bool is_key(std::string_view text) {
    return !text.empty() && text.size() <= key_max && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

bool is_project(std::string_view text) {
    return !text.empty() && text.size() <= project_max && text.find_first_not_of(digits) == text.npos;
}

std::string_view mechanism_of(contract::ClientErrorKind kind) {
    switch (kind) {
        case contract::ClientErrorKind::error: return "onerror";
        case contract::ClientErrorKind::rejection: return "onunhandledrejection";
        case contract::ClientErrorKind::resource:
        case contract::ClientErrorKind::policy: return "generic";
    }
    return "generic";
}

void write_frame(json::Writer& out, const contract::ClientErrorFrame& frame) {
    out.begin_object();
    if (!frame.function.empty()) out.key("function").string(frame.function);
    out.key("filename").string(frame.file).key("lineno").integer(frame.line).key("colno").integer(frame.column);
    out.key("in_app").boolean(frame.file.starts_with('/')).end_object();
}

// The innermost frame comes last. A fault without a stack has one frame, the place that it names.
void write_stack(json::Writer& out, const contract::ClientError& error) {
    if (error.stack.empty() && error.source.empty()) return;
    out.key("stacktrace").begin_object().key("frames").begin_array();
    for (const auto& frame : error.stack | std::views::reverse) write_frame(out, frame);
    if (error.stack.empty()) {
        write_frame(out, {.function = {}, .file = error.source, .line = error.line, .column = error.column});
    }
    out.end_array().end_object();
}

std::string encode_event(const contract::ClientError& error, const SentryEvent& event) {
    json::Writer out;
    out.begin_object().key("event_id").string(event.id).key("timestamp").string(contract::to_timestamp(event.at));
    out.key("platform").string("javascript").key("level").string("error").key("logger").string("client-errors");
    out.key("release").string("orderflow@" ORDERFLOW_VERSION).key("environment").string(event.environment);
    out.key("transaction").string(error.page);
    out.key("tags").begin_object().key("kind").string(contract::to_string(error.kind)).end_object();
    out.key("exception").begin_object().key("values").begin_array().begin_object();
    out.key("type").string(error.type.empty() ? contract::to_string(error.kind) : std::string_view(error.type));
    out.key("value").string(error.message);
    out.key("mechanism").begin_object().key("type").string(mechanism_of(error.kind));
    out.key("handled").boolean(false).end_object();
    write_stack(out, error);
    out.end_object().end_array().end_object().end_object();
    return std::move(out).take();
}

// "60:error;transaction:key:reason"
std::optional<BootClock::duration> limit_in(std::string_view group) {
    const auto categories_at = std::min(group.find(':'), group.size());
    const auto number = group.substr(0, categories_at);
    std::int64_t seconds = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), seconds);
    if (read.ec != std::errc() || read.ptr != number.data() + number.size() || seconds < 0) return std::nullopt;
    auto categories = group.substr(std::min(categories_at + 1, group.size()));
    categories = categories.substr(0, categories.find(':'));
    bool applies = categories.empty();
    for (const auto one : categories | std::views::split(';'))
        applies = applies || std::string_view(one.begin(), one.end()) == "error";
    if (!applies) return std::nullopt;
    return std::chrono::seconds(std::min(seconds, limit_max_s));
}

}  // namespace

Result<SentryTarget> parse_sentry_dsn(std::string_view dsn) {
    auto url = net::Url::parse(dsn);
    if (!url) return malformed();
    const auto slash = url->target.rfind('/');
    const auto project = url->target.substr(slash + 1);
    // A secret behind the key is of old times; it is not needed.
    const auto key = url->user_info.substr(0, url->user_info.find(':'));
    if (!is_key(key) || !is_project(project)) return malformed();
    SentryTarget target;
    target.authentication = fmt::format("Sentry sentry_version=7, sentry_client={}, sentry_key={}", client, key);
    target.url = *std::move(url);
    target.url.user_info.clear();
    target.url.target = target.url.target.substr(0, slash) + "/api/" + project + "/envelope/";
    return target;
}

std::string encode_sentry_envelope(const contract::ClientError& error, const SentryEvent& event) {
    const auto payload = encode_event(error, event);
    json::Writer head;
    head.begin_object().key("event_id").string(event.id);
    head.key("sent_at").string(contract::to_timestamp(event.at)).end_object();
    json::Writer item;
    item.begin_object().key("type").string("event").key("content_type").string("application/json");
    item.key("length").integer(static_cast<std::int64_t>(payload.size())).end_object();
    return head.text() + '\n' + item.text() + '\n' + payload + '\n';
}

std::optional<BootClock::duration> sentry_error_limit(std::string_view field) {
    std::optional<BootClock::duration> longest;
    while (!field.empty()) {
        const auto end = std::min(field.find(','), field.size());
        const auto limit = limit_in(net::trim_ows(field.substr(0, end)));
        if (limit) longest = std::max(longest.value_or(*limit), *limit);
        field.remove_prefix(std::min(end + 1, field.size()));
    }
    return longest;
}

}  // namespace orderflow
