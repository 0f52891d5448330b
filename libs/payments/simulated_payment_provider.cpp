#include "libs/payments/simulated_payment_provider.hpp"

#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/base/invariant.hpp"
#include "libs/payments/simulated_effects.hpp"

namespace orderflow::payments {

using orders::EffectOutcome;

Result<std::unique_ptr<SimulatedPaymentProvider>> SimulatedPaymentProvider::open(const std::string& path,
                                                                                 Executor& executor, const Clock& clock,
                                                                                 SimulatedOptions options) {
    ORDERFLOW_INVARIANT(options.on_fatal != nullptr);
    if (options.production) {
        return fail(ErrorKind::unauthorized, "payment.simulated_in_production",
                    "The simulated payment provider takes no money: configure a real one, or another profile.");
    }
    auto ledger = PaymentLedger::open(path, options.vfs);
    if (!ledger) return fail(std::move(ledger).error());
    auto writer =
        std::make_shared<LedgerWriter>(*std::move(ledger), executor, clock, options.pace, std::move(options.on_fatal));
    return std::unique_ptr<SimulatedPaymentProvider>(
        new SimulatedPaymentProvider(std::move(writer), executor, clock, options.slow_delay));
}

task<Result<EffectOutcome>> SimulatedPaymentProvider::charge(orders::ChargeRequest request) {
    const auto now = clock_.wall();
    if (request.method.token == "tok_slow") {
        auto slow =
            co_await writer_->run<bool>([request](PaymentLedger& ledger) { return is_slow_in(ledger, request); });
        if (!slow) co_return fail(std::move(slow).error());
        // On its way for a while: a refund that comes first makes it a decline.
        if (*slow) co_await sleep_until(executor_, clock_.now() + slow_delay_);
    }
    co_return co_await writer_->run<EffectOutcome>(
        [request = std::move(request), now](PaymentLedger& ledger) { return charge_in(ledger, request, now); });
}

task<Result<std::optional<EffectOutcome>>> SimulatedPaymentProvider::find(orders::EffectKey key) {
    co_return co_await writer_->run<std::optional<EffectOutcome>>(
        [key = std::move(key)](PaymentLedger& ledger) { return find_in(ledger, key); });
}

task<Result<std::optional<orders::Authorization>>> SimulatedPaymentProvider::authorization(
    orders::ChargeRequest request) {
    co_return co_await writer_->run<std::optional<orders::Authorization>>(
        [request = std::move(request)](PaymentLedger& ledger) { return authorization_in(ledger, request); });
}

task<Result<EffectOutcome>> SimulatedPaymentProvider::refund(orders::RefundRequest request) {
    const auto now = clock_.wall();
    co_return co_await writer_->run<EffectOutcome>(
        [request = std::move(request), now](PaymentLedger& ledger) { return refund_in(ledger, request, now); });
}

task<Result<std::vector<ProviderEffect>>> SimulatedPaymentProvider::effects(std::int64_t after, std::uint32_t limit) {
    co_return co_await writer_->run<std::vector<ProviderEffect>>(
        [after, limit](PaymentLedger& ledger) -> Result<Result<std::vector<ProviderEffect>>> {
            auto listed = ledger.list(after, limit);
            if (!listed) return fail(std::move(listed).error());
            return Result<std::vector<ProviderEffect>>(*std::move(listed));
        });
}

}  // namespace orderflow::payments
