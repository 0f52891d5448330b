// worker-service: takes orders from the queues and settles them in the order store. Runs until SIGTERM or SIGINT; with
// --lambda as a function on AWS Lambda.
#include <signal.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libs/async/spawner.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "programs/alarm_service.hpp"
#include "programs/event_topic_settings.hpp"
#include "programs/health_command.hpp"
#include "programs/installation.hpp"
#include "programs/instance_reports.hpp"
#include "programs/lambda_service.hpp"
#include "programs/loop_guard.hpp"
#include "programs/order_worker.hpp"
#include "programs/parameter_settings.hpp"
#include "programs/payment_backend.hpp"
#include "programs/payment_settings.hpp"
#include "programs/process.hpp"
#include "programs/service_command.hpp"
#include "programs/settings.hpp"
#include "programs/sqs_queues.hpp"
#include "programs/start_check.hpp"
#include "programs/status_server.hpp"
#include "programs/store_check.hpp"
#include "programs/store_location.hpp"
#include "programs/telemetry.hpp"
#include "programs/webhook_settings.hpp"
#include "programs/worker_readiness.hpp"

namespace {

using namespace orderflow;

constexpr std::string_view program = "worker-service";
constexpr std::string_view listen_setting = "ORDERFLOW_WORKER_LISTEN";
constexpr std::string_view listen_default = "127.0.0.1:8081";
constexpr BootClock::duration last_report = 1s;  // of the time after the drain

struct Config {
    std::string listen;
    std::filesystem::path data_dir;
    StoreLocation store;
    QueueUrls queues;
    PaymentSettings payments;
    std::chrono::seconds hold_time_limit{};
    std::optional<RetentionSettings> retention;
    net::OutboundRules webhook_rules;
    std::optional<EventTopicSettings> topic;
    worker::WorkerRole role = worker::WorkerRole::all;
    std::chrono::seconds drain{};
    observe::LogLevel log_level = observe::LogLevel::info;
    std::optional<AlarmTarget> alarm_target;
    TelemetrySettings telemetry;
};

// A function is there for the time of a batch: what has to go on all the time is another process's.
worker::WorkerRole read_role(SettingsReader& settings, bool is_function) {
    const auto fallback = is_function ? worker::WorkerRole::orders : worker::WorkerRole::all;
    const auto text = settings.text("ORDERFLOW_WORKER_ROLE", to_string(fallback));
    const auto role = worker::worker_role_of(text);
    if (!role) settings.refuse("ORDERFLOW_WORKER_ROLE", "'" + text + "' is none of all, orders, background");
    if (role && is_function && *role != fallback) {
        settings.refuse("ORDERFLOW_WORKER_ROLE",
                        "with --lambda it can be orders alone; start another worker-service "
                        "for background");
    }
    return role.value_or(fallback);
}

Config read(SettingsReader& settings, const Environment& environment, bool is_function) {
    Config config;
    if (!is_function && environment.contains(lambda_api_setting)) {
        settings.refuse(lambda_api_setting, "it says that this is AWS Lambda: start with --lambda there");
    }
    config.role = read_role(settings, is_function);
    config.listen = read_listen(settings, listen_setting, listen_default);
    config.data_dir = settings.text("ORDERFLOW_DATA_DIR", "data");
    config.store = read_store_location(settings, environment, config.data_dir);
    config.queues = read_queue_urls(settings);
    config.payments = read_payment_settings(settings, environment);
    config.hold_time_limit = read_hold_time_limit(settings);
    config.retention = read_retention(settings, config.data_dir);
    config.webhook_rules = read_webhook_rules(settings);
    config.topic = read_event_topic(settings, environment);
    config.drain = read_drain(settings);
    config.log_level = read_log_level(settings);
    config.alarm_target = read_alarm_target(settings, environment);
    config.telemetry = read_telemetry_settings(settings, environment, program);
    settings.refuse_unknown("ORDERFLOW_", foreign_settings());
    return config;
}

int usage(std::FILE* out) {
    std::fprintf(out,
                 "worker-service: takes orders from the queues and settles them in the order store.\n\n"
                 "usage: worker-service            works until SIGTERM or Ctrl-C\n"
                 "       worker-service --check    says what it would use, and whether it can\n"
                 "       worker-service --health   asks the one that runs here whether it is healthy\n"
                 "       worker-service --lambda   works as a function on AWS Lambda, fed by the queue of orders\n"
                 "       worker-service --help\n\n"
                 "SIGUSR1 pauses receiving from the queues, SIGUSR2 goes on: in this process, beside what operators\n"
                 "have told all workers.\n\n"
                 "Settings (environment):\n%s%s%s%s%s%s%s"
                 "  ORDERFLOW_WORKER_ROLE    all, orders (and commands), or background (all but orders)    [all]\n"
                 "  ORDERFLOW_WORKER_LISTEN  host:port of /healthz, /readyz and /metrics [127.0.0.1:8081]\n"
                 "  ORDERFLOW_DATA_DIR       where the order store and the payment ledger are     [./data]\n"
                 "%s"
                 "  ORDERFLOW_DRAIN_SECONDS  time to finish work after SIGTERM, 0 to 600              [25]\n"
                 "  ORDERFLOW_LOG_LEVEL      debug, info, warning or error                          [info]\n%s%s",
                 queue_urls_help().c_str(), parameters_help().c_str(), payment_settings_help().c_str(),
                 hold_time_limit_help().c_str(), retention_help().c_str(), webhook_rules_help().c_str(),
                 event_topic_help().c_str(), store_location_help().c_str(), alarm_settings_help().c_str(),
                 telemetry_help().c_str());
    return out == stdout ? 0 : exit_bad_usage;
}

constexpr auto payments_check_time = std::chrono::seconds(4);

WorkerFiles files_of(const Config& config) {
    return {.store = config.store.file_if_any(), .ledger = config.payments.ledger(config.data_dir)};
}

OrderWorker::Settings worker_settings(const Config& config, const worker::WorkerConfig& worker) {
    return {.payments = config.payments,
            .hold_time_limit = config.hold_time_limit,
            .retention = config.retention,
            .webhook_rules = config.webhook_rules,
            .topic = config.topic,
            .worker = worker};
}

// Looks at the files, asks database, queues and payment provider; starts nothing and changes nothing. A signal ends it
// as it ends any program.
int check(const Config& config, const Environment& environment) {
    StartCheck files;
    files.data_dir(config.data_dir);
    const SystemClock clock;
    check_store(files, config.store, clock, StartCheck::Absent::will_be_made);
    const auto owned = files_of(config);
    if (owned.ledger) files.file("payments", *owned.ledger);
    if (config.retention) files.directory("archive", config.retention->archive);
    check_event_topic(files, config.topic);
    files.outcome("installation", worker_installation(config.data_dir, owned).check_parts());
    crypto::SystemEntropy entropy;
    const auto sink = observe::make_stream_sink(observe::LogStream::standard_error);
    const observe::Logger log(clock, *sink, observe::LogLevel::error);
    net::Runtime loop(clock, 1, "check");
    const auto queues = SqsQueues::open({loop, clock, entropy, log, environment}, config.queues);
    if (!queues) return report_start(program, queues.error());
    std::unique_ptr<PaymentBackend> payments;
    if (!owned.ledger) {
        auto opened = PaymentBackend::open({loop, clock, entropy}, config.payments, {});
        if (!opened) return report_start(program, opened.error());
        payments = *std::move(opened);
    }
    loop.start();
    const auto answered = (*queues)->check();
    if (payments) files.good("payments", payments->description());
    if (payments) files.outcome("payments", payments->ask(payments_check_time));
    const bool good = files.all_good() && answered.all_good;
    std::printf("%s%sworker-service: %s\n", files.text().c_str(), answered.text.c_str(),
                good ? "can start" : "cannot start like this");
    end_at_once(good ? 0 : exit_failed);
}

enum class Phase : std::uint8_t { starting, working, draining };

// Both outlive it: the status server is stopped first.
task<Readiness> ask_readiness(const std::atomic<Phase>& phase, WorkerReadiness& readiness) {
    switch (phase.load()) {
        case Phase::starting: co_return Readiness("The service is starting.");
        case Phase::draining: co_return Readiness("The service is stopping.");
        case Phase::working: break;
    }
    co_return co_await readiness.get();
}

// SIGUSR1 pauses, SIGUSR2 goes on.
void wait_for_stop(const StopSignals& signals, OrderWorker& worker) {
    for (int number = signals.wait(); number == SIGUSR1 || number == SIGUSR2; number = signals.wait()) {
        worker.set_paused(number == SIGUSR1);
    }
}

Result<void> work(const Config& config, const Environment& environment, const StopSignals& stopping) {
    if (auto made = make_data_dir(config.data_dir); !made) return fail(std::move(made).error());
    const auto installation = worker_installation(config.data_dir, files_of(config));
    if (auto whole = installation.check_parts(); !whole) return whole;
    const SystemClock clock;
    crypto::SystemEntropy entropy;
    const auto sink = observe::make_stream_sink(observe::LogStream::standard_error);
    const observe::Logger log(clock, *sink, config.log_level);
    observe::Metrics metrics;
    auto rules = InstanceReporter::rules_of(instances::Role::worker);
    if (!rules) return fail(std::move(rules).error());
    InstanceReporter reporter({clock, entropy, log, metrics}, instances::Role::worker, *std::move(rules));
    std::atomic<Phase> phase = Phase::starting;
    std::optional<WorkerReadiness> readiness;
    // Before the worker and its queues: what a probe asked them ends on the status server's loop.
    std::optional<LoopGuard> guard;
    StatusServer status(
        {clock, entropy, metrics}, [&] { return ask_readiness(phase, *readiness); },
        [&guard]() -> std::optional<std::string> { return guard->why_not_alive(); });
    const auto telemetry = Telemetry::start({clock, entropy, log, metrics}, config.telemetry);
    if (!telemetry) return fail(telemetry.error());
    std::unique_ptr<SqsQueues> queues;  // before the worker, whose loop its work runs on
    auto worker = OrderWorker::open({clock, entropy, log, metrics, (*telemetry)->tracer()},
                                    {.store = config.store, .payments = config.payments.ledger(config.data_dir)},
                                    worker_settings(config, {.duties = worker::duties_of(config.role)}));
    if (!worker) return fail(std::move(worker).error());
    if (auto sealed = installation.seal(); !sealed) return sealed;
    auto opened = SqsQueues::open({(*worker)->loop(), clock, entropy, log, environment}, config.queues);
    if (!opened) return fail(std::move(opened).error());
    queues = *std::move(opened);
    readiness.emplace(
        WorkerReadiness::Parts{
            .queues = queues->named(), .store = (*worker)->store(), .state = [&worker] { return (*worker)->state(); }},
        orders::LoopParts{status.loop().executor(), Spawner(status.loop().loop()), clock});
    guard.emplace(LoopGuard::Parts{clock, log, metrics}, [&worker] { return (*worker)->beats(); });
    auto alarms =
        AlarmService::start({clock, log, metrics}, std::string(program), config.data_dir, config.alarm_target);
    if (!alarms) return fail(std::move(alarms).error());
    if (auto listening = status.start(net::ListenAddress::parse(config.listen).value()); !listening) {
        return fail(std::move(listening).error());
    }
    (*worker)->start({queues->orders(), queues->commands(), queues->dead_letters()});
    reporter.start(reports_of_worker(**worker, nullptr, nullptr, clock));
    phase = Phase::working;
    status.loop().spawn(guard->watch(status.loop().executor()));
    std::printf("worker-service is ready: http://%s/healthz, store %s\n", status.bound().to_string().c_str(),
                config.store.description().c_str());
    std::fflush(stdout);
    wait_for_stop(stopping, **worker);
    phase = Phase::draining;
    const auto deadline = clock.now() + config.drain;
    (*worker)->drain(deadline);
    reporter.stop(clock.now() + last_report);
    (*worker)->stop(deadline);
    queues->close();
    (*telemetry)->stop(deadline);
    status.stop();
    return {};
}

// Everything of the start that fails is told to Lambda, too: its log of the function is where people look.
int run_function(Environment environment, const Clock& clock, Entropy& entropy) {
    const StopSignals signals;
    const auto sink = observe::make_stream_sink(observe::LogStream::standard_error);
    const observe::Logger first_log(clock, *sink, observe::LogLevel::info);
    const auto host = LambdaHost::open(clock, first_log, environment);
    if (!host) return report_start(program, host.error());
    auto known = with_parameters(std::move(environment), clock, entropy);
    if (!known) {
        (*host)->fail_init(known.error());
        return report_start(program, known.error());
    }
    SettingsReader settings(*known);
    const auto config = read(settings, *known, true);
    if (!settings.errors().empty()) {
        std::string all;
        for (const auto& error : settings.errors()) all += (all.empty() ? "" : "; ") + error;
        (*host)->fail_init(Error(ErrorKind::invalid_input, "lambda.settings_invalid", all));
        return report_settings(program, settings.errors());
    }
    auto served = make_data_dir(config.data_dir);
    if (!served) (*host)->fail_init(served.error());
    if (served) {
        const observe::Logger log(clock, *sink, config.log_level);
        served = serve_lambda({clock, entropy, log, *known}, **host,
                              {.files = {.store = config.store, .payments = config.payments.ledger(config.data_dir)},
                               .worker = worker_settings(config, lambda_worker_config()),
                               .queues = config.queues,
                               .telemetry = config.telemetry},
                              signals);
    }
    return served ? 0 : report_start(program, served.error());
}

int run(ServiceCommand command) {
    auto environment = process_environment();
    if (command == ServiceCommand::health) {
        return run_health(program, environment, listen_setting, listen_default, SystemClock());
    }
    const SystemClock clock;
    crypto::SystemEntropy entropy;
    if (command == ServiceCommand::lambda) return run_function(std::move(environment), clock, entropy);
    const auto known = with_parameters(std::move(environment), clock, entropy);
    if (!known) return report_start(program, known.error());
    SettingsReader settings(*known);
    const auto config = read(settings, *known, false);
    if (!settings.errors().empty()) return report_settings(program, settings.errors());
    if (command == ServiceCommand::check) return check(config, *known);
    const StopSignals signals{SIGUSR1, SIGUSR2};
    const auto worked = work(config, *known, signals);
    return worked ? 0 : report_start(program, worked.error());
}

}  // namespace

int main(int count, char** arguments) {
    const auto words = std::span<const char* const>(arguments, static_cast<std::size_t>(count)).subspan(1);
    return run_program(program, [words] {
        const auto command = read_service_command(words, true);
        if (!command) {
            std::fprintf(stderr, "%.*s: %s\n\n", static_cast<int>(program.size()), program.data(),
                         command.error().c_str());
            return usage(stderr);
        }
        return *command == ServiceCommand::help ? usage(stdout) : run(*command);
    });
}
