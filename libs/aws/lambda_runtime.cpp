#include "libs/aws/lambda_runtime.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/json/writer.hpp"
#include "libs/net/ascii.hpp"
#include "libs/net/url.hpp"

namespace orderflow::aws {
namespace {

constexpr int status_ok = 200;
constexpr int status_accepted = 202;
constexpr int status_bad_request = 400;
constexpr int status_forbidden = 403;
constexpr std::string_view root = "/2018-06-01/runtime";
constexpr std::size_t request_id_max = 128;
constexpr std::size_t message_bytes_max = 2048;
// When the API does not say it, which it always does: the time-out that a function has when nobody chose one.
constexpr std::chrono::seconds deadline_default{3};

const std::string* find(const HttpHeaders& headers, std::string_view name) {
    const auto found =
        std::ranges::find_if(headers, [&](const HttpHeader& one) { return net::iequals(one.name, name); });
    return found == headers.end() ? nullptr : &found->value;
}

bool is_request_id(std::string_view text) {
    const auto is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !text.empty() && text.size() <= request_id_max && std::ranges::all_of(text, is_part);
}

Instant deadline_in(const HttpHeaders& headers, const Clock& clock) {
    const auto now = clock.now();
    const auto* const text = find(headers, "Lambda-Runtime-Deadline-Ms");
    std::int64_t at = 0;
    if (text == nullptr) return now + deadline_default;
    const auto* const end = text->data() + text->size();
    if (const auto [stopped, error] = std::from_chars(text->data(), end, at); error != std::errc() || stopped != end) {
        return now + deadline_default;
    }
    // A function runs for 15 minutes at most, whatever the clocks say.
    constexpr std::chrono::milliseconds longest = 15min;
    return now + std::clamp<std::chrono::milliseconds>(from_unix_ms(std::max<std::int64_t>(at, 0)) - clock.wall(), 0ms,
                                                       longest);
}

}  // namespace

std::string write_lambda_error(const Error& why) {
    auto message = why.detail().empty() ? why.code() : why.detail();
    if (message.size() > message_bytes_max) message.resize(message_bytes_max);
    // Details are text of ours, with names that came from outside in them: the answer has to be JSON whatever they are.
    std::ranges::replace_if(message, [](char c) { return c < ' ' || c > '~'; }, '?');
    json::Writer out;
    out.begin_object().key("errorMessage").string(message).key("errorType").string(why.code());
    out.key("stackTrace").begin_array().end_array().end_object();
    return std::move(out).take();
}

Result<LambdaRuntime> LambdaRuntime::at(std::string_view api, Parts parts, LambdaRuntimePolicy policy) {
    auto url = net::Url::parse("http://" + std::string(api));
    if (!url || url->target != "/" || !url->user_info.empty()) {
        return fail(ErrorKind::invalid_input, "lambda.api_invalid",
                    "AWS_LAMBDA_RUNTIME_API is no host:port; Lambda sets it");
    }
    HttpUrl base{.scheme = HttpScheme::http, .host = std::move(url->host), .port = url->port};
    return LambdaRuntime(std::move(base), parts, policy);
}

HttpAsk LambdaRuntime::ask_for(std::string method, std::string_view path) const {
    HttpAsk ask;
    ask.method = std::move(method);
    ask.url = url_;
    ask.url.target = std::string(root) + std::string(path);
    ask.headers = {{"User-Agent", "orderflow"}};
    return ask;
}

task<Result<LambdaInvocation>> LambdaRuntime::next() {
    unsigned failures = 0;
    for (;;) {
        auto reply =
            co_await parts_.transport.ask(ask_for("GET", "/invocation/next"), parts_.clock.now() + policy_.next_time);
        if (!reply && reply.error().code() == "http.timeout") continue;
        if (!reply) {
            if (++failures >= policy_.attempts) {
                co_return fail(ErrorKind::unavailable, "lambda.api_down",
                               reply.error().code() + " " + reply.error().detail());
            }
            co_await sleep_until(parts_.timers, parts_.clock.now() + failures * policy_.pause);
            continue;
        }
        if (reply->status != status_ok) {
            co_return fail(ErrorKind::unavailable, "lambda.api_refused",
                           "next invocation: HTTP status " + std::to_string(reply->status));
        }
        const auto* const id = find(reply->headers, "Lambda-Runtime-Aws-Request-Id");
        if (id == nullptr || !is_request_id(*id)) {
            co_return fail(ErrorKind::unavailable, "lambda.api_unreadable", "an invocation without a request id");
        }
        const auto* const trace = find(reply->headers, "Lambda-Runtime-Trace-Id");
        co_return LambdaInvocation{.request_id = *id,
                                   .deadline = deadline_in(reply->headers, parts_.clock),
                                   .trace = trace == nullptr ? std::string() : *trace,
                                   .event = std::move(reply->body)};
    }
}

task<Result<void>> LambdaRuntime::respond(std::string request_id, std::string body) {
    auto ask = ask_for("POST", "/invocation/" + request_id + "/response");
    ask.headers.push_back({"Content-Type", "application/json"});
    ask.body = std::move(body);
    co_return co_await post(std::move(ask));
}

task<Result<void>> LambdaRuntime::fail_invocation(std::string request_id, Error why) {
    auto ask = ask_for("POST", "/invocation/" + request_id + "/error");
    ask.headers.push_back({"Content-Type", "application/json"});
    ask.headers.push_back({"Lambda-Runtime-Function-Error-Type", why.code()});
    ask.body = write_lambda_error(why);
    co_return co_await post(std::move(ask));
}

task<Result<void>> LambdaRuntime::fail_init(Error why) {
    auto ask = ask_for("POST", "/init/error");
    ask.headers.push_back({"Content-Type", "application/json"});
    ask.headers.push_back({"Lambda-Runtime-Function-Error-Type", why.code()});
    ask.body = write_lambda_error(why);
    co_return co_await post(std::move(ask));
}

task<Result<void>> LambdaRuntime::post(HttpAsk ask) {
    for (unsigned number = 1;; ++number) {
        const auto reply = co_await parts_.transport.ask(ask, parts_.clock.now() + policy_.post_time);
        if (reply) {
            if (reply->status == status_accepted || reply->status == status_ok) co_return Result<void>();
            // The one before was taken, and its answer was lost: the API knows the invocation no more.
            const bool ended = reply->status == status_bad_request || reply->status == status_forbidden;
            if (number > 1 && ended) co_return Result<void>();
            co_return fail(ErrorKind::unavailable, "lambda.api_refused",
                           ask.url.target + ": HTTP status " + std::to_string(reply->status));
        }
        if (number >= policy_.attempts) {
            co_return fail(ErrorKind::unavailable, "lambda.api_down",
                           reply.error().code() + " " + reply.error().detail());
        }
        co_await sleep_until(parts_.timers, parts_.clock.now() + number * policy_.pause);
    }
}

}  // namespace orderflow::aws
