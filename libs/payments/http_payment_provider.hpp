// HttpPaymentProvider: the PaymentProvider port at an endpoint of the shop, over HTTP. The effect key is the
// Idempotency-Key, so that a call whose answer was lost is made again, and moves money once.
//
// A call that failed for a passing reason is repeated within its time, after a pause with full jitter, as long as the
// retry budget allows it: when the endpoint fails for everybody, few calls are repeated. What is left is for the
// PaymentCircuit and the order's own retries.
#pragma once

#include <optional>

#include "libs/base/entropy.hpp"
#include "libs/base/executor.hpp"
#include "libs/crypto/webhook_keys.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/retry_budget.hpp"
#include "libs/orders/ports/payment_provider.hpp"
#include "libs/payments/http_payment_codec.hpp"

namespace orderflow::payments {

struct HttpPaymentPolicy {
    BootClock::duration call_time = 20s;    // of one call of the port, all attempts together
    BootClock::duration attempt_time = 8s;  // of one request
    unsigned attempts = 3;
    // A pause is anything from nothing to pause_first, doubled for each attempt (full jitter), pause_max at most.
    BootClock::duration pause_first = 100ms;
    BootClock::duration pause_max = 2s;
};

// For one loop. Errors beside those of the port: unauthorized "payment.misconfigured", when the endpoint does not know
// us or is none: an operator has to mend the settings, and the call is made again then.
class HttpPaymentProvider final : public orders::PaymentProvider {
  public:
    // References outlive the loop's work.
    struct Parts {
        net::HttpPool& pool;
        Executor& timers;  // of the pool's loop
        const Clock& clock;
        Entropy& entropy;
    };

    // `base`: what the paths of the contract follow. Each request is signed with `keys` under the effect key as its id.
    HttpPaymentProvider(Parts parts, net::Url base, crypto::WebhookKeys keys, HttpPaymentPolicy policy = {});

    task<Result<orders::EffectOutcome>> charge(orders::ChargeRequest request) override;
    task<Result<std::optional<orders::EffectOutcome>>> find(orders::EffectKey key) override;
    task<Result<std::optional<orders::Authorization>>> authorization(orders::ChargeRequest request) override;
    task<Result<orders::EffectOutcome>> refund(orders::RefundRequest request) override;

    const net::RetryBudget& budget() const noexcept { return budget_; }

  private:
    template <class T>
    using Reader = Told<T> (*)(const PaymentCall& call, int status, std::string_view body);
    template <class T>
    struct Heard;
    template <class T>
    task<Result<std::optional<T>>> perform(PaymentCall call, Reader<T> read);
    template <class T>
    task<Heard<T>> attempt(PaymentCall call, Reader<T> read, Instant until);
    net::ClientRequest signed_request(const PaymentCall& call) const;
    BootClock::duration pause_before(unsigned attempt);

    Parts parts_;
    net::Url base_;
    crypto::WebhookKeys keys_;
    HttpPaymentPolicy policy_;
    net::RetryBudget budget_;
};

}  // namespace orderflow::payments
