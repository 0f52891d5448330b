// Which payment provider a worker has: read from the environment, checked, and said in words.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "libs/base/settings.hpp"
#include "libs/net/proxy_settings.hpp"
#include "libs/net/url.hpp"

namespace orderflow {

// In the data directory.
inline constexpr auto simulated_ledger_file = "payments-simulated.db";

struct PaymentSettings {
    enum class Provider : std::uint8_t { simulated, http };
    Provider provider = Provider::simulated;  // ORDERFLOW_PAYMENT_PROVIDER
    net::Url url;                             // ORDERFLOW_PAYMENT_URL, of http
    std::string secrets;                      // ORDERFLOW_PAYMENT_SECRET, of http; crypto::WebhookKeys can read them
    std::chrono::seconds call_time{20};       // ORDERFLOW_PAYMENT_SECONDS, of http: a call with its repetitions
    net::ProxySettings proxies;               // of http: the usual variables

    // The simulated provider's ledger, a part of the installation; http has none.
    std::optional<std::filesystem::path> ledger(const std::filesystem::path& data_dir) const {
        if (provider == Provider::http) return std::nullopt;
        return data_dir / simulated_ledger_file;
    }
};

// Notes every error in `settings`, which reads `environment`. ORDERFLOW_PROFILE=production takes money: it refuses the
// simulated provider, and an endpoint on another machine without TLS.
PaymentSettings read_payment_settings(SettingsReader& settings, const Environment& environment);
std::string payment_settings_help();

// For a program that only takes the provider's callbacks: ORDERFLOW_PAYMENT_SECRET, or nothing.
std::string read_callback_secrets(SettingsReader& settings);
std::string callback_secrets_help();

}  // namespace orderflow
