// PaymentProvider: the outside party that moves money. Each effect key has at most one effect, however often and from
// however many workers it is called.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/authorization.hpp"
#include "libs/orders/domain/draft.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/money.hpp"
#include "libs/orders/domain/payment.hpp"

namespace orderflow::orders {

struct ChargeRequest {
    ChargeRequest(EffectKey k, OrderId o, Money a, PaymentMethod m)
        : key(std::move(k)), order(o), amount(a), method(std::move(m)) {}
    EffectKey key;
    OrderId order;
    Money amount;
    PaymentMethod method;
    std::optional<std::string> traceparent;  // W3C Trace Context of the call, to be passed on
};

struct RefundRequest {
    RefundRequest(EffectKey k, EffectKey c, OrderId o, Money a)
        : key(std::move(k)), charge(std::move(c)), order(o), amount(a) {}
    EffectKey key;
    EffectKey charge;  // what to give back or to prevent
    OrderId order;
    Money amount;
    std::optional<std::string> traceparent;  // as of a charge
};

struct EffectOutcome {
    EffectOutcome(EffectState s, std::string ref, std::string why = {})
        : state(s), reference(std::move(ref)), code(std::move(why)) {}
    EffectState state;      // never `started`
    std::string reference;  // the provider's own
    std::string code;       // reason of a decline
    // What was moved, or was not, when the provider tells: the caller compares it with what it asked for.
    std::optional<Money> amount;
    friend bool operator==(const EffectOutcome&, const EffectOutcome&) = default;
};

// Errors: unavailable "payment.unavailable" (down, nothing known to have happened) and "payment.outcome_unknown" (it
// may have happened): both are asked for again by the same key. unauthorized: our own settings are wrong; the same,
// once somebody has mended them. invalid_input: the request can never succeed. Any executor.
class PaymentProvider {
  public:
    virtual ~PaymentProvider() = default;

    // captured or declined; the same key gives the same answer for ever.
    virtual task<Result<EffectOutcome>> charge(ChargeRequest request) = 0;

    // What became of a key; nothing when the provider never saw it.
    virtual task<Result<std::optional<EffectOutcome>>> find(EffectKey key) = 0;

    // Of a charge in mode preauthorized: what its method names; nothing when the provider does not know it. Moves no
    // money.
    virtual task<Result<std::optional<Authorization>>> authorization(ChargeRequest request) = 0;

    // refunded when the charge was captured. voided when it never was: a charge with that key is declined from then on,
    // also one that is still on its way.
    virtual task<Result<EffectOutcome>> refund(RefundRequest request) = 0;
};

}  // namespace orderflow::orders
