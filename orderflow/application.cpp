#include "orderflow/application.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <system_error>
#include <utility>
#include <vector>

#include "libs/async/spawner.hpp"
#include "libs/crypto/digest.hpp"
#include "orderflow/data_files.hpp"
#include "orderflow/installation.hpp"

namespace orderflow {
namespace {

constexpr unsigned api_cores = 1;
// Kept back from the drain time for the worker: it only has to give messages back, which a slow client must not
// prevent.
constexpr BootClock::duration worker_share = 5s;

observe::LogLevel log_level(const std::string& text) {
    if (text == "debug") return observe::LogLevel::debug;
    if (text == "warning") return observe::LogLevel::warn;
    if (text == "error") return observe::LogLevel::error;
    return observe::LogLevel::info;
}

// As many connections as there are descriptors for, with some kept for files: above that the answer is 503, not
// silence.
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

// `api` and `done` outlive it: the caller waits.
task<void> drain_on_loop(api::ApiService& api, std::size_t loop, Instant until, std::promise<void>& done) {
    co_await api.drain_loop(loop, until);
    done.set_value();
}

}  // namespace

Application::Application(const Config& config)
    : config_(config),
      log_sink_(observe::make_stream_sink(observe::LogStream::standard_error)),
      log_(clock_, *log_sink_, log_level(config.log_level)) {}

Result<std::unique_ptr<Application>> Application::start(const Config& config) {
    std::unique_ptr<Application> application(new Application(config));
    if (auto opened = application->open(); !opened) return fail(std::move(opened).error());
    return application;
}

Result<void> Application::open() {
    if (auto prepared = prepare_data_dir(); !prepared) return prepared;
    const auto files = data_files(config_);
    const auto secret_file = config_.data_dir / "secrets";
    const Installation installation(config_.data_dir / "installation",
                                    {secret_file, files.journal, files.store, files.payments});
    if (auto whole = installation.check_parts(); !whole) return whole;
    auto secrets = crypto::load_or_create_secrets(secret_file, entropy_);
    if (!secrets) return fail(std::move(secrets).error());
    if (auto same = installation.check_secrets(*secrets); !same) return same;
    if (auto chosen = choose_admin_token(); !chosen) return chosen;

    auto backend =
        Backend::start({clock_, entropy_, log_, metrics_},
                       {.journal = files.journal, .store = files.store, .payments = files.payments}, config_.worker);
    if (!backend) return fail(std::move(backend).error());
    backend_ = *std::move(backend);
    if (auto sealed = installation.seal(*secrets); !sealed) return sealed;
    return serve(*secrets);
}

Result<void> Application::prepare_data_dir() {
    std::error_code failed;
    if (std::filesystem::create_directories(config_.data_dir, failed); failed) {
        return fail(ErrorKind::unavailable, "data_dir.inaccessible",
                    "Cannot make the data directory " + config_.data_dir.string() + ": " + failed.message() +
                        ". Choose another one with ORDERFLOW_DATA_DIR, or mend its owner and mode.");
    }
    auto lock = sqlite::DataDirLock::acquire(data_files(config_).lock.string());
    if (!lock) return fail(std::move(lock).error());
    lock_ = std::make_unique<sqlite::DataDirLock>(*std::move(lock));
    return {};
}

// On loopback the API takes the programs of this machine for the operator (see OperatorAccess): no token is needed.
Result<void> Application::choose_admin_token() {
    const auto address = net::ListenAddress::parse(config_.listen);
    if (config_.api.admin_token || (address && address->is_loopback())) return {};
    auto token = crypto::load_or_create_admin_token(config_.data_dir / "admin-token", entropy_);
    if (!token) return fail(std::move(token).error());
    if (token->created) new_admin_token_ = token->text;
    config_.api.admin_token = std::move(token->text);
    return {};
}

Result<void> Application::serve(const crypto::Secrets& secrets) {
    auto address = net::ListenAddress::parse(config_.listen);
    if (!address) return fail(std::move(address).error());
    ids_ = std::make_unique<crypto::HmacOrderIds>(secrets.id_secret, secrets.tag_keys, entropy_);

    api_loops_ = std::make_unique<net::Runtime>(clock_, api_cores, "api");
    std::vector<orders::LoopParts> loops;
    for (unsigned core = 0; core < api_cores; ++core) {
        loops.push_back({api_loops_->executor(core), Spawner(api_loops_->loop(core)), clock_});
    }
    api_ = std::make_unique<api::ApiService>(
        api::ApiParts{backend_->orders(), backend_->commands(), backend_->reader(), backend_->feed(), *ids_,
                      crypto::sha256, clock_, entropy_, metrics_, log_, std::move(loops)},
        config_.api);
    server_ = std::make_unique<net::HttpServer>(
        net::HttpServer::Parts{*api_loops_, clock_, entropy_, api_->router(), api_->observer()}, http_limits());
    if (auto listening = server_->listen(*address); !listening) return listening;
    api_loops_->start();
    server_->start();
    api_->start();
    serving_ = true;
    log_.info("orderflow.started", {{"listen", server_->bound().to_string()}});
    return {};
}

std::string Application::ready_line() const {
    return "orderflow is ready: http://" + server_->bound().to_string() + "/ (page and API), data in " +
           std::filesystem::absolute(config_.data_dir).string();
}

Application::~Application() {
    config_.drain = {};
    stop();
}

void Application::stop() {
    if (std::exchange(stopped_, true)) return;
    const auto deadline = clock_.now() + config_.drain;
    if (serving_) {
        api_->begin_drain();
        server_->stop(std::max<BootClock::duration>(config_.drain - worker_share, BootClock::duration::zero()));
        drain_api(deadline);
    }
    if (backend_ != nullptr) backend_->stop(deadline);
    if (api_loops_ != nullptr) api_loops_->stop();
    log_.info("orderflow.stopped");
}

void Application::drain_api(Instant until) {
    for (unsigned core = 0; core < api_cores; ++core) {
        std::promise<void> done;
        api_loops_->spawn(drain_on_loop(*api_, core, until, done), core);
        done.get_future().wait();
    }
}

}  // namespace orderflow
