// LambdaRound: the work on one invocation of the worker as a function on AWS Lambda: the records of its event go
// through the worker as messages of its queues do, and what is not settled in time is reported as failed.
//
//   begins           give_back_at              answer_at   deadline
//   |--- the worker works ---|-- gives back what it has --|-- answer --|
#pragma once

#include <string>
#include <string_view>

#include "libs/aws/lambda_batch.hpp"
#include "libs/aws/lambda_runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/tracer.hpp"
#include "worker-service/settings_watch.hpp"
#include "worker-service/worker_service.hpp"

namespace orderflow {

// When the worker has to let go, and when the answer has to be on its way, whatever is still under way. Pure.
struct LambdaTimes {
    Instant give_back_at;
    Instant answer_at;
    friend bool operator==(const LambdaTimes&, const LambdaTimes&) = default;
};
LambdaTimes lambda_times(Instant begins, Instant deadline);

// Of the worker: orders and commands, which Lambda leases for longer than any invocation lasts.
worker::WorkerConfig lambda_worker_config();

class LambdaRound {
  public:
    // All outlive it.
    struct Parts {
        aws::LambdaBatch& batch;
        const aws::LambdaBatchQueue& orders;
        const aws::LambdaBatchQueue& commands;
        worker::WorkerService& worker;
        worker::SettingsWatch& settings;
        const Clock& clock;
        const observe::Logger& log;
        observe::Tracer* tracer = nullptr;  // none: no traces
    };
    explicit LambdaRound(Parts parts) : parts_(parts) {}

    // The answer for Lambda. One at a time, on the worker's loop. Errors, all of the event as a whole, which comes
    // again:
    //   invalid_input "lambda.event_malformed"  read_lambda_event()
    //   not_found     "lambda.queue_unknown"    a record is of neither queue: the source is not one of this worker's
    task<Result<std::string>> work_on(aws::LambdaInvocation invocation);

  private:
    Result<std::vector<aws::LambdaRecord>> read(std::string_view event) const;
    bool rests(const std::vector<aws::LambdaRecord>& records) const;
    task<std::vector<orders::MessageId>> settle(std::vector<aws::LambdaRecord> records, Instant deadline);

    Parts parts_;
};

}  // namespace orderflow
