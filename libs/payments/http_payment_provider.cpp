#include "libs/payments/http_payment_provider.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/base/invariant.hpp"

namespace orderflow::payments {

using orders::EffectOutcome;

template <class T>
struct HttpPaymentProvider::Heard {
    explicit Heard(Told<T> t) : told(std::move(t)) {}
    Told<T> told;
    bool timed_out = false;
    BootClock::duration asked_to_wait{0};  // Retry-After
};

namespace {

constexpr std::int64_t retry_after_max_s = 3600;

// In seconds; the other form, a date, is not used by programs that answer in milliseconds.
BootClock::duration retry_after(const net::ClientAnswer& answer) {
    const auto* text = answer.find("Retry-After");
    std::int64_t seconds = 0;
    if (text == nullptr) return 0s;
    const auto* end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, seconds);
    if (parsed.ec != std::errc() || parsed.ptr != end || seconds < 0) return 0s;
    return std::chrono::seconds(std::min(seconds, retry_after_max_s));
}

bool is_open(const Error& error) { return error.code() == "payment.outcome_unknown"; }

// charge and refund never answer that a key is not known.
Result<EffectOutcome> certain(Result<std::optional<EffectOutcome>> outcome) {
    if (!outcome) return fail(std::move(outcome).error());
    ORDERFLOW_INVARIANT(outcome->has_value());
    return **std::move(outcome);
}

}  // namespace

HttpPaymentProvider::HttpPaymentProvider(Parts parts, net::Url base, crypto::WebhookKeys keys, HttpPaymentPolicy policy)
    : parts_(parts), base_(std::move(base)), keys_(std::move(keys)), policy_(policy) {
    while (base_.target.ends_with('/')) base_.target.pop_back();  // paths begin with one
}

task<Result<EffectOutcome>> HttpPaymentProvider::charge(orders::ChargeRequest request) {
    if (request.amount.minor <= 0) {
        co_return fail(ErrorKind::invalid_input, "payment.amount", "An amount to charge is above zero.");
    }
    co_return certain(co_await perform<EffectOutcome>(charge_call(request), effect_told));
}

task<Result<std::optional<EffectOutcome>>> HttpPaymentProvider::find(orders::EffectKey key) {
    co_return co_await perform<EffectOutcome>(find_call(key), effect_told);
}

task<Result<std::optional<orders::Authorization>>> HttpPaymentProvider::authorization(orders::ChargeRequest request) {
    co_return co_await perform<orders::Authorization>(authorization_call(request), authorization_told);
}

task<Result<EffectOutcome>> HttpPaymentProvider::refund(orders::RefundRequest request) {
    if (request.amount.minor <= 0) {
        co_return fail(ErrorKind::invalid_input, "payment.amount", "An amount to refund is above zero.");
    }
    co_return certain(co_await perform<EffectOutcome>(refund_call(request), effect_told));
}

template <class T>
task<Result<std::optional<T>>> HttpPaymentProvider::perform(PaymentCall call, Reader<T> read) {
    const auto deadline = parts_.clock.now() + policy_.call_time;
    bool maybe_done = false;
    int taken = 0;
    for (unsigned number = 1;; ++number) {
        const auto until = std::min(deadline, parts_.clock.now() + policy_.attempt_time);
        auto heard = co_await attempt<T>(call, read, until);
        if (heard.told) {
            budget_.give_back(taken);
            co_return *std::move(heard.told);
        }
        auto failure = std::move(heard.told).error();
        maybe_done = maybe_done || is_open(failure.error);
        if (failure.may_help_again && number < policy_.attempts) {
            const auto pause = std::max(pause_before(number), heard.asked_to_wait);
            const auto cost = heard.timed_out ? net::RetryBudget::cost_of_time_out : net::RetryBudget::cost;
            if (parts_.clock.now() + pause < deadline && budget_.take(cost)) {
                taken = cost;
                co_await sleep_until(parts_.timers, parts_.clock.now() + pause);
                continue;
            }
        }
        // An attempt that may have been carried out is not undone by a later one that met nobody. What is wrong with
        // the request or with our settings was wrong in each of them.
        if (maybe_done && failure.error.code() == "payment.unavailable") {
            co_return fail(ErrorKind::unavailable, "payment.outcome_unknown", failure.error.detail());
        }
        co_return fail(std::move(failure.error));
    }
}

template <class T>
task<HttpPaymentProvider::Heard<T>> HttpPaymentProvider::attempt(PaymentCall call, Reader<T> read, Instant until) {
    auto answer = co_await parts_.pool.ask(signed_request(call), until);
    if (!answer) {
        const auto& error = answer.error();
        const bool was_sent = error.kind() == ErrorKind::unavailable && error.code() != "http.connect";
        Heard<T> heard(std::unexpected(no_answer(call, was_sent, error.code() + " " + error.detail())));
        heard.timed_out = error.code() == "http.timeout";
        co_return heard;
    }
    Heard<T> heard(read(call, answer->status, answer->body));
    heard.asked_to_wait = retry_after(*answer);
    co_return heard;
}

net::ClientRequest HttpPaymentProvider::signed_request(const PaymentCall& call) const {
    net::ClientRequest request;
    const bool asks = call.kind == PaymentCall::Kind::find;
    request.method = asks ? "GET" : "POST";
    request.url = base_;
    request.url.target += call.path;
    request.answer_bytes_max = payment_answer_bytes_max;
    const auto timestamp = crypto::WebhookKeys::timestamp(parts_.clock.wall());
    request.fields = {
        {.name = "Accept", .value = "application/json"},
        {.name = "User-Agent", .value = "orderflow"},
        {.name = std::string(crypto::webhook_id_field), .value = call.key.value},
        {.name = std::string(crypto::webhook_timestamp_field), .value = timestamp},
        {.name = std::string(crypto::webhook_signature_field),
         .value = keys_.sign(call.key.value, timestamp, call.body)},
    };
    if (!asks) {
        request.fields.push_back({.name = "Content-Type", .value = "application/json"});
        request.fields.push_back({.name = "Idempotency-Key", .value = call.key.value});
    }
    if (call.traceparent) request.fields.push_back({.name = "traceparent", .value = *call.traceparent});
    request.body = call.body;
    return request;
}

BootClock::duration HttpPaymentProvider::pause_before(unsigned attempt) {
    const auto longest = std::min(policy_.pause_max, policy_.pause_first * (1U << std::min(attempt - 1, 16U)));
    return BootClock::duration(
        static_cast<std::int64_t>(parts_.entropy.below(static_cast<std::uint64_t>(longest.count()) + 1)));
}

}  // namespace orderflow::payments
