// The wire contract of the `http` provider as pure functions: how a call is written, and what an answer means.
// docs/adr/0014-http-payments.md has it for those who write the other end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "libs/orders/ports/payment_provider.hpp"

namespace orderflow::payments {

// Of an answer's body.
inline constexpr std::size_t payment_answer_bytes_max = 16 * 1024;

struct PaymentCall {
    enum class Kind : std::uint8_t { charge, refund, find, authorization };
    PaymentCall(Kind what, orders::EffectKey k, std::string where)
        : kind(what), key(std::move(k)), path(std::move(where)) {}

    Kind kind;
    orders::EffectKey key;
    std::string path;  // behind the base URL
    std::string body;  // JSON; empty for find, which is a GET
    std::optional<std::string> traceparent =
        std::nullopt;  // of charge, refund and authorization: the field of that name
};
PaymentCall charge_call(const orders::ChargeRequest& request);
PaymentCall refund_call(const orders::RefundRequest& request);
PaymentCall find_call(const orders::EffectKey& key);
// Asks what the method of this charge names; moves nothing.
PaymentCall authorization_call(const orders::ChargeRequest& request);

struct PaymentFailure {
    PaymentFailure(Error e, bool again) : error(std::move(e)), may_help_again(again) {}
    Error error;
    bool may_help_again;  // the same call, soon
};
// Nothing: the key, or the authorization, is not known there.
template <class T>
using Told = std::expected<std::optional<T>, PaymentFailure>;

// Total: any status and bytes have a meaning.
//   200  the effect, strictly: one JSON object, no member twice, the key of the call, a state that the call can have,
//        amount, currency and reference; unknown members are passed over. Anything else: the outcome is unknown
//   404 with code "effect-unknown" to find: the key was never seen
//   409  a call with this key is under way: unknown
//   408, 425, 429: nothing happened; unavailable "payment.unavailable"
//   5xx  unavailable "payment.outcome_unknown"
//   3xx, 401, 403, 404, 405, 410: not the endpoint, or not us; unauthorized "payment.misconfigured"
//   other 4xx: invalid_input "payment.request_refused", with the answer's own code in the detail
// find moves nothing: what is unknown there is "payment.unavailable".
Told<orders::EffectOutcome> effect_told(const PaymentCall& call, int status, std::string_view body);

// The same for authorization_call(), which moves nothing either. Amount with currency, and captured_by, may be absent;
// 404 has the code "authorization-unknown".
Told<orders::Authorization> authorization_told(const PaymentCall& call, int status, std::string_view body);

// No whole answer came. `was_sent`: the provider may have seen the call.
PaymentFailure no_answer(const PaymentCall& call, bool was_sent, std::string detail);

}  // namespace orderflow::payments
