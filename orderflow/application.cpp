#include "orderflow/application.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "libs/net/runtime.hpp"
#include "orderflow/data_files.hpp"
#include "programs/installation.hpp"
#include "programs/queue_declaration.hpp"
#include "programs/settings.hpp"
#include "programs/status_server.hpp"

namespace orderflow {
namespace {

// Kept back from the drain time for the worker: it only has to give messages back, which a slow client must not
// prevent.
constexpr BootClock::duration worker_share = 5s;
constexpr BootClock::duration last_report = 1s;  // of the time after the drain
// For what clients of the queue endpoint have on its way; their long polls end at once.
constexpr BootClock::duration queue_clients_time = 2s;

// docs/adr/0012-api-loops.md. Beyond a few, each loop hands batches to the journal that are too small.
constexpr unsigned api_loops_max = 4;
unsigned api_loops() { return std::min(net::Runtime::machine_cores(), api_loops_max); }

}  // namespace

Application::Application(const Config& config)
    : config_(config),
      log_sink_(observe::make_stream_sink(observe::LogStream::standard_error)),
      log_(clock_, *log_sink_, config.log_level) {}

Result<std::unique_ptr<Application>> Application::start(const Config& config) {
    std::unique_ptr<Application> application(new Application(config));
    if (auto opened = application->open(); !opened) return fail(std::move(opened).error());
    return application;
}

Result<void> Application::open() {
    if (auto prepared = prepare_data_dir(); !prepared) return prepared;
    const auto files = data_files(config_);
    const auto secret_file = config_.data_dir / "secrets";
    if (auto whole = check_all_parts(config_.data_dir, worker_files(config_)); !whole) return whole;
    auto secrets = crypto::load_or_create_secrets(secret_file, entropy_);
    if (!secrets) return fail(std::move(secrets).error());
    if (auto same = api_installation(config_.data_dir).check_secrets(*secrets); !same) return same;

    auto telemetry = Telemetry::start({clock_, entropy_, log_, metrics_}, config_.telemetry);
    if (!telemetry) return fail(std::move(telemetry).error());
    telemetry_ = *std::move(telemetry);
    auto backend = Backend::start({clock_, entropy_, log_, metrics_, telemetry_->tracer()},
                                  {.journal = files.journal, .store = files.store, .payments = files.payments},
                                  {.payments = config_.payments,
                                   .hold_time_limit = config_.hold_time_limit,
                                   .retention = config_.retention,
                                   .webhook_rules = config_.api.webhook_rules,
                                   .topic = config_.topic},
                                  config_.sqs.cooldowns, config_.worker);
    if (!backend) return fail(std::move(backend).error());
    backend_ = *std::move(backend);
    if (auto declared = declare(); !declared) return declared;
    if (auto sealed = whole_installation(config_.data_dir, worker_files(config_)).seal(*secrets); !sealed)
        return sealed;
    return serve(*secrets);
}

Result<void> Application::prepare_data_dir() {
    if (auto made = make_data_dir(config_.data_dir); !made) return made;
    auto lock = sqlite::DataDirLock::acquire(data_files(config_).lock.string());
    if (!lock) return fail(std::move(lock).error());
    lock_ = std::make_unique<sqlite::DataDirLock>(*std::move(lock));
    return {};
}

Result<void> Application::declare() {
    const auto plan = plan_queues(backend_->journal(), config_.queues, config_.sqs.account);
    if (!plan) return fail(plan.error());
    if (auto declared = declare_queues(backend_->journal(), *plan); !declared) return declared;
    log_plan(log_, *plan);
    return {};
}

Result<void> Application::serve(const crypto::Secrets& secrets) {
    const auto address = net::ListenAddress::parse(config_.listen);
    if (!address) return fail(address.error());
    auto token = choose_operator_token(config_.api.admin_token, *address, config_.data_dir, entropy_);
    if (!token) return fail(std::move(token).error());
    if (token->is_new) new_admin_token_ = *token->text;
    config_.api.admin_token = std::move(token->text);

    auto tracking = ErrorTracking::start({clock_, entropy_, log_, metrics_}, config_.error_tracker);
    if (!tracking) return fail(std::move(tracking).error());
    error_tracking_ = *std::move(tracking);
    front_ = std::make_unique<ApiFront>(ApiFront::Parts{clock_, entropy_, log_, metrics_, telemetry_->tracer()},
                                        api_loops());
    auto started = front_->start({backend_->orders(), backend_->commands(), backend_->reader(), backend_->operators(),
                                  backend_->instances(), backend_->endpoints(), backend_->feed(),
                                  [this] { return live_apis_.count(); }, forward_to(error_tracking_.get())},
                                 secrets, config_.api_keys, config_.api, *address);
    if (!started) return started;
    if (auto opened = open_queue_endpoint(); !opened) return opened;
    auto watching = AlarmService::start({clock_, log_, metrics_}, "orderflow", config_.data_dir, config_.alarm_target);
    if (!watching) return fail(std::move(watching).error());
    alarms_ = *std::move(watching);
    if (auto reporting = begin_reports(); !reporting) return reporting;
    log_.info("orderflow.started", {{"listen", front_->bound().to_string()}});
    return {};
}

// Without a worker nobody writes the store.
Result<void> Application::begin_reports() {
    auto* worker = backend_->running_worker();
    if (worker == nullptr) return {};
    auto rules = InstanceReporter::rules_of(instances::Role::all);
    if (!rules) return fail(std::move(rules).error());
    reporter_ = std::make_unique<InstanceReporter>(InstanceReporter::Parts{clock_, entropy_, log_, metrics_},
                                                   instances::Role::all, *std::move(rules));
    reporter_->start(reports_of_worker(*worker, &backend_->instances(), &live_apis_, clock_));
    return {};
}

Result<void> Application::open_queue_endpoint() {
    auto endpoint =
        std::make_unique<QueueEndpoint>(QueueEndpoint::Parts{clock_, entropy_, backend_->journal(), log_, metrics_},
                                        config_.sqs, std::vector{metrics_route(metrics_)});
    if (auto started = endpoint->start(); !started) {
        if (config_.sqs_was_chosen) return started;
        log_.warn("sqs.not_opened", {{"listen", config_.sqs.listen}, {"why", started.error().detail()}});
        return {};
    }
    queue_endpoint_ = std::move(endpoint);
    if (config_.api.admin_token && !config_.sqs.credentials) {
        log_.warn("sqs.open_to_this_machine",
                  {{"listen", queue_endpoint_->bound().to_string()},
                   {"why",
                    "Programs of this machine can send there what operators send, without their token. Set "
                    "ORDERFLOW_SQS_ACCESS_KEY_ID and ORDERFLOW_SQS_SECRET_ACCESS_KEY where that matters."}});
    }
    return {};
}

std::string Application::ready_line() const {
    auto line = "orderflow is ready: http://" + front_->bound().to_string() + "/ (page and API), ";
    if (queue_endpoint_) line += "http://" + queue_endpoint_->bound().to_string() + "/ (Amazon SQS), ";
    line += "data in " + std::filesystem::absolute(config_.data_dir).string();
    return config_.store.is_postgres() ? line + ", orders in " + config_.store.description() : line;
}

Application::~Application() {
    config_.drain = {};
    stop();
}

void Application::stop() {
    if (std::exchange(stopped_, true)) return;
    const auto deadline = clock_.now() + config_.drain;
    if (front_ != nullptr) {
        front_->stop(std::max<BootClock::duration>(config_.drain - worker_share, BootClock::duration::zero()),
                     deadline);
    }
    if (queue_endpoint_ != nullptr) {
        queue_endpoint_->stop(std::min<BootClock::duration>(queue_clients_time, config_.drain));
    }
    if (backend_ != nullptr) backend_->drain(deadline);
    if (reporter_ != nullptr) reporter_->stop(clock_.now() + last_report);
    if (backend_ != nullptr) backend_->stop(deadline);
    if (telemetry_ != nullptr) telemetry_->stop(deadline);
    log_.info("orderflow.stopped");
}

}  // namespace orderflow
