// queue-service: durable queues that speak the Amazon SQS protocol. Runs until SIGTERM or SIGINT.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "orderflow/embedded_queues.hpp"
#include "orderflow/queue_metrics.hpp"
#include "programs/alarm_service.hpp"
#include "programs/declared_queues.hpp"
#include "programs/health_command.hpp"
#include "programs/installation.hpp"
#include "programs/process.hpp"
#include "programs/queue_declaration.hpp"
#include "programs/queue_endpoint.hpp"
#include "programs/service_command.hpp"
#include "programs/settings.hpp"
#include "programs/start_check.hpp"
#include "programs/status_server.hpp"
#include "programs/telemetry.hpp"

namespace {

using namespace orderflow;

constexpr std::string_view program = "queue-service";

struct Config {
    QueueEndpointConfig endpoint;
    std::vector<DeclaredQueue> queues;
    std::filesystem::path data_dir;
    std::chrono::seconds drain{};
    observe::LogLevel log_level = observe::LogLevel::info;
    std::optional<AlarmTarget> alarm_target;
    TelemetrySettings telemetry;
};

Config read(SettingsReader& settings, const Environment& environment) {
    Config config;
    config.endpoint = read_queue_endpoint_config(settings);
    config.queues = read_declared_queues(settings);
    config.data_dir = settings.text("ORDERFLOW_DATA_DIR", "data");
    config.drain = read_drain(settings);
    config.log_level = read_log_level(settings);
    config.alarm_target = read_alarm_target(settings, environment);
    config.telemetry = read_telemetry_settings(settings, environment, program);
    settings.refuse_unknown("ORDERFLOW_", foreign_settings());
    return config;
}

int usage(std::FILE* out) {
    std::fprintf(out,
                 "queue-service: durable queues that speak the Amazon SQS protocol.\n\n"
                 "usage: queue-service            serves until SIGTERM or Ctrl-C\n"
                 "       queue-service --check    says what it would use, and whether it can\n"
                 "       queue-service --health   asks the one that runs here whether it is healthy\n"
                 "       queue-service --help\n\n"
                 "The queues orders, orders-commands and orders-dlq are there from the start.\n\n"
                 "Settings (environment):\n%s%s"
                 "  ORDERFLOW_DATA_DIR       where queue.db is                                    [./data]\n"
                 "  ORDERFLOW_DRAIN_SECONDS  time to finish work after SIGTERM, 0 to 600              [25]\n"
                 "  ORDERFLOW_LOG_LEVEL      debug, info, warning or error                          [info]\n%s%s",
                 queue_endpoint_help().c_str(), declared_queues_help().c_str(), alarm_settings_help().c_str(),
                 telemetry_help().c_str());
    return out == stdout ? 0 : exit_bad_usage;
}

std::string policy_of(const Config& config) {
    return "account " + config.endpoint.account + ", " +
           (config.endpoint.credentials ? "signatures are verified" : "for this machine alone") + ", cooldowns " +
           (config.endpoint.cooldowns ? "on" : "off");
}

// Without a journal there is nothing to open, and a check makes none.
int check_new(const Config& config, const std::filesystem::path& journal) {
    StartCheck files;
    files.data_dir(config.data_dir);
    files.file("queue journal", journal);
    files.outcome("installation", queue_installation(config.data_dir).check_parts());
    std::printf("%s%s", files.text().c_str(), to_text(plan_new_queues(config.queues, config.endpoint.account)).c_str());
    const auto end = files.all_good() ? "would serve on http://" + config.endpoint.listen + "/; " + policy_of(config)
                                      : std::string("cannot start like this");
    std::printf("queue-service: %s\n", end.c_str());
    return files.all_good() ? 0 : exit_failed;
}

// `stopping` is null for a check: then it opens everything, says what it would do, and ends.
Result<void> serve(const Config& config, const StopSignals* stopping) {
    const auto installation = queue_installation(config.data_dir);
    if (auto whole = installation.check_parts(); !whole) return whole;
    if (auto made = make_data_dir(config.data_dir); !made) return fail(std::move(made).error());
    const SystemClock clock;
    crypto::SystemEntropy entropy;
    const auto sink = observe::make_stream_sink(observe::LogStream::standard_error);
    const observe::Logger log(clock, *sink, config.log_level);
    observe::Metrics metrics;
    QueueMetrics observer(metrics, log);
    ThreadExecutor journal_thread(clock, "queue-journal");
    const auto file = config.data_dir / "queue.db";
    auto queues = open_embedded_queues(
        {.path = file.string(), .cooldowns = config.endpoint.cooldowns, .tell_every = QueueMetrics::counted_every},
        journal_thread, clock, entropy, &observer);
    if (!queues) return fail_about(queues.error(), file);
    if (stopping != nullptr) {
        if (auto sealed = installation.seal(); !sealed) return sealed;
    }
    const auto plan = plan_queues(*queues->journal, config.queues, config.endpoint.account);
    if (!plan) return fail(plan.error());
    if (stopping != nullptr) {
        if (auto declared = declare_queues(*queues->journal, *plan); !declared) return declared;
        log_plan(log, *plan);
    }
    std::unique_ptr<AlarmService> alarms;
    if (stopping != nullptr) {
        auto watching =
            AlarmService::start({clock, log, metrics}, std::string(program), config.data_dir, config.alarm_target);
        if (!watching) return fail(std::move(watching).error());
        alarms = *std::move(watching);
    }
    const auto telemetry =
        Telemetry::start({clock, entropy, log, metrics}, stopping != nullptr ? config.telemetry : TelemetrySettings());
    if (!telemetry) return fail(telemetry.error());
    QueueEndpoint endpoint({clock, entropy, *queues->journal, log, metrics}, config.endpoint, {metrics_route(metrics)});
    if (auto started = endpoint.start(); !started) return started;
    const auto journal = std::filesystem::absolute(file).string();
    if (stopping == nullptr) {
        std::printf("queue-service: would serve on http://%s/ from %s; %s\n", endpoint.bound().to_string().c_str(),
                    journal.c_str(), policy_of(config).c_str());
        std::printf("%s", to_text(*plan).c_str());
    } else {
        std::printf("queue-service is ready: http://%s/ (Amazon SQS), journal %s\n",
                    endpoint.bound().to_string().c_str(), journal.c_str());
        std::fflush(stdout);
        stopping->wait();
    }
    const auto deadline = clock.now() + config.drain;
    endpoint.stop(config.drain);
    (*telemetry)->stop(deadline);
    journal_thread.stop();
    return {};
}

int run(bool check) {
    const auto environment = process_environment();
    SettingsReader settings(environment);
    const auto config = read(settings, environment);
    if (!settings.errors().empty()) return report_settings(program, settings.errors());
    const auto journal = config.data_dir / "queue.db";
    if (check && !std::filesystem::exists(journal)) return check_new(config, journal);
    const StopSignals signals;
    const auto served = serve(config, check ? nullptr : &signals);
    return served ? 0 : report_start(program, served.error());
}

}  // namespace

int main(int count, char** arguments) {
    const auto words = std::span<const char* const>(arguments, static_cast<std::size_t>(count)).subspan(1);
    return run_program(program, [words] {
        const auto command = read_service_command(words);
        if (!command) {
            std::fprintf(stderr, "%.*s: %s\n\n", static_cast<int>(program.size()), program.data(),
                         command.error().c_str());
            return usage(stderr);
        }
        if (*command == ServiceCommand::help) return usage(stdout);
        if (*command == ServiceCommand::health) {
            return run_health(program, process_environment(), queue_listen_setting, queue_listen_default,
                              SystemClock());
        }
        return run(*command == ServiceCommand::check);
    });
}
