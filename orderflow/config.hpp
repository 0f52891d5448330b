// What a user can set for `orderflow`. Read once at start; everything else is in libs' own limits headers.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "api-service/api_config.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

struct Config {
    std::string listen;                // ORDERFLOW_LISTEN, host:port; port 0 picks a free one
    std::filesystem::path data_dir;    // ORDERFLOW_DATA_DIR: queue journal, order store, secrets
    std::filesystem::path store_file;  // DATABASE_URL=sqlite:<path>; <data_dir>/orders.db by default
    std::chrono::seconds drain{};      // ORDERFLOW_DRAIN_SECONDS: time to finish after SIGTERM
    bool worker = true;                // ORDERFLOW_WORKER: off takes orders and leaves them on the queue
    std::string log_level;             // ORDERFLOW_LOG_LEVEL: debug, info, warning, error
    api::ApiConfig api;
};

// All errors at once, one line each.
std::expected<Config, std::vector<std::string>> read_config(const Environment& environment);

// The settings with their meaning and default, for --help.
std::string settings_help();

}  // namespace orderflow
