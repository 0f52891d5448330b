// The worker as a function on AWS Lambda: order store, payment provider and worker as everywhere, with the records of
// invocations for queues.
#pragma once

#include "libs/base/entropy.hpp"
#include "programs/lambda_host.hpp"
#include "programs/lambda_round.hpp"
#include "programs/order_worker.hpp"
#include "programs/process.hpp"
#include "programs/settings.hpp"
#include "programs/telemetry.hpp"

namespace orderflow {

struct LambdaServiceConfig {
    OrderWorker::Files files;
    OrderWorker::Settings worker;  // with lambda_worker_config(), of lambda_round.hpp
    QueueUrls queues;
    TelemetrySettings telemetry;
};

// All outlive the call.
struct LambdaServiceParts {
    const Clock& clock;
    Entropy& entropy;
    const observe::Logger& log;
    const Environment& environment;
};

// Starts, tells Lambda when that fails, else serves until SIGTERM. Errors, after which the process ends: those of the
// start, the store's when it does not answer within four seconds ("lambda.store_silent" without any answer), and those
// of LambdaRuntime.
Result<void> serve_lambda(LambdaServiceParts parts, LambdaHost& host, const LambdaServiceConfig& config,
                          const StopSignals& stopping);

}  // namespace orderflow
