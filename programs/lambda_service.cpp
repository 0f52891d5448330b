#include "programs/lambda_service.hpp"

#include <signal.h>
#include <unistd.h>

#include <future>
#include <optional>
#include <utility>

#include "libs/async/answer_within.hpp"
#include "libs/async/completion.hpp"
#include "libs/async/spawner.hpp"
#include "libs/aws/lambda_batch.hpp"
#include "libs/aws/sqs_endpoint.hpp"
#include "libs/observe/metrics.hpp"
#include "programs/sqs_queues.hpp"

namespace orderflow {
namespace {

// Of the ten seconds that Lambda gives to a start.
constexpr BootClock::duration store_patience = 4s;
// Lambda kills two seconds after SIGTERM; nothing is under way between two invocations.
constexpr BootClock::duration stop_time = 1s;

using Applied = Result<std::vector<Result<orders::Step>>>;

// `out` and the store outlive it: the caller waits.
task<void> ask_store(orders::OrderStore& store, Spawner spawn, Executor& timers, Instant until,
                     std::promise<Result<void>>& out) {
    auto answer = co_await answer_within<Applied>(std::move(spawn), timers, store.apply({}), until);
    if (!answer) {
        out.set_value(fail(ErrorKind::unavailable, "lambda.store_silent", "the order store does not answer"));
    } else if (!*answer) {
        out.set_value(fail(std::move(*answer).error()));
    } else {
        out.set_value(Result<void>());
    }
}

// Blocks; the worker's loop runs.
Result<void> ask_store(OrderWorker& worker, const Clock& clock) {
    std::promise<Result<void>> answered;
    auto& loop = worker.loop();
    loop.spawn(
        ask_store(worker.store(), Spawner(loop.loop()), loop.executor(), clock.now() + store_patience, answered));
    return answered.get_future().get();
}

// What stands between Lambda and the worker; it outlives the worker's loop.
struct Batches {
    Batches(Executor& timers, const Clock& clock, SqsQueues& queues, std::string orders_name, std::string commands_name)
        : batch(timers),
          orders(batch, std::move(orders_name), queues.orders(), clock),
          commands(batch, std::move(commands_name), queues.commands(), clock) {}
    aws::LambdaBatch batch;
    aws::LambdaBatchQueue orders;
    aws::LambdaBatchQueue commands;
};

// The round outlives it.
task<void> work_on_loop(LambdaRound& round, aws::LambdaInvocation invocation, Completion<Result<std::string>> done) {
    std::string what;
    try {
        done.complete(co_await round.work_on(std::move(invocation)));
        co_return;
    } catch (const std::exception& thrown) {  // a bug, or lack of memory, ends this invocation alone
        what = thrown.what();
    }
    done.complete(fail(ErrorKind::internal, "lambda.exception", what));
}

// Both outlive it.
task<Result<std::string>> work_elsewhere(LambdaRound& round, net::Runtime& loop, aws::LambdaInvocation invocation) {
    co_return co_await await_completion<Result<std::string>>([&](Completion<Result<std::string>> done) {
        loop.spawn(work_on_loop(round, std::move(invocation), std::move(done)));
    });
}

Result<std::string> name_in(const std::string& url, const Environment& environment) {
    auto known = environment;
    known.emplace("AWS_REGION", "us-east-1");  // the name does not depend on it
    auto endpoint = aws::SqsEndpoint::resolve(url, known);
    if (!endpoint) return fail(std::move(endpoint).error());
    return std::move(endpoint)->queue_name;
}

// One life of the function, from its start to its end.
class LambdaLife {
  public:
    LambdaLife(LambdaServiceParts parts, const LambdaServiceConfig& config) : parts_(parts), config_(config) {}
    LambdaLife(const LambdaLife&) = delete;
    LambdaLife& operator=(const LambdaLife&) = delete;
    ~LambdaLife() {
        if (worker_) worker_->stop(parts_.clock.now());
        if (queues_) queues_->close();
    }

    Result<void> start() {
        auto telemetry = Telemetry::start({parts_.clock, parts_.entropy, parts_.log, metrics_}, config_.telemetry);
        if (!telemetry) return fail(std::move(telemetry).error());
        telemetry_ = *std::move(telemetry);
        auto worker = OrderWorker::open({parts_.clock, parts_.entropy, parts_.log, metrics_, telemetry_->tracer()},
                                        config_.files, config_.worker);
        if (!worker) return fail(std::move(worker).error());
        worker_ = *std::move(worker);
        auto queues = SqsQueues::open({worker_->loop(), parts_.clock, parts_.entropy, parts_.log, parts_.environment},
                                      config_.queues);
        if (!queues) return fail(std::move(queues).error());
        queues_ = *std::move(queues);
        auto orders_name = name_in(config_.queues.orders, parts_.environment);
        auto commands_name = name_in(config_.queues.commands, parts_.environment);
        if (!orders_name) return fail(std::move(orders_name).error());
        if (!commands_name) return fail(std::move(commands_name).error());
        batches_.emplace(worker_->loop().executor(), parts_.clock, *queues_, *std::move(orders_name),
                         *std::move(commands_name));
        worker_->loop().start();
        if (auto answered = ask_store(*worker_, parts_.clock); !answered) return answered;
        worker_->start({batches_->orders, batches_->commands, queues_->dead_letters()});
        round_.emplace(LambdaRound::Parts{batches_->batch, batches_->orders, batches_->commands, worker_->service(),
                                          worker_->settings(), parts_.clock, parts_.log, telemetry_->tracer()});
        return {};
    }

    LambdaHost::Work work() {
        return [this](aws::LambdaInvocation invocation) {
            return work_elsewhere(*round_, worker_->loop(), std::move(invocation));
        };
    }

    // After the host's stop.
    void stop() {
        const auto deadline = parts_.clock.now() + stop_time;
        worker_->stop(deadline);
        queues_->close();
        telemetry_->stop(deadline);
    }

  private:
    LambdaServiceParts parts_;
    const LambdaServiceConfig& config_;
    observe::Metrics metrics_;
    std::unique_ptr<Telemetry> telemetry_;
    std::unique_ptr<SqsQueues> queues_;
    std::optional<Batches> batches_;
    std::optional<LambdaRound> round_;
    std::unique_ptr<OrderWorker> worker_;  // last: its loop's coroutines refer to everything above
};

}  // namespace

Result<void> serve_lambda(LambdaServiceParts parts, LambdaHost& host, const LambdaServiceConfig& config,
                          const StopSignals& stopping) {
    LambdaLife life(parts, config);
    if (auto started = life.start(); !started) {
        host.fail_init(started.error());
        return started;
    }
    parts.log.info("lambda.ready", {{"store", config.files.store.description()}});
    std::promise<Error> ended;
    auto why = ended.get_future();
    host.serve(life.work(), [&ended](Error error) {
        ended.set_value(std::move(error));
        ::kill(::getpid(), SIGTERM);  // wakes who waits below
    });
    stopping.wait();
    host.stop();
    life.stop();
    if (why.wait_for(0s) != std::future_status::ready) return {};
    return fail(why.get());
}

}  // namespace orderflow
