// What an operator can set for the API. Everything else is a named limit beside the code that keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api-service/client_address.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/public_address.hpp"

namespace orderflow::api {

// Requests per second; twice as many may come at once. Several instances share them.
struct RateLimits {
    std::int64_t orders = 100;  // ORDERFLOW_RATE_ORDERS: place and cancel, per client address
    std::int64_t reads = 200;   // ORDERFLOW_RATE_READS: everything else but files, health and metrics, likewise
    std::int64_t tenant = 500;  // ORDERFLOW_RATE_TENANT: each of both, for all API keys of a tenant together
    // Peers of this machine: programs of the operator, or a proxy that speaks for everybody.
    std::int64_t loopback = 1'000'000;  // ORDERFLOW_RATE_LOOPBACK
    // ORDERFLOW_TRUSTED_PROXIES: peers that say in X-Forwarded-For whom they speak for.
    std::vector<Network> trusted_proxies;
    std::int64_t proxy_hops = 1;  // ORDERFLOW_PROXY_HOPS: how many of them stand in line
};

struct ApiConfig {
    // ORDERFLOW_ADMIN_TOKEN: bearer of operator calls. Without one only peers of this machine may make them.
    std::optional<std::string> admin_token;
    std::optional<std::string> admin_read_token;  // ORDERFLOW_ADMIN_READ_TOKEN: its bearer may look and command nothing
    // ORDERFLOW_PAYMENT_SECRET: of the payment provider's callbacks. Empty: there are none.
    std::string payment_secrets;
    net::OutboundRules webhook_rules;  // ORDERFLOW_WEBHOOK_ALLOW
    RateLimits rates;
    std::uint64_t queue_depth_max = 2'000'000;  // ORDERFLOW_QUEUE_DEPTH_MAX: messages; beyond, orders are refused
    BootClock::duration wait_target = 1h;       // ORDERFLOW_WAIT_TARGET_SECONDS: estimated wait; beyond, likewise
    BootClock::duration accept_time = 5s;       // ORDERFLOW_ACCEPT_SECONDS: for the queue to take an order; then 503
};

// Notes every error in `settings`; the caller reports them with those of its own settings.
ApiConfig read_api_config(SettingsReader& settings);

}  // namespace orderflow::api
