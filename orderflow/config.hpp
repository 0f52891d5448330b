// What a user can set for `orderflow`. Read once at start; everything else is in libs' own limits headers.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api-service/api_config.hpp"
#include "libs/base/settings.hpp"
#include "libs/observe/log.hpp"
#include "programs/alarm_service.hpp"
#include "programs/api_key_file.hpp"
#include "programs/declared_queues.hpp"
#include "programs/error_tracking.hpp"
#include "programs/event_topic_settings.hpp"
#include "programs/payment_settings.hpp"
#include "programs/queue_endpoint.hpp"
#include "programs/retention_settings.hpp"
#include "programs/store_location.hpp"
#include "programs/telemetry_settings.hpp"

namespace orderflow {

inline constexpr std::string_view listen_setting = "ORDERFLOW_LISTEN";
inline constexpr std::string_view listen_default = "127.0.0.1:8080";

struct Config {
    std::string listen;              // ORDERFLOW_LISTEN, host:port; port 0 picks a free one
    std::filesystem::path data_dir;  // ORDERFLOW_DATA_DIR: queue journal, order store, secrets
    StoreLocation store;             // DATABASE_URL; <data_dir>/orders.db by default
    std::chrono::seconds drain{};    // ORDERFLOW_DRAIN_SECONDS: time to finish after SIGTERM
    bool worker = true;              // ORDERFLOW_WORKER: off takes orders and leaves them on the queue
    observe::LogLevel log_level = observe::LogLevel::info;  // ORDERFLOW_LOG_LEVEL
    api::ApiConfig api;
    ApiKeyFile api_keys;  // ORDERFLOW_API_KEYS_FILE
    PaymentSettings payments;
    std::chrono::seconds hold_time_limit{};  // ORDERFLOW_HOLD_HOURS
    std::optional<RetentionSettings> retention;
    std::optional<EventTopicSettings> topic;  // ORDERFLOW_EVENTS_TOPIC_ARN
    QueueEndpointConfig sqs;
    std::vector<DeclaredQueue> queues;          // ORDERFLOW_SQS_QUEUES
    std::optional<AlarmTarget> alarm_target;    // ORDERFLOW_ALARM_URL
    std::optional<ErrorTracker> error_tracker;  // ORDERFLOW_SENTRY_DSN
    TelemetrySettings telemetry;
    bool sqs_was_chosen = false;  // else the endpoint is left out when its usual port is taken
};

// All errors at once, one line each.
std::expected<Config, std::vector<std::string>> read_config(const Environment& environment);

// The settings with their meaning and default, for --help.
std::string settings_help();

}  // namespace orderflow
