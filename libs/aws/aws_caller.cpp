#include "libs/aws/aws_caller.hpp"

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

struct AwsCaller::Attempt {
    Result<std::string> answer;
    AwsRetry retry = AwsRetry::never;
    bool timed_out = false;
    std::optional<std::chrono::milliseconds> skew{};  // that would explain the refusal
};

namespace {

constexpr int status_ok = 200;
// Signatures are good for 15 minutes around the server's time; less than this explains no refusal.
constexpr std::chrono::milliseconds skew_min = 4min;

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

AwsCaller::AwsCaller(Parts parts, AwsService service, AwsRetryPolicy policy)
    : parts_(std::move(parts)),
      service_(std::move(service)),
      policy_(policy),
      signer_(service_.region, std::string(service_.name)) {}

// Whether an error leaves open what became of the request.
bool AwsCaller::is_open(const Error& error) const {
    return error.kind() == ErrorKind::unavailable && error.code() != code("down");
}

Result<HttpAsk> AwsCaller::signed_ask(Request request, const Credentials& credentials, std::stop_token stop) {
    HttpAsk ask;
    ask.method = "POST";
    ask.url.scheme = service_.url.secure ? HttpScheme::https : HttpScheme::http;
    ask.url.host = service_.url.host;
    ask.url.port = service_.url.port;
    ask.url.target = service_.url.target;
    ask.stop = std::move(stop);
    ask.headers = {{"Host", service_.url.authority()}};
    for (auto& header : request.headers) ask.headers.push_back(std::move(header));
    std::vector<HeaderView> to_sign;
    for (const auto& header : ask.headers) to_sign.push_back({.name = header.name, .value = header.value});
    const auto digest = crypto::to_hex(crypto::sha256(request.body));
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
    ask.body = std::move(request.body);
    return ask;
}

task<AwsCaller::Attempt> AwsCaller::attempt(Request request, Instant deadline, std::stop_token stop) {
    const auto credentials = co_await parts_.credentials(deadline);
    if (!credentials) {
        // Nothing was sent. A source that is down may be up again soon; one that has nothing needs a person.
        const auto& error = credentials.error();
        const bool down = error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::throttled;
        co_return Attempt{down ? fail(ErrorKind::unavailable, code("down"), "credentials: " + error.code())
                               : fail(ErrorKind::unauthorized, code("unauthorized"), "credentials: " + error.code()),
                          down ? AwsRetry::transient : AwsRetry::never};
    }
    const auto skew = skew_;  // of this signature: another call may correct it meanwhile
    auto ask = signed_ask(std::move(request), *credentials, stop);
    if (!ask) co_return Attempt{fail(ErrorKind::invalid_input, code("refused"), ask.error().code())};
    auto reply = co_await parts_.transport.ask(std::move(*ask), deadline);
    if (!reply) {
        const auto& error = reply.error();
        if (stop.stop_requested()) co_return Attempt{fail(ErrorKind::unavailable, code("stopped"), error.code())};
        if (error.code() == "http.connect" || error.kind() == ErrorKind::throttled) {
            co_return Attempt{fail(ErrorKind::unavailable, code("down"), error.detail()), AwsRetry::transient};
        }
        co_return Attempt{fail(ErrorKind::unavailable, code("outcome_unknown"), error.code() + " " + error.detail()),
                          AwsRetry::transient, error.code() == "http.timeout"};
    }
    if (reply->status == status_ok) co_return Attempt{std::move(reply->body)};
    auto fault = service_.read_fault(reply->status, reply->headers, reply->body);
    Attempt attempted{fail(std::move(fault.error)), fault.retry};
    const auto ours = parts_.clock.wall();
    if (fault.may_be_clock) attempted.skew = skew_in(reply->headers, ours, ours + skew);
    co_return attempted;
}

BootClock::duration AwsCaller::pause_before(unsigned attempt, AwsRetry why) {
    const auto first = why == AwsRetry::throttled ? policy_.throttled_pause_first : policy_.pause_first;
    const auto longest = std::min(policy_.pause_max, first * (1U << std::min(attempt - 1, 16U)));
    return BootClock::duration(
        static_cast<std::int64_t>(parts_.entropy.below(static_cast<std::uint64_t>(longest.count()) + 1)));
}

std::optional<BootClock::duration> AwsCaller::pause_for_entries(unsigned number, AwsRetry why, Instant deadline) {
    if (number >= policy_.attempts) return std::nullopt;
    const auto pause = pause_before(number, why);
    if (parts_.clock.now() + pause >= deadline || !budget_.take(net::RetryBudget::cost)) return std::nullopt;
    return pause;
}

task<Result<std::string>> AwsCaller::call(Request request, Instant deadline, std::stop_token stop) {
    bool maybe_done = false;
    bool clock_corrected = false;
    int taken = 0;
    for (unsigned number = 1;; ++number) {
        const auto until = std::min(deadline, parts_.clock.now() + policy_.attempt_time + request.server_time);
        auto attempted = co_await attempt(request, until, stop);
        if (attempted.answer) {
            budget_.give_back(taken);
            co_return std::move(attempted.answer);
        }
        if (attempted.skew && !std::exchange(clock_corrected, true)) {
            skew_ = *attempted.skew;
            if (parts_.clock.now() < deadline && !stop.stop_requested()) continue;
        }
        auto error = std::move(attempted.answer).error();
        maybe_done = maybe_done || is_open(error);
        bool again = attempted.retry != AwsRetry::never && number < policy_.attempts && !stop.stop_requested();
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
        // An attempt that may have been carried out is not undone by a later one that was refused. What the service
        // finds wrong with the request itself was wrong in each of them.
        const bool certain = !maybe_done || error.kind() == ErrorKind::invalid_input || is_open(error);
        if (certain) co_return fail(std::move(error));
        co_return fail(ErrorKind::unavailable, code("outcome_unknown"), error.code() + " after an open attempt");
    }
}

}  // namespace orderflow::aws
