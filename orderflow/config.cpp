#include "orderflow/config.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "libs/net/listen_address.hpp"

namespace orderflow {
namespace {

constexpr std::chrono::seconds drain_default{25};
constexpr std::chrono::seconds drain_max{600};
constexpr std::size_t admin_token_min = 16;
constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
// Settings of other programs of this project, and of the tools around them, that may stand in the same environment.
const std::vector<std::string_view> reserved{
    "ORDERFLOW_BIN",
    "ORDERFLOW_SQS_LISTEN",
#ifdef ORDERFLOW_BREAKABLE
    "ORDERFLOW_BREAK",
#endif
};

std::filesystem::path store_file(SettingsReader& settings, const std::filesystem::path& data_dir) {
    const auto url = settings.optional_text("DATABASE_URL");
    if (!url) return data_dir / "orders.db";
    constexpr std::string_view sqlite = "sqlite:";
    if (url->starts_with(sqlite) && url->size() > sqlite.size()) return url->substr(sqlite.size());
    settings.refuse("DATABASE_URL", "expected sqlite:<path>, e.g. sqlite:/var/lib/orderflow/orders.db");
    return {};
}

}  // namespace

std::expected<Config, std::vector<std::string>> read_config(const Environment& environment) {
    SettingsReader settings(environment);
    Config config;
    config.listen = settings.text("ORDERFLOW_LISTEN", "127.0.0.1:8080");
    if (const auto address = net::ListenAddress::parse(config.listen); !address) {
        settings.refuse("ORDERFLOW_LISTEN", address.error().detail());
    }
    config.data_dir = settings.text("ORDERFLOW_DATA_DIR", "data");
    config.store_file = store_file(settings, config.data_dir);
    config.drain = settings.seconds("ORDERFLOW_DRAIN_SECONDS", drain_default, std::chrono::seconds(0), drain_max);
    config.worker = settings.flag("ORDERFLOW_WORKER", true);
    config.log_level = settings.text("ORDERFLOW_LOG_LEVEL", "info");
    if (std::ranges::find(log_levels, config.log_level) == log_levels.end()) {
        settings.refuse("ORDERFLOW_LOG_LEVEL", "'" + config.log_level + "' is none of debug, info, warning, error");
    }
    config.api = api::read_api_config(settings);
    if (config.api.admin_token && config.api.admin_token->size() < admin_token_min) {
        settings.refuse("ORDERFLOW_ADMIN_TOKEN",
                        "it must have at least " + std::to_string(admin_token_min) + " characters");
    }
    settings.refuse_unknown("ORDERFLOW_", reserved);
    if (!settings.errors().empty()) return std::unexpected(settings.errors());
    return config;
}

std::string settings_help() {
    return "Settings (environment):\n"
           "  ORDERFLOW_LISTEN         host:port of page and API; port 0 picks a free one   [127.0.0.1:8080]\n"
           "  ORDERFLOW_DATA_DIR       queue journal, order store, generated secrets        [./data]\n"
           "  DATABASE_URL             sqlite:<path> of the order store          [<data dir>/orders.db]\n"
           "  ORDERFLOW_ADMIN_TOKEN    operator token, 16 characters or more [none on loopback, else generated]\n"
           "  ORDERFLOW_ACCEPT_SECONDS time for the queue to take an order, 1 to 25         [5]\n"
           "  ORDERFLOW_QUEUE_DEPTH_MAX  waiting messages; beyond, orders are refused       [2000000]\n"
           "  ORDERFLOW_RATE_ORDERS    orders and cancels per second and address            [100]\n"
           "  ORDERFLOW_RATE_READS     reads per second and address                         [200]\n"
           "  ORDERFLOW_RATE_LOOPBACK  both, for addresses of this machine                  [1000000]\n"
           "  ORDERFLOW_DRAIN_SECONDS  time to finish work after SIGTERM, 0 to 600          [25]\n"
           "  ORDERFLOW_WORKER         on or off: off takes orders and leaves them on the queue [on]\n"
           "  ORDERFLOW_LOG_LEVEL      debug, info, warning or error                        [info]\n";
}

}  // namespace orderflow
