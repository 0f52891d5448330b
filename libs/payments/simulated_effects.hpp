// What the simulated provider does to its ledger for one call: read, decide, write. Runs inside a transaction.
#pragma once

#include "libs/base/clock.hpp"
#include "libs/orders/ports/payment_provider.hpp"
#include "libs/payments/payment_ledger.hpp"

namespace orderflow::payments {

// The outer Result is the ledger's own failure, the inner one the answer to the caller.
template <class T>
using Answered = Result<Result<T>>;

Answered<orders::EffectOutcome> charge_in(PaymentLedger& ledger, const orders::ChargeRequest& request, WallTime now);
Answered<std::optional<orders::EffectOutcome>> find_in(PaymentLedger& ledger, const orders::EffectKey& key);
Answered<std::optional<orders::Authorization>> authorization_in(PaymentLedger& ledger,
                                                                const orders::ChargeRequest& request);
Answered<orders::EffectOutcome> refund_in(PaymentLedger& ledger, const orders::RefundRequest& request, WallTime now);

// Whether this charge has to wait first: a slow token whose key was never answered.
Answered<bool> is_slow_in(PaymentLedger& ledger, const orders::ChargeRequest& request);

}  // namespace orderflow::payments
