#include "api-service/api_config.hpp"

#include <limits>

namespace orderflow::api {

ApiConfig read_api_config(SettingsReader& settings) {
    constexpr std::int64_t rate_max = 1'000'000;
    ApiConfig config;
    config.admin_token = settings.optional_text("ORDERFLOW_ADMIN_TOKEN");
    config.admin_read_token = settings.optional_text("ORDERFLOW_ADMIN_READ_TOKEN");
    config.rates.orders = settings.integer("ORDERFLOW_RATE_ORDERS", config.rates.orders, 1, rate_max);
    config.rates.reads = settings.integer("ORDERFLOW_RATE_READS", config.rates.reads, 1, rate_max);
    config.rates.tenant = settings.integer("ORDERFLOW_RATE_TENANT", config.rates.tenant, 1, rate_max);
    config.rates.loopback = settings.integer("ORDERFLOW_RATE_LOOPBACK", config.rates.loopback, 1, rate_max);
    if (const auto list = settings.optional_text("ORDERFLOW_TRUSTED_PROXIES")) {
        auto networks = parse_networks(*list);
        if (!networks) {
            settings.refuse("ORDERFLOW_TRUSTED_PROXIES",
                            "expected addresses and networks with commas between, e.g. 10.0.0.0/8, 2001:db8::/32");
        }
        config.rates.trusted_proxies = std::move(networks).value_or(std::vector<Network>());
    }
    config.rates.proxy_hops =
        settings.integer("ORDERFLOW_PROXY_HOPS", config.rates.proxy_hops, 1, ClientAddresses::hops_max);
    config.queue_depth_max = static_cast<std::uint64_t>(
        settings.integer("ORDERFLOW_QUEUE_DEPTH_MAX", static_cast<std::int64_t>(config.queue_depth_max), 1,
                         std::numeric_limits<std::int64_t>::max()));
    config.wait_target = settings.seconds("ORDERFLOW_WAIT_TARGET_SECONDS", 3600s, 1s, std::chrono::hours(24 * 30));
    config.accept_time = settings.seconds("ORDERFLOW_ACCEPT_SECONDS", 5s, 1s, 25s);
    return config;
}

}  // namespace orderflow::api
