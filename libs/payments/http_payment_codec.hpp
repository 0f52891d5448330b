// The wire contract of the `http` provider as pure functions: how a call is written, and what an answer means.
// docs/adr/0014-http-payments.md has it for those who write the other end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/orders/ports/payment_provider.hpp"

namespace orderflow::payments {

// Of an answer's body.
inline constexpr std::size_t payment_answer_bytes_max = 16 * 1024;

struct PaymentCall {
    enum class Kind : std::uint8_t { charge, refund, find };
    PaymentCall(Kind what, orders::EffectKey k, std::string where)
        : kind(what), key(std::move(k)), path(std::move(where)) {}

    Kind kind;
    orders::EffectKey key;
    std::string path;                     // behind the base URL
    std::string body;                     // JSON; empty for find, which is a GET
    std::optional<orders::Money> amount;  // what the answer has to say too; find does not know it
};
PaymentCall charge_call(const orders::ChargeRequest& request);
PaymentCall refund_call(const orders::RefundRequest& request);
PaymentCall find_call(const orders::EffectKey& key);

struct PaymentAnswer {
    using Outcome = Result<std::optional<orders::EffectOutcome>>;  // nothing: the key was never seen
    explicit PaymentAnswer(Outcome o, bool again = false) : outcome(std::move(o)), may_help_again(again) {}

    Outcome outcome;
    bool may_help_again;  // the same call, soon
};

// Total: any status and bytes have a meaning.
//   200  the effect, strictly: one JSON object, no member twice, key, amount and currency those of the call, a state
//        that the call can have; unknown members are passed over. Anything else: the outcome is unknown
//   404 with code "effect-unknown" to find: the key was never seen
//   409  a call with this key is under way: unknown
//   408, 425, 429: nothing happened; unavailable "payment.unavailable"
//   5xx  unavailable "payment.outcome_unknown"
//   3xx, 401, 403, 404, 405, 410: not the endpoint, or not us; unauthorized "payment.misconfigured"
//   other 4xx: invalid_input "payment.request_refused", with the answer's own code in the detail
// find moves nothing: what is unknown there is "payment.unavailable".
PaymentAnswer answer_of(const PaymentCall& call, int status, std::string_view body);

// No whole answer came. `was_sent`: the provider may have seen the call.
PaymentAnswer no_answer(const PaymentCall& call, bool was_sent, std::string detail);

}  // namespace orderflow::payments
