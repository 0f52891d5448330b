// QueueEndpoint: the Amazon SQS endpoint of a program that has the durable queues in it, on a thread of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/aws/credentials.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "queue-service/endpoint_metrics.hpp"
#include "queue-service/protocol/sqs_endpoint.hpp"

namespace orderflow {

inline constexpr std::string_view queue_listen_setting = "ORDERFLOW_SQS_LISTEN";
inline constexpr std::string_view queue_listen_default = "127.0.0.1:9324";

struct QueueEndpointConfig {
    std::string listen;  // ORDERFLOW_SQS_LISTEN
    // ORDERFLOW_SQS_ACCOUNT_ID: of the queues that requests name.
    std::string account;
    // ORDERFLOW_SQS_ACCESS_KEY_ID and ORDERFLOW_SQS_SECRET_ACCESS_KEY: who may use the queues. Without, everybody on
    // this machine, and the endpoint listens on loopback alone.
    std::optional<aws::Credentials> credentials;
    bool cooldowns = true;  // ORDERFLOW_SQS_COOLDOWNS: the 60 s rules of purging and creating again
};

// Notes every error in `settings`.
QueueEndpointConfig read_queue_endpoint_config(SettingsReader& settings);
std::string queue_endpoint_help();

class QueueEndpoint {
  public:
    // All outlive it.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        queue::DurableQueues& queues;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    QueueEndpoint(Parts parts, const QueueEndpointConfig& config, std::vector<net::Route> more_routes = {});
    // stop() without time.
    ~QueueEndpoint();
    QueueEndpoint(const QueueEndpoint&) = delete;
    QueueEndpoint& operator=(const QueueEndpoint&) = delete;

    // Once. Errors: HttpServer::listen().
    Result<void> start();
    net::ListenAddress bound() const { return endpoint_->bound(); }

    // Long polls end, what is inside is answered within `drain`. Idempotent. Blocks.
    void stop(BootClock::duration drain);

  private:
    sqs::EndpointMetrics observer_;
    std::unique_ptr<sqs::RequestAuthenticator> authenticator_;
    net::Runtime loop_;
    std::unique_ptr<sqs::SqsEndpoint> endpoint_;
    bool stopped_ = false;
};

}  // namespace orderflow
