#include "libs/aws/sqs_caller.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow::aws {

struct SqsCaller::Attempt {
    Result<std::string> answer;
    SqsRetry retry = SqsRetry::never;
    bool timed_out = false;
};

namespace {

constexpr int status_ok = 200;

// Whether an error leaves open what became of the request. (orders::was_refused(), for the codes of this library.)
bool outcome_is_open(const Error& error) { return !orders::was_refused(error); }

}  // namespace

SqsCaller::SqsCaller(Parts parts, SqsEndpoint endpoint, SqsRetryPolicy policy)
    : parts_(std::move(parts)), endpoint_(std::move(endpoint)), policy_(policy), signer_(endpoint_.region, "sqs") {}

Result<HttpAsk> SqsCaller::signed_ask(SqsAction action, std::string body, const Credentials& credentials,
                                      std::stop_token stop) {
    HttpAsk ask;
    ask.method = "POST";
    ask.url.scheme = endpoint_.url.secure ? HttpScheme::https : HttpScheme::http;
    ask.url.host = endpoint_.url.host;
    ask.url.port = endpoint_.url.port;
    ask.url.target = endpoint_.url.target;
    ask.stop = std::move(stop);
    ask.headers = {{"Host", endpoint_.url.authority()},
                   {"Content-Type", "application/x-amz-json-1.0"},
                   {"X-Amz-Target", std::string(sqs_target_of(action))}};
    std::vector<HeaderView> to_sign;
    for (const auto& header : ask.headers) to_sign.push_back({.name = header.name, .value = header.value});
    const auto digest = crypto::to_hex(crypto::sha256(body));
    const std::string_view target = ask.url.target;
    const auto query_at = std::min(target.find('?'), target.size());
    const RequestView view{.method = ask.method,
                           .path = target.substr(0, query_at),
                           .query = target.substr(std::min(query_at + 1, target.size())),
                           .headers = to_sign,
                           .payload_sha256 = digest};
    auto signature = signer_.headers(view, credentials, parts_.clock.wall());
    if (!signature) return fail(std::move(signature).error());
    ask.headers.push_back({"User-Agent", "orderflow"});
    for (auto& header : *signature) ask.headers.push_back(std::move(header));
    ask.body = std::move(body);
    return ask;
}

task<SqsCaller::Attempt> SqsCaller::attempt(SqsAction action, std::string body, Instant deadline,
                                            std::stop_token stop) {
    const auto credentials = co_await parts_.credentials(deadline);
    if (!credentials) {
        // Nothing was sent. A source that is down may be up again soon; one that has nothing needs a person.
        const auto& error = credentials.error();
        const bool down = error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::throttled;
        co_return Attempt{down ? fail(ErrorKind::unavailable, "queue.down", "credentials: " + error.code())
                               : fail(ErrorKind::unauthorized, "queue.unauthorized", "credentials: " + error.code()),
                          down ? SqsRetry::transient : SqsRetry::never};
    }
    auto ask = signed_ask(action, std::move(body), *credentials, stop);
    if (!ask) co_return Attempt{fail(ErrorKind::invalid_input, "queue.refused", ask.error().code())};
    auto reply = co_await parts_.transport.ask(std::move(*ask), deadline);
    if (!reply) {
        const auto& error = reply.error();
        if (stop.stop_requested()) co_return Attempt{fail(ErrorKind::unavailable, "queue.stopped", error.code())};
        if (error.code() == "http.connect" || error.kind() == ErrorKind::throttled) {
            co_return Attempt{fail(ErrorKind::unavailable, "queue.down", error.detail()), SqsRetry::transient};
        }
        co_return Attempt{fail(ErrorKind::unavailable, "queue.outcome_unknown", error.code() + " " + error.detail()),
                          SqsRetry::transient, error.code() == "http.timeout"};
    }
    if (reply->status == status_ok) co_return Attempt{std::move(reply->body)};
    auto fault = read_sqs_fault(reply->status, reply->headers, reply->body);
    co_return Attempt{fail(std::move(fault.error)), fault.retry};
}

BootClock::duration SqsCaller::pause_before(unsigned attempt, SqsRetry why) {
    const auto first = why == SqsRetry::throttled ? policy_.throttled_pause_first : policy_.pause_first;
    const auto longest = std::min(policy_.pause_max, first * (1U << std::min(attempt - 1, 16U)));
    return BootClock::duration(
        static_cast<std::int64_t>(parts_.entropy.below(static_cast<std::uint64_t>(longest.count()) + 1)));
}

task<Result<std::string>> SqsCaller::call(SqsAction action, std::string body, Instant deadline,
                                          BootClock::duration server_time, std::stop_token stop) {
    bool maybe_done = false;
    int taken = 0;
    for (unsigned number = 1;; ++number) {
        const auto until = std::min(deadline, parts_.clock.now() + policy_.attempt_time + server_time);
        auto attempted = co_await attempt(action, body, until, stop);
        if (attempted.answer) {
            budget_.give_back(taken);
            co_return std::move(attempted.answer);
        }
        auto error = std::move(attempted.answer).error();
        maybe_done = maybe_done || outcome_is_open(error);
        bool again = attempted.retry != SqsRetry::never && number < policy_.attempts && !stop.stop_requested();
        if (again) {
            const auto pause = pause_before(number, attempted.retry);
            const auto cost = attempted.timed_out ? RetryBudget::cost_of_time_out : RetryBudget::cost;
            again = parts_.clock.now() + pause < deadline && budget_.take(cost);
            if (again) {
                taken = cost;
                co_await sleep_until(parts_.timers, parts_.clock.now() + pause, stop);
                again = !stop.stop_requested();
            }
        }
        if (again) continue;
        // An attempt that may have been carried out is not undone by a later one that was refused. What the queue finds
        // wrong with the request itself was wrong in each of them.
        const bool certain = !maybe_done || error.kind() == ErrorKind::invalid_input || outcome_is_open(error);
        if (certain) co_return fail(std::move(error));
        co_return fail(ErrorKind::unavailable, "queue.outcome_unknown", error.code() + " after an open attempt");
    }
}

}  // namespace orderflow::aws
