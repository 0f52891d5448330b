#include "orderflow/config.hpp"

#include <string_view>

#include "programs/settings.hpp"

namespace orderflow {

std::expected<Config, std::vector<std::string>> read_config(const Environment& environment) {
    SettingsReader settings(environment);
    Config config;
    config.listen = read_listen(settings, listen_setting, listen_default);
    config.data_dir = settings.text("ORDERFLOW_DATA_DIR", "data");
    config.store = read_store_location(settings, environment, config.data_dir);
    config.hold_time_limit = read_hold_time_limit(settings);
    config.retention = read_retention(settings, config.data_dir);
    config.topic = read_event_topic(settings, environment);
    config.drain = read_drain(settings);
    config.worker = settings.flag("ORDERFLOW_WORKER", true);
    config.log_level = read_log_level(settings);
    config.api = read_api_settings(settings);
    config.api_keys = read_api_key_file_setting(settings, config.data_dir);
    config.payments = read_payment_settings(settings, environment);
    config.api.payment_secrets = config.payments.secrets;
    config.sqs = read_queue_endpoint_config(settings);
    config.queues = read_declared_queues(settings);
    config.alarm_target = read_alarm_target(settings, environment);
    config.error_tracker = read_error_tracker(settings, environment);
    config.telemetry = read_telemetry_settings(settings, environment, "orderflow");
    config.sqs_was_chosen = settings.optional_text("ORDERFLOW_SQS_LISTEN").has_value();
    settings.refuse_unknown("ORDERFLOW_", foreign_settings());
    if (!settings.errors().empty()) return std::unexpected(settings.errors());
    return config;
}

std::string settings_help() {
    return "Settings (environment):\n"
           "  ORDERFLOW_LISTEN         host:port of page and API; port 0 picks a free one   [127.0.0.1:8080]\n"
           "  ORDERFLOW_DATA_DIR       queue journal, order store, generated secrets        [./data]\n" +
           store_location_help() + api_settings_help() + api_key_file_help() + payment_settings_help() +
           hold_time_limit_help() + retention_help() + event_topic_help() + queue_endpoint_help() +
           declared_queues_help() +
           "  ORDERFLOW_DRAIN_SECONDS  time to finish work after SIGTERM, 0 to 600          [25]\n"
           "  ORDERFLOW_WORKER         on or off: off takes orders and leaves them on the queue [on]\n"
           "  ORDERFLOW_LOG_LEVEL      debug, info, warning or error                        [info]\n" +
           alarm_settings_help() + error_tracker_help() + telemetry_help();
}

}  // namespace orderflow
