// queue-service: durable queues that speak the Amazon SQS protocol. Runs until SIGTERM or SIGINT.
#include <cstdio>
#include <filesystem>
#include <span>
#include <string_view>

#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "orderflow/embedded_queues.hpp"
#include "orderflow/queue_metrics.hpp"
#include "programs/declared_queues.hpp"
#include "programs/process.hpp"
#include "programs/queue_declaration.hpp"
#include "programs/queue_endpoint.hpp"
#include "programs/settings.hpp"
#include "programs/status_server.hpp"

namespace {

using namespace orderflow;

constexpr std::string_view program = "queue-service";

struct Config {
    QueueEndpointConfig endpoint;
    std::vector<DeclaredQueue> queues;
    std::filesystem::path data_dir;
    std::chrono::seconds drain{};
    observe::LogLevel log_level = observe::LogLevel::info;
};

Config read(SettingsReader& settings) {
    Config config;
    config.endpoint = read_queue_endpoint_config(settings);
    config.queues = read_declared_queues(settings);
    config.data_dir = settings.text("ORDERFLOW_DATA_DIR", "data");
    config.drain = read_drain(settings);
    config.log_level = read_log_level(settings);
    settings.refuse_unknown("ORDERFLOW_", foreign_settings());
    return config;
}

int usage(std::FILE* out) {
    std::fprintf(out,
                 "queue-service: durable queues that speak the Amazon SQS protocol.\n\n"
                 "usage: queue-service            serves until SIGTERM or Ctrl-C\n"
                 "       queue-service --check    says what it would use, and whether it can\n"
                 "       queue-service --help\n\n"
                 "The queues orders, orders-commands and orders-dlq are there from the start.\n\n"
                 "Settings (environment):\n%s%s"
                 "  ORDERFLOW_DATA_DIR       where queue.db is                                    [./data]\n"
                 "  ORDERFLOW_DRAIN_SECONDS  time to finish work after SIGTERM, 0 to 600              [25]\n"
                 "  ORDERFLOW_LOG_LEVEL      debug, info, warning or error                          [info]\n",
                 queue_endpoint_help().c_str(), declared_queues_help().c_str());
    return out == stdout ? 0 : exit_bad_usage;
}

void log_plan(const observe::Logger& log, const std::vector<PlannedQueue>& plan) {
    for (const auto& planned : plan) {
        if (!planned.stored) log.info("queue.made", {{"queue", planned.name.name}});
        for (const auto& change : planned.changes) {
            log.warn("queue.changed", {{"queue", planned.name.name}, {"change", change}});
        }
    }
}

// `stopping` is null for a check: then it opens everything, says what it would do, and ends.
Result<void> serve(const Config& config, const StopSignals* stopping) {
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
    const auto plan = plan_queues(*queues->journal, config.queues, config.endpoint.account);
    if (!plan) return fail(plan.error());
    if (stopping != nullptr) {
        if (auto declared = declare_queues(*queues->journal, *plan); !declared) return declared;
        log_plan(log, *plan);
    }
    QueueEndpoint endpoint({clock, entropy, *queues->journal, log, metrics}, config.endpoint, {metrics_route(metrics)});
    if (auto started = endpoint.start(); !started) return started;
    const auto journal = std::filesystem::absolute(file).string();
    if (stopping == nullptr) {
        std::printf("queue-service: would serve on http://%s/ from %s; account %s, %s, cooldowns %s\n",
                    endpoint.bound().to_string().c_str(), journal.c_str(), config.endpoint.account.c_str(),
                    config.endpoint.credentials ? "signatures are verified" : "for this machine alone",
                    config.endpoint.cooldowns ? "on" : "off");
        std::printf("%s", to_text(*plan).c_str());
    } else {
        std::printf("queue-service is ready: http://%s/ (Amazon SQS), journal %s\n",
                    endpoint.bound().to_string().c_str(), journal.c_str());
        std::fflush(stdout);
        stopping->wait();
    }
    endpoint.stop(config.drain);
    journal_thread.stop();
    return {};
}

int run(bool check) {
    const StopSignals signals;
    const auto environment = process_environment();
    SettingsReader settings(environment);
    const auto config = read(settings);
    if (!settings.errors().empty()) return report_settings(program, settings.errors());
    const auto served = serve(config, check ? nullptr : &signals);
    return served ? 0 : report_start(program, served.error());
}

}  // namespace

int main(int count, char** arguments) {
    const auto words = std::span<const char* const>(arguments, static_cast<std::size_t>(count)).subspan(1);
    const std::string_view first = words.empty() ? "" : words.front();
    if (words.size() > 1) return usage(stderr);
    return run_program(program, [first] {
        if (first.empty()) return run(false);
        if (first == "--check") return run(true);
        return usage(first == "--help" || first == "-h" ? stdout : stderr);
    });
}
