#include "programs/payment_settings.hpp"

#include <utility>

#include "libs/crypto/webhook_keys.hpp"

namespace orderflow {
namespace {

constexpr std::string_view provider_name = "ORDERFLOW_PAYMENT_PROVIDER";
constexpr std::string_view url_name = "ORDERFLOW_PAYMENT_URL";
constexpr std::string_view secret_name = "ORDERFLOW_PAYMENT_SECRET";

bool is_production(SettingsReader& settings) {
    const auto profile = settings.text("ORDERFLOW_PROFILE", "development");
    if (profile == "production") return true;
    if (profile != "development") {
        settings.refuse("ORDERFLOW_PROFILE", "'" + profile + "' is neither development nor production");
    }
    return false;
}

bool is_this_machine(const net::Url& url) {
    return url.host == "localhost" || url.host.starts_with("127.") || url.host == "::1";
}

void read_url(SettingsReader& settings, bool production, PaymentSettings& into) {
    const auto url = net::Url::parse(settings.text(url_name, ""));
    if (!url || url->target.find('?') != std::string::npos || !url->user_info.empty()) {
        settings.refuse(url_name,
                        "expected the address of the shop's payment endpoint without a query, e.g. "
                        "https://shop.example/payments");
        return;
    }
    if (production && !url->secure && !is_this_machine(*url)) {
        settings.refuse(url_name, "the production profile wants https:// to another machine");
    }
    into.url = *url;
}

void read_http(SettingsReader& settings, const Environment& environment, bool production, PaymentSettings& into) {
    read_url(settings, production, into);
    into.secrets = settings.text(secret_name, "");
    if (const auto keys = crypto::WebhookKeys::parse(into.secrets); !keys) {
        settings.refuse(secret_name, keys.error().detail());
    }
    auto proxies = net::ProxySettings::from(environment);
    if (proxies) {
        into.proxies = *std::move(proxies);
    } else {
        settings.refuse("http_proxy, https_proxy, no_proxy", proxies.error().code());
    }
}

// A setting of http that nothing reads: most likely the provider was meant to be http, and no money would be taken.
void refuse_http_settings(SettingsReader& settings) {
    for (const auto name : {url_name, secret_name}) {
        if (settings.optional_text(name)) {
            settings.refuse(name, "it is of no use to the simulated provider; set ORDERFLOW_PAYMENT_PROVIDER=http");
        }
    }
}

}  // namespace

PaymentSettings read_payment_settings(SettingsReader& settings, const Environment& environment) {
    constexpr std::chrono::seconds shortest{1};
    constexpr std::chrono::seconds longest{25};  // the worker gives up after 30 s
    PaymentSettings result;
    const bool production = is_production(settings);
    result.call_time = settings.seconds("ORDERFLOW_PAYMENT_SECONDS", result.call_time, shortest, longest);
    const auto provider = settings.text(provider_name, "simulated");
    if (provider == "http") {
        result.provider = PaymentSettings::Provider::http;
        read_http(settings, environment, production, result);
    } else if (provider == "simulated") {
        refuse_http_settings(settings);
        if (production) {
            settings.refuse(provider_name, "the simulated provider takes no money: the production profile wants http");
        }
    } else {
        settings.refuse(provider_name, "'" + provider + "' is neither simulated nor http");
    }
    return result;
}

std::string read_callback_secrets(SettingsReader& settings) {
    auto secrets = settings.text(secret_name, "");
    if (secrets.empty()) return secrets;
    if (const auto keys = crypto::WebhookKeys::parse(secrets); !keys)
        settings.refuse(secret_name, keys.error().detail());
    return secrets;
}

std::string callback_secrets_help() {
    return "  ORDERFLOW_PAYMENT_SECRET whsec_...: who may call /v1/payments/callbacks       [nobody]\n";
}

std::string payment_settings_help() {
    return "  ORDERFLOW_PAYMENT_PROVIDER  simulated (takes no money), or http               [simulated]\n"
           "  ORDERFLOW_PAYMENT_URL    http: the shop's payment endpoint (docs/adr/0014-http-payments.md)\n"
           "  ORDERFLOW_PAYMENT_SECRET http: whsec_..., signs what goes there and comes back; up to three\n"
           "  ORDERFLOW_PAYMENT_SECONDS  http: for a call with its repetitions, 1 to 25     [20]\n"
           "  ORDERFLOW_PROFILE        development or production, which refuses simulated   [development]\n";
}

}  // namespace orderflow
