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
    config.rates.loopback = settings.integer("ORDERFLOW_RATE_LOOPBACK", config.rates.loopback, 1, rate_max);
    config.queue_depth_max = static_cast<std::uint64_t>(
        settings.integer("ORDERFLOW_QUEUE_DEPTH_MAX", static_cast<std::int64_t>(config.queue_depth_max), 1,
                         std::numeric_limits<std::int64_t>::max()));
    config.accept_time = settings.seconds("ORDERFLOW_ACCEPT_SECONDS", 5s, 1s, 25s);
    return config;
}

}  // namespace orderflow::api
