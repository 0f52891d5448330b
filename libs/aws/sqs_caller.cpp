#include "libs/aws/sqs_caller.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/hex.hpp"
#include "libs/net/ascii.hpp"
#include "libs/net/http_date.hpp"

namespace orderflow::aws {

struct SqsCaller::Attempt {
    Result<std::string> answer;
    SqsRetry retry = SqsRetry::never;
    bool timed_out = false;
    std::optional<std::chrono::milliseconds> skew{};  // that would explain the refusal
};

namespace {

constexpr int status_ok = 200;
// Signatures are good for 15 minutes around the server's time; less than this explains no refusal.
constexpr std::chrono::milliseconds skew_min = 4min;

// Whether an error leaves open what became of the request. (orders::was_refused(), for the codes of this library.)
bool outcome_is_open(const Error& error) { return !orders::was_refused(error); }

std::optional<WallTime> date_of(const HttpHeaders& headers) {
    const auto found =
        std::ranges::find_if(headers, [](const HttpHeader& one) { return net::iequals(one.name, "Date"); });
    return found == headers.end() ? std::nullopt : net::parse_http_date(found->value);
}

// The server's clock ahead of ours, when it is far from the time that was signed.
std::optional<std::chrono::milliseconds> skew_in(const HttpHeaders& headers, WallTime ours, WallTime signed_at) {
    const auto theirs = date_of(headers);
    if (!theirs || std::chrono::abs(*theirs - signed_at) < skew_min) return std::nullopt;
    return *theirs - ours;
}

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
    auto signature = signer_.headers(view, credentials, parts_.clock.wall() + skew_);
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
    const auto skew = skew_;  // of this signature: another call may correct it meanwhile
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
    Attempt attempted{fail(std::move(fault.error)), fault.retry};
    const auto ours = parts_.clock.wall();
    if (fault.may_be_clock) attempted.skew = skew_in(reply->headers, ours, ours + skew);
    co_return attempted;
}

BootClock::duration SqsCaller::pause_before(unsigned attempt, SqsRetry why) {
    const auto first = why == SqsRetry::throttled ? policy_.throttled_pause_first : policy_.pause_first;
    const auto longest = std::min(policy_.pause_max, first * (1U << std::min(attempt - 1, 16U)));
    return BootClock::duration(
        static_cast<std::int64_t>(parts_.entropy.below(static_cast<std::uint64_t>(longest.count()) + 1)));
}

std::optional<BootClock::duration> SqsCaller::pause_for_entries(unsigned number, SqsRetry why, Instant deadline) {
    if (number >= policy_.attempts) return std::nullopt;
    const auto pause = pause_before(number, why);
    if (parts_.clock.now() + pause >= deadline || !budget_.take(net::RetryBudget::cost)) return std::nullopt;
    return pause;
}

task<Result<std::string>> SqsCaller::call(SqsAction action, std::string body, Instant deadline,
                                          BootClock::duration server_time, std::stop_token stop) {
    bool maybe_done = false;
    bool clock_corrected = false;
    int taken = 0;
    for (unsigned number = 1;; ++number) {
        const auto until = std::min(deadline, parts_.clock.now() + policy_.attempt_time + server_time);
        auto attempted = co_await attempt(action, body, until, stop);
        if (attempted.answer) {
            budget_.give_back(taken);
            co_return std::move(attempted.answer);
        }
        if (attempted.skew && !std::exchange(clock_corrected, true)) {
            skew_ = *attempted.skew;
            if (parts_.clock.now() < deadline && !stop.stop_requested()) continue;
        }
        auto error = std::move(attempted.answer).error();
        maybe_done = maybe_done || outcome_is_open(error);
        bool again = attempted.retry != SqsRetry::never && number < policy_.attempts && !stop.stop_requested();
        if (again) {
            const auto pause = pause_before(number, attempted.retry);
            const auto cost = attempted.timed_out ? net::RetryBudget::cost_of_time_out : net::RetryBudget::cost;
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
