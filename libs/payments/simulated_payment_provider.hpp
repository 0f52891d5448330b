// SimulatedPaymentProvider: moves no money, answers by the token, and remembers every effect in a ledger of its own so
// that an audit can compare it with the order store. Not for production: it captures whatever it is asked for.
//
//   tok_ok        captured
//   tok_declined  declined "card-declined"
//   tok_slow      captured, after `slow_delay`
//   tok_unknown   captured, but the first answer is unavailable "payment.outcome_unknown"
//   tok_flaky     unavailable "payment.unavailable" twice, then captured
//   other tokens  declined "unknown-token"
//   preauthorized captured once; the same reference for another order is declined "reference-used". A reference
//                 "auth_<minor units>_<currency>..." is authorised for just that, "auth_unknown..." is none, and any
//                 other for what is asked
//   invoice       invalid_input "payment.mode_not_chargeable"
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/executor.hpp"
#include "libs/orders/ports/payment_provider.hpp"
#include "libs/payments/ledger_writer.hpp"

namespace orderflow::payments {

struct SimulatedOptions {
    bool production = false;  // the profile of the installation: true is refused
    std::chrono::milliseconds slow_delay = 3s;
    std::chrono::milliseconds pace = 5ms;  // between the beginnings of two transactions of the ledger
    std::string vfs;                       // see sqlite::OpenOptions
    LedgerWriter::OnFatal on_fatal;        // must end the process; required
};

// Effects are durable (synced) before they are answered. Any executor; its own work runs on the one it is given.
class SimulatedPaymentProvider final : public orders::PaymentProvider {
  public:
    // `path`: the ledger's file. unauthorized "payment.simulated_in_production"; the errors of PaymentLedger::open.
    // `executor` (its work blocks on the disk) and `clock` outlive the provider.
    static Result<std::unique_ptr<SimulatedPaymentProvider>> open(const std::string& path, Executor& executor,
                                                                  const Clock& clock, SimulatedOptions options);

    task<Result<orders::EffectOutcome>> charge(orders::ChargeRequest request) override;
    task<Result<std::optional<orders::EffectOutcome>>> find(orders::EffectKey key) override;
    task<Result<std::optional<orders::Authorization>>> authorization(orders::ChargeRequest request) override;
    task<Result<orders::EffectOutcome>> refund(orders::RefundRequest request) override;

    // For an audit: every effect with a number above `after`, oldest first.
    task<Result<std::vector<ProviderEffect>>> effects(std::int64_t after, std::uint32_t limit);

  private:
    SimulatedPaymentProvider(std::shared_ptr<LedgerWriter> writer, Executor& executor, const Clock& clock,
                             std::chrono::milliseconds slow_delay)
        : writer_(std::move(writer)), executor_(executor), clock_(clock), slow_delay_(slow_delay) {}

    std::shared_ptr<LedgerWriter> writer_;
    Executor& executor_;
    const Clock& clock_;
    std::chrono::milliseconds slow_delay_;
};

}  // namespace orderflow::payments
