// What an operator can set for the API. Everything else is a named limit beside the code that keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/settings.hpp"

namespace orderflow::api {

// Requests per second and peer address; twice as many may come at once.
struct RateLimits {
    std::int64_t orders = 100;  // ORDERFLOW_RATE_ORDERS: place and cancel
    std::int64_t reads = 200;   // ORDERFLOW_RATE_READS: everything else but files, health and metrics
    // Peers of this machine: programs of the operator, or a proxy that speaks for everybody.
    std::int64_t loopback = 1'000'000;  // ORDERFLOW_RATE_LOOPBACK
};

struct ApiConfig {
    // ORDERFLOW_ADMIN_TOKEN: bearer of operator calls. Without one only peers of this machine may make them.
    std::optional<std::string> admin_token;
    std::optional<std::string> admin_read_token;  // ORDERFLOW_ADMIN_READ_TOKEN: its bearer may look and command nothing
    // ORDERFLOW_PAYMENT_SECRET: of the payment provider's callbacks. Empty: there are none.
    std::string payment_secrets;
    RateLimits rates;
    std::uint64_t queue_depth_max = 2'000'000;  // ORDERFLOW_QUEUE_DEPTH_MAX: messages; beyond, orders are refused
    BootClock::duration accept_time = 5s;       // ORDERFLOW_ACCEPT_SECONDS: for the queue to take an order; then 503
};

// Notes every error in `settings`; the caller reports them with those of its own settings.
ApiConfig read_api_config(SettingsReader& settings);

}  // namespace orderflow::api
