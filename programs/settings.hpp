// Settings that several programs have: one reading and one line of help for each.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "api-service/api_config.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/http_limits.hpp"
#include "libs/net/listen_address.hpp"
#include "libs/observe/log.hpp"

namespace orderflow {

// Each notes what is wrong in the reader and then returns the default.

// `name`: host:port; port 0 picks a free one.
std::string read_listen(SettingsReader& settings, std::string_view name, std::string_view fallback);
// ORDERFLOW_DRAIN_SECONDS: time to finish after SIGTERM, 0 to 600.
std::chrono::seconds read_drain(SettingsReader& settings);
// ORDERFLOW_LOG_LEVEL: debug, info, warning or error.
observe::LogLevel read_log_level(SettingsReader& settings);

// ORDERFLOW_HOLD_HOURS: how long an order on hold keeps its reservation, 1 to 8760.
std::chrono::hours read_hold_time_limit(SettingsReader& settings);
std::string hold_time_limit_help();

// URLs of the three queues. ORDERFLOW_QUEUE_URL names `orders`; the other two are named like it, with -commands and
// -dlq, unless ORDERFLOW_COMMANDS_QUEUE_URL and ORDERFLOW_DEAD_LETTERS_QUEUE_URL say otherwise.
struct QueueUrls {
    std::string orders;
    std::string commands;
    std::string dead_letters;
};
QueueUrls read_queue_urls(SettingsReader& settings);
std::string queue_urls_help();

// Those of the API (api_config.hpp), with the rule for the operator's token.
api::ApiConfig read_api_settings(SettingsReader& settings);
std::string api_settings_help();

// Makes the data directory when it is not there. unavailable "data_dir.inaccessible", with what to do.
Result<void> make_data_dir(const std::filesystem::path& directory);

// Settings of other programs of this project, and of the tools around them, that may stand in the same environment.
std::vector<std::string_view> foreign_settings();

// The default limits, with as many connections as the process may have descriptors for, some kept for files: above that
// the answer is 503, not silence. Raises the process's soft limit.
net::HttpLimits http_limits();

}  // namespace orderflow
