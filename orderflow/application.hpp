// Application: the whole system in one process, from configuration to a listening port and back to a clean end.
#pragma once

#include <memory>
#include <string>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/secret_file.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/sqlite/data_dir_lock.hpp"
#include "orderflow/backend.hpp"
#include "orderflow/config.hpp"
#include "programs/alarm_service.hpp"
#include "programs/api_front.hpp"
#include "programs/error_tracking.hpp"
#include "programs/instance_reports.hpp"
#include "programs/queue_endpoint.hpp"
#include "programs/telemetry.hpp"

namespace orderflow {

class Application {
  public:
    // Makes the data directory when it is not there, opens everything, listens. Blocks. The error's detail is for a
    // person: what happened, why, what to do.
    static Result<std::unique_ptr<Application>> start(const Config& config);
    // stop() without time.
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    // Where the page and the API listen.
    net::ListenAddress address() const { return front_->bound(); }
    // One line with the addresses, for stdout.
    std::string ready_line() const;
    // The operator's token when it was made just now and nobody knows it yet; to be printed once.
    const std::string& new_admin_token() const { return new_admin_token_; }

    // Stops accepting, answers what is inside, lets the worker finish, gives the rest back to the queue, closes; within
    // Config::drain. Idempotent. Blocks.
    void stop();

  private:
    explicit Application(const Config& config);
    Result<void> open();
    Result<void> prepare_data_dir();
    Result<void> declare();
    Result<void> serve(const crypto::Secrets& secrets);
    Result<void> open_queue_endpoint();
    Result<void> begin_reports();

    Config config_;
    SystemClock clock_;
    crypto::SystemEntropy entropy_;
    std::unique_ptr<observe::LogSink> log_sink_;
    observe::Logger log_;
    observe::Metrics metrics_;
    std::unique_ptr<sqlite::DataDirLock> lock_;
    std::unique_ptr<Telemetry> telemetry_;  // before what makes spans
    std::string new_admin_token_;

    // In the order of what refers to what: the last is destroyed first.
    LiveApis live_apis_;
    std::unique_ptr<InstanceReporter> reporter_;  // first: what it waits for may answer late
    std::unique_ptr<Backend> backend_;
    std::unique_ptr<ErrorTracking> error_tracking_;  // none without a tracker
    std::unique_ptr<ApiFront> front_;
    std::unique_ptr<QueueEndpoint> queue_endpoint_;  // none when its usual port is taken
    std::unique_ptr<AlarmService> alarms_;
    bool stopped_ = false;
};

}  // namespace orderflow
