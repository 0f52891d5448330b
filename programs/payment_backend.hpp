// PaymentBackend: the payment provider that the settings choose, with the thread or the connections it needs.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "libs/base/entropy.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/runtime.hpp"
#include "libs/orders/ports/payment_provider.hpp"
#include "programs/payment_settings.hpp"

namespace orderflow {

class PaymentBackend {
  public:
    // All outlive it. `loop`: of the worker, where the provider is called.
    struct Parts {
        net::Runtime& loop;
        const Clock& clock;
        Entropy& entropy;
    };

    // `ledger`: PaymentSettings::ledger(). Errors of the provider, with the file in the detail.
    static Result<std::unique_ptr<PaymentBackend>> open(Parts parts, const PaymentSettings& settings,
                                                        const std::optional<std::filesystem::path>& ledger);
    // After stop(), or when the loop does not run.
    ~PaymentBackend();
    PaymentBackend(const PaymentBackend&) = delete;
    PaymentBackend& operator=(const PaymentBackend&) = delete;

    orders::PaymentProvider& provider() { return *provider_; }

    // For --check: whether the provider answers a question that moves nothing. Blocks; the loop runs. unavailable
    // "payment.no_answer" when it has said nothing `within` that time; the question goes on alone.
    Result<void> ask(BootClock::duration within);
    // "simulated, ledger data/payments-simulated.db"; "http, https://shop.example/payments". For people.
    const std::string& description() const noexcept { return description_; }

    // When the loop does not run any more, and is still there. Blocks. Idempotent.
    void stop();

  private:
    explicit PaymentBackend(Parts parts) : parts_(parts) {}
    Result<void> open_simulated(const std::filesystem::path& ledger);
    Result<void> open_http(const PaymentSettings& settings);

    Parts parts_;
    std::string description_;
    std::unique_ptr<ThreadExecutor> ledger_thread_;  // of the simulated provider
    std::unique_ptr<net::HttpPool> pool_;            // of http
    std::unique_ptr<orders::PaymentProvider> provider_;
    bool stopped_ = false;
};

}  // namespace orderflow
