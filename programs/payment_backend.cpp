#include "programs/payment_backend.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "libs/payments/http_payment_provider.hpp"
#include "libs/payments/simulated_payment_provider.hpp"
#include "programs/fatal.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

// Nothing has this key. `provider` outlives it: it outlives its loop.
task<void> find_into(orders::PaymentProvider& provider, std::shared_ptr<std::promise<Result<void>>> answered) {
    const auto found = co_await provider.find(orders::EffectKey{"orderflow-check"});
    answered->set_value(found ? Result<void>() : fail(Error(found.error())));
}

}  // namespace

Result<std::unique_ptr<PaymentBackend>> PaymentBackend::open(Parts parts, const PaymentSettings& settings,
                                                             const std::optional<std::filesystem::path>& ledger) {
    std::unique_ptr<PaymentBackend> backend(new PaymentBackend(parts));
    const bool simulated = settings.provider == PaymentSettings::Provider::simulated;
    if (auto opened = simulated ? backend->open_simulated(ledger.value()) : backend->open_http(settings); !opened) {
        return fail(std::move(opened).error());
    }
    return backend;
}

Result<void> PaymentBackend::open_simulated(const std::filesystem::path& ledger) {
    ledger_thread_ = std::make_unique<ThreadExecutor>(parts_.clock, "payments");
    payments::SimulatedOptions options;
    options.on_fatal = [](const Error& error) { end_because_of_disk("the payment provider's ledger", error); };
    auto provider =
        payments::SimulatedPaymentProvider::open(ledger.string(), *ledger_thread_, parts_.clock, std::move(options));
    if (!provider) return fail_about(provider.error(), ledger);
    provider_ = *std::move(provider);
    description_ = "simulated, ledger " + ledger.string();
    return {};
}

Result<void> PaymentBackend::open_http(const PaymentSettings& settings) {
    auto keys = crypto::WebhookKeys::parse(settings.secrets);
    if (!keys) return fail(std::move(keys).error());
    net::HttpPoolSettings pool_settings;
    pool_settings.proxies = settings.proxies;
    pool_settings.waiting_per_server = 4096;  // more than the worker works on at once: a line is no failure
    auto pool =
        net::HttpPool::create({parts_.loop.loop(), parts_.loop.executor(), parts_.clock}, std::move(pool_settings));
    if (!pool) return fail(std::move(pool).error());
    pool_ = *std::move(pool);
    payments::HttpPaymentPolicy policy;
    policy.call_time = settings.call_time;
    policy.attempt_time = std::min<BootClock::duration>(policy.attempt_time, settings.call_time);
    provider_ = std::make_unique<payments::HttpPaymentProvider>(
        payments::HttpPaymentProvider::Parts{*pool_, parts_.loop.executor(), parts_.clock, parts_.entropy},
        settings.url, *std::move(keys), policy);
    description_ =
        "http, " + std::string(settings.url.scheme()) + "://" + settings.url.authority() + settings.url.target;
    return {};
}

PaymentBackend::~PaymentBackend() { stop(); }

Result<void> PaymentBackend::ask(BootClock::duration within) {
    const auto answered = std::make_shared<std::promise<Result<void>>>();
    auto answer = answered->get_future();
    parts_.loop.spawn(find_into(*provider_, answered));
    if (answer.wait_for(within) == std::future_status::ready) return answer.get();
    return fail(ErrorKind::unavailable, "payment.no_answer", "The payment provider has not answered yet.");
}

void PaymentBackend::stop() {
    if (std::exchange(stopped_, true)) return;
    if (ledger_thread_ != nullptr) ledger_thread_->stop();
    if (pool_ != nullptr) pool_->close_idle();
}

}  // namespace orderflow
