// ErrorTracking: faults of pages to a tracker that speaks Sentry's protocol, on a thread of its own, so that no answer
// to a browser waits for it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/contract/client_error.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/runtime.hpp"
#include "programs/error_forwarder.hpp"
#include "programs/sentry_protocol.hpp"

namespace orderflow {

struct ErrorTracker {
    SentryTarget target;  // ORDERFLOW_SENTRY_DSN
    net::ProxySettings proxies;
    std::string environment;  // ORDERFLOW_PROFILE
};
// `settings` reads `environment`. Notes every error. None: nobody tracks them.
std::optional<ErrorTracker> read_error_tracker(SettingsReader& settings, const Environment& environment);
std::string error_tracker_help();

class ErrorTracking {
  public:
    // All outlive it.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    // Begins at once. Null without a tracker. Errors: HttpPool::create().
    static Result<std::unique_ptr<ErrorTracking>> start(Parts parts, const std::optional<ErrorTracker>& tracker);
    // What waits is dropped. Blocks for a moment.
    ~ErrorTracking();
    ErrorTracking(const ErrorTracking&) = delete;
    ErrorTracking& operator=(const ErrorTracking&) = delete;

    // Any thread; returns at once.
    void report(const contract::ClientError& error);

  private:
    ErrorTracking(Parts parts, const ErrorTracker& tracker);
    Result<void> open(const ErrorTracker& tracker);

    Parts parts_;
    std::string environment_;
    std::unique_ptr<net::HttpPool> pool_;
    std::unique_ptr<ErrorForwarder> forwarder_;
    net::Runtime loop_;  // last: its coroutines refer to everything above
};

// What the API is given: report(), or nothing. `tracking`, which may be null, outlives it.
std::function<void(const contract::ClientError&)> forward_to(ErrorTracking* tracking);

}  // namespace orderflow
