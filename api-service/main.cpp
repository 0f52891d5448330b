// api-service: takes orders over HTTP and hands them to the queue; shows what the order store holds. Runs until SIGTERM
// or SIGINT.
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
#include "programs/alarm_service.hpp"
#include "programs/api_front.hpp"
#include "programs/api_key_file.hpp"
#include "programs/error_tracking.hpp"
#include "programs/health_command.hpp"
#include "programs/installation.hpp"
#include "programs/instance_reports.hpp"
#include "programs/order_storage.hpp"
#include "programs/payment_settings.hpp"
#include "programs/process.hpp"
#include "programs/service_command.hpp"
#include "programs/settings.hpp"
#include "programs/sqs_queues.hpp"
#include "programs/start_check.hpp"
#include "programs/store_check.hpp"
#include "programs/telemetry.hpp"

namespace {

using namespace orderflow;

constexpr std::string_view program = "api-service";
constexpr std::string_view listen_setting = "ORDERFLOW_LISTEN";
constexpr std::string_view listen_default = "127.0.0.1:8080";
constexpr BootClock::duration queue_share = 2s;  // of the drain time, for what is on its way to the queue
constexpr BootClock::duration last_report = 1s;  // of the time after the drain

struct Config {
    std::string listen;
    std::filesystem::path data_dir;
    StoreLocation store;
    QueueUrls queues;
    std::chrono::seconds drain{};
    observe::LogLevel log_level = observe::LogLevel::info;
    api::ApiConfig api;
    ApiKeyFile api_keys;
    std::optional<AlarmTarget> alarm_target;
    std::optional<ErrorTracker> error_tracker;
    TelemetrySettings telemetry;
};

Config read(SettingsReader& settings, const Environment& environment) {
    Config config;
    config.listen = read_listen(settings, listen_setting, listen_default);
    config.data_dir = settings.text("ORDERFLOW_DATA_DIR", "data");
    config.store = read_store_location(settings, environment, config.data_dir);
    config.queues = read_queue_urls(settings);
    config.drain = read_drain(settings);
    config.log_level = read_log_level(settings);
    config.api = read_api_settings(settings);
    config.api.payment_secrets = read_callback_secrets(settings);
    config.api_keys = read_api_key_file_setting(settings, config.data_dir);
    config.alarm_target = read_alarm_target(settings, environment);
    config.error_tracker = read_error_tracker(settings, environment);
    config.telemetry = read_telemetry_settings(settings, environment, program);
    settings.refuse_unknown("ORDERFLOW_", foreign_settings());
    return config;
}

int usage(std::FILE* out) {
    std::fprintf(out,
                 "api-service: takes orders over HTTP, hands them to the queue, shows what became of them.\n\n"
                 "usage: api-service            serves until SIGTERM or Ctrl-C\n"
                 "       api-service --check    says what it would use, and whether it can\n"
                 "       api-service --health   asks the one that runs here whether it is healthy\n"
                 "       api-service --help\n\n"
                 "Settings (environment):\n%s%s%s%s"
                 "  ORDERFLOW_LISTEN         host:port of page and API                   [127.0.0.1:8080]\n"
                 "  ORDERFLOW_DATA_DIR       where its secrets are                                [./data]\n"
                 "%s"
                 "  ORDERFLOW_DRAIN_SECONDS  time to finish work after SIGTERM, 0 to 600              [25]\n"
                 "  ORDERFLOW_LOG_LEVEL      debug, info, warning or error                          [info]\n%s%s%s",
                 queue_urls_help().c_str(), api_settings_help().c_str(), api_key_file_help().c_str(),
                 callback_secrets_help().c_str(), store_location_help().c_str(), alarm_settings_help().c_str(),
                 error_tracker_help().c_str(), telemetry_help().c_str());
    return out == stdout ? 0 : exit_bad_usage;
}

std::unexpected<Error> no_store(const Error& error) {
    return fail(error.kind(), error.code(),
                error.detail() + ". The worker-service makes the order store: start it first.");
}

// Looks at the files, asks database and queues; starts nothing and changes nothing. A signal ends it as it ends any
// program.
int check(const Config& config, const Environment& environment) {
    StartCheck files;
    files.data_dir(config.data_dir);
    files.file("secrets", config.data_dir / "secrets");
    files.outcome("installation", api_installation(config.data_dir).check_parts());
    const SystemClock clock;
    check_api_keys(files, config.api_keys);
    check_store(files, config.store, clock, StartCheck::Absent::made_by_worker);
    crypto::SystemEntropy entropy;
    const auto sink = observe::make_stream_sink(observe::LogStream::standard_error);
    const observe::Logger log(clock, *sink, observe::LogLevel::error);
    net::Runtime loop(clock, 1, "check");
    const auto queues = SqsQueues::open({loop, clock, entropy, log, environment}, config.queues);
    if (!queues) return report_start(program, queues.error());
    loop.start();
    const auto answered = (*queues)->check();
    const bool good = files.all_good() && answered.all_good;
    const auto end = good ? "would serve on http://" + config.listen + "/" : std::string("cannot start like this");
    std::printf("%s%sapi-service: %s\n", files.text().c_str(), answered.text.c_str(), end.c_str());
    end_at_once(good ? 0 : exit_failed);
}

Result<void> serve(const Config& config, const Environment& environment, const StopSignals& stopping) {
    if (auto made = make_data_dir(config.data_dir); !made) return made;
    const auto installation = api_installation(config.data_dir);
    if (auto whole = installation.check_parts(); !whole) return whole;
    const SystemClock clock;
    crypto::SystemEntropy entropy;
    const auto sink = observe::make_stream_sink(observe::LogStream::standard_error);
    const observe::Logger log(clock, *sink, config.log_level);
    observe::Metrics metrics;
    auto rules = InstanceReporter::rules_of(instances::Role::api);
    if (!rules) return fail(std::move(rules).error());
    LiveApis live_apis;
    InstanceReporter reporter({clock, entropy, log, metrics}, instances::Role::api, *std::move(rules));
    const auto secrets = crypto::load_or_create_secrets(config.data_dir / "secrets", entropy);
    if (!secrets) return fail(secrets.error());
    if (auto same = installation.check_secrets(*secrets); !same) return same;
    const auto address = net::ListenAddress::parse(config.listen).value();
    const auto token = choose_operator_token(config.api.admin_token, address, config.data_dir, entropy);
    if (!token) return fail(token.error());
    auto api = config.api;
    api.admin_token = token->text;

    ThreadExecutor reader_thread(clock, "order-reader");
    const auto reading = open_order_reading(reader_thread, clock, config.store, nullptr);
    if (!reading) return no_store(reading.error());

    const auto telemetry = Telemetry::start({clock, entropy, log, metrics}, config.telemetry);
    if (!telemetry) return fail(telemetry.error());
    const auto alarms =
        AlarmService::start({clock, log, metrics}, std::string(program), config.data_dir, config.alarm_target);
    if (!alarms) return fail(alarms.error());
    const auto tracking = ErrorTracking::start({clock, entropy, log, metrics}, config.error_tracker);
    if (!tracking) return fail(tracking.error());
    std::unique_ptr<SqsQueues> queues;  // before the front, whose loop its work runs on
    ApiFront front({clock, entropy, log, metrics, (*telemetry)->tracer()}, 1);
    auto opened = SqsQueues::open({front.loop(), clock, entropy, log, environment}, config.queues);
    if (!opened) return fail(std::move(opened).error());
    queues = *std::move(opened);
    if (auto sealed = installation.seal(*secrets); !sealed) return sealed;
    if (auto started = front.start({queues->orders(), queues->commands(), *reading->reader, *reading->operators,
                                    *reading->instances, *reading->endpoints, *reading->feed,
                                    [&live_apis] { return live_apis.count(); }, forward_to(tracking->get())},
                                   *secrets, config.api_keys, api, address);
        !started) {
        return started;
    }
    reporter.start(reports_of_api(queues->commands(), *reading->instances, live_apis, clock));
    if (token->is_new) {
        std::printf("api-service: operator token, shown this once and kept in the data directory: %s\n",
                    token->text->c_str());
    }
    std::printf("api-service is ready: http://%s/ (page and API)\n", front.bound().to_string().c_str());
    std::fflush(stdout);
    stopping.wait();
    const auto deadline = clock.now() + config.drain;
    const auto requests = std::max<BootClock::duration>(config.drain - queue_share, {});
    front.drain(requests, deadline);
    reporter.stop(clock.now() + last_report);
    front.stop(requests, deadline);
    queues->close();
    (*telemetry)->stop(deadline);
    reader_thread.stop();
    return {};
}

int run(ServiceCommand command) {
    const auto environment = process_environment();
    if (command == ServiceCommand::health) {
        return run_health(program, environment, listen_setting, listen_default, SystemClock());
    }
    SettingsReader settings(environment);
    const auto config = read(settings, environment);
    if (!settings.errors().empty()) return report_settings(program, settings.errors());
    if (command == ServiceCommand::check) return check(config, environment);
    const StopSignals signals;
    const auto served = serve(config, environment, signals);
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
        return *command == ServiceCommand::help ? usage(stdout) : run(*command);
    });
}
