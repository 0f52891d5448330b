#include "programs/settings.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <utility>

#include "programs/webhook_settings.hpp"

namespace orderflow {
namespace {

constexpr std::chrono::seconds drain_default{25};
constexpr std::chrono::seconds drain_max{600};
constexpr std::size_t admin_token_min = 16;
constexpr std::array<std::pair<std::string_view, observe::LogLevel>, 4> log_levels{{
    {"debug", observe::LogLevel::debug},
    {"info", observe::LogLevel::info},
    {"warning", observe::LogLevel::warn},
    {"error", observe::LogLevel::error},
}};

}  // namespace

std::string read_listen(SettingsReader& settings, std::string_view name, std::string_view fallback) {
    auto text = settings.text(name, fallback);
    const auto address = net::ListenAddress::parse(text);
    if (address) return text;
    settings.refuse(name, address.error().detail());
    return std::string(fallback);
}

std::chrono::seconds read_drain(SettingsReader& settings) {
    return settings.seconds("ORDERFLOW_DRAIN_SECONDS", drain_default, std::chrono::seconds(0), drain_max);
}

observe::LogLevel read_log_level(SettingsReader& settings) {
    const auto text = settings.text("ORDERFLOW_LOG_LEVEL", "info");
    const auto* const level =
        std::ranges::find(log_levels, text, &std::pair<std::string_view, observe::LogLevel>::first);
    if (level != log_levels.end()) return level->second;
    settings.refuse("ORDERFLOW_LOG_LEVEL", "'" + text + "' is none of debug, info, warning, error");
    return observe::LogLevel::info;
}

std::chrono::hours read_hold_time_limit(SettingsReader& settings) {
    constexpr std::int64_t hours_default = 72;
    constexpr std::int64_t hours_max = 8760;
    return std::chrono::hours(settings.integer("ORDERFLOW_HOLD_HOURS", hours_default, 1, hours_max));
}

std::string hold_time_limit_help() {
    return "  ORDERFLOW_HOLD_HOURS     an order on hold keeps its goods so long, 1 to 8760; then it is cancelled "
           "[72]\n";
}

QueueUrls read_queue_urls(SettingsReader& settings) {
    QueueUrls urls;
    urls.orders = settings.text("ORDERFLOW_QUEUE_URL", "http://127.0.0.1:9324/000000000000/orders");
    if (!urls.orders.starts_with("http://") && !urls.orders.starts_with("https://")) {
        settings.refuse("ORDERFLOW_QUEUE_URL",
                        "expected the URL of a queue, e.g. "
                        "https://sqs.eu-central-1.amazonaws.com/123456789012/orders");
    }
    urls.commands = settings.text("ORDERFLOW_COMMANDS_QUEUE_URL", urls.orders + "-commands");
    urls.dead_letters = settings.text("ORDERFLOW_DEAD_LETTERS_QUEUE_URL", urls.orders + "-dlq");
    return urls;
}

std::string queue_urls_help() {
    return "  ORDERFLOW_QUEUE_URL      the queue of orders   [http://127.0.0.1:9324/000000000000/orders]\n"
           "  ORDERFLOW_COMMANDS_QUEUE_URL, ORDERFLOW_DEAD_LETTERS_QUEUE_URL\n"
           "                           the other two  [the first with -commands, -dlq at its end]\n"
           "  AWS_ENDPOINT_URL_SQS, AWS_REGION, AWS_ACCESS_KEY_ID and the other places where the AWS\n"
           "                           SDKs look for endpoint, region and credentials\n";
}

api::ApiConfig read_api_settings(SettingsReader& settings) {
    auto config = api::read_api_config(settings);
    config.webhook_rules = read_webhook_rules(settings);
    const auto check = [&](const std::optional<std::string>& token, std::string_view name) {
        if (!token || token->size() >= admin_token_min) return;
        settings.refuse(name, "it must have at least " + std::to_string(admin_token_min) + " characters");
    };
    check(config.admin_token, "ORDERFLOW_ADMIN_TOKEN");
    check(config.admin_read_token, "ORDERFLOW_ADMIN_READ_TOKEN");
    if (config.admin_read_token && config.admin_read_token == config.admin_token) {
        settings.refuse("ORDERFLOW_ADMIN_READ_TOKEN", "it must be another than ORDERFLOW_ADMIN_TOKEN");
    }
    return config;
}

std::string api_settings_help() {
    return std::string(
               "  ORDERFLOW_ADMIN_TOKEN    operator token, 16 characters or more [none on loopback, else "
               "generated]\n") +
           "  ORDERFLOW_ADMIN_READ_TOKEN  token of operators who may only look, likewise    [none]\n"
           "  ORDERFLOW_ACCEPT_SECONDS time for the queue to take an order, 1 to 25         [5]\n"
           "  ORDERFLOW_QUEUE_DEPTH_MAX  waiting messages; beyond, orders are refused       [2000000]\n"
           "  ORDERFLOW_WAIT_TARGET_SECONDS  estimated wait for a worker; beyond, likewise  [3600]\n"
           "  ORDERFLOW_RATE_ORDERS    orders and cancels per second and address            [100]\n"
           "  ORDERFLOW_RATE_READS     reads per second and address                         [200]\n"
           "  ORDERFLOW_RATE_TENANT    each of both, for all API keys of a tenant           [500]\n"
           "  ORDERFLOW_RATE_LOOPBACK  each of both, for addresses of this machine          [1000000]\n"
           "  ORDERFLOW_TRUSTED_PROXIES  whose X-Forwarded-For is believed: 10.0.0.0/8, ::1 [none]\n"
           "  ORDERFLOW_PROXY_HOPS     how many proxies stand in line, 1 to 8               [1]\n" +
           webhook_rules_help();
}

Result<void> make_data_dir(const std::filesystem::path& directory) {
    std::error_code failed;
    if (std::filesystem::create_directories(directory, failed); !failed) return {};
    return fail(ErrorKind::unavailable, "data_dir.inaccessible",
                "Cannot make the data directory " + directory.string() + ": " + failed.message() +
                    ". Choose another one with ORDERFLOW_DATA_DIR, or mend its owner and mode.");
}

std::vector<std::string_view> foreign_settings() {
    return {
        "ORDERFLOW_ACCEPT_SECONDS",
        "ORDERFLOW_ADMIN_READ_TOKEN",
        "ORDERFLOW_ADMIN_TOKEN",
        "ORDERFLOW_ALARM_URL",
        "ORDERFLOW_API_KEYS_FILE",
        "ORDERFLOW_ARCHIVE_DIR",
        "ORDERFLOW_BIN",
        "ORDERFLOW_COMMANDS_QUEUE_URL",
        "ORDERFLOW_DATABASE_AUTH",
        "ORDERFLOW_DATA_DIR",
        "ORDERFLOW_DEAD_LETTERS_QUEUE_URL",
        "ORDERFLOW_DRAIN_SECONDS",
        "ORDERFLOW_EVENTS_TOPIC_ARN",
        "ORDERFLOW_HOLD_HOURS",
        "ORDERFLOW_WEBHOOK_ALLOW",
        "ORDERFLOW_LISTEN",
        "ORDERFLOW_METRICS",
        "ORDERFLOW_METRICS_SECONDS",
        "ORDERFLOW_OTLP_AUTH",
        "ORDERFLOW_PARAMETERS",
        "ORDERFLOW_PAYMENT_PROVIDER",
        "ORDERFLOW_PAYMENT_SECONDS",
        "ORDERFLOW_PAYMENT_SECRET",
        "ORDERFLOW_PAYMENT_URL",
        "ORDERFLOW_PROFILE",
        "ORDERFLOW_PROXY_HOPS",
        "ORDERFLOW_QUEUE_DEPTH_MAX",
        "ORDERFLOW_QUEUE_URL",
        "ORDERFLOW_RATE_LOOPBACK",
        "ORDERFLOW_RATE_ORDERS",
        "ORDERFLOW_RATE_READS",
        "ORDERFLOW_RATE_TENANT",
        "ORDERFLOW_RETENTION_DAYS",
        "ORDERFLOW_SENTRY_DSN",
        "ORDERFLOW_SQS_ACCESS_KEY_ID",
        "ORDERFLOW_SQS_ACCOUNT_ID",
        "ORDERFLOW_SQS_COOLDOWNS",
        "ORDERFLOW_SQS_LISTEN",
        "ORDERFLOW_SQS_QUEUES",
        "ORDERFLOW_SQS_SECRET_ACCESS_KEY",
        "ORDERFLOW_TRUSTED_PROXIES",
        "ORDERFLOW_WAIT_TARGET_SECONDS",
        "ORDERFLOW_WORKER",
        "ORDERFLOW_WORKER_LISTEN",
        "ORDERFLOW_WORKER_ROLE",
#ifdef ORDERFLOW_BREAKABLE
        "ORDERFLOW_BREAK",
#endif
    };
}

net::HttpLimits http_limits() {
    constexpr rlim_t kept_for_files = 48;
    constexpr rlim_t connections_min = 8;
    net::HttpLimits limits;
    rlimit descriptors{};
    if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return limits;
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    const auto left = descriptors.rlim_cur - std::min(descriptors.rlim_cur, kept_for_files);
    limits.connections = std::min<std::size_t>(limits.connections, std::max(left, connections_min));
    return limits;
}

}  // namespace orderflow
