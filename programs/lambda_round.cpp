#include "programs/lambda_round.hpp"

#include <algorithm>
#include <utility>

#include "libs/observe/xray_header.hpp"
#include "libs/orders/ports/queue_names.hpp"

namespace orderflow {
namespace {

// A call into the store or to the provider that is under way when the worker lets go has this long to come back; and
// the answer has the rest to reach Lambda.
constexpr BootClock::duration letting_go = 2s;
constexpr BootClock::duration answering = 1s;

}  // namespace

LambdaTimes lambda_times(Instant begins, Instant deadline) {
    // Short time-outs keep half for the work.
    const auto left = std::max(deadline - begins, BootClock::duration::zero());
    const auto answer_at = deadline - std::min(answering, left / 4);
    return {.give_back_at = answer_at - std::min(letting_go, left / 4), .answer_at = answer_at};
}

worker::WorkerConfig lambda_worker_config() {
    worker::WorkerConfig config;
    config.duties = worker::duties_of(worker::WorkerRole::orders);
    for (auto* const queue : {&config.orders, &config.commands}) {
        // Nothing is extended: what would be, at the end of its lease, has been given up for long.
        queue->lease = {.timeout = 1h, .extend_at = 0s};
        // A receive waits for the next invocation, which may come in hours.
        queue->receive_limit = std::chrono::hours(24);
    }
    return config;
}

task<Result<std::string>> LambdaRound::work_on(aws::LambdaInvocation invocation) {
    const auto caller = observe::read_xray_header(invocation.trace);
    observe::Span span;
    if (parts_.tracer != nullptr) {
        span = parts_.tracer->start(observe::SpanKind::consumer, "invoke", caller ? &*caller : nullptr);
        span.set("faas.trigger", "pubsub");
        span.set("faas.invocation_id", invocation.request_id);
    }
    auto records = read(invocation.event);
    if (!records) {
        span.fail(records.error().code());
        parts_.log.error(
            "lambda.event_refused",
            {{"request", invocation.request_id}, {"code", records.error().code()}, {"why", records.error().detail()}});
        co_return fail(std::move(records).error());
    }
    const auto count = records->size();
    span.set("messaging.batch.message_count", count);
    bool resting = rests(*records);
    if (resting) {
        // That was known before the function froze, perhaps long ago.
        co_await parts_.settings.refresh();
        resting = rests(*records);
    }
    std::vector<orders::MessageId> failed;
    if (resting) {
        for (const auto& record : *records) failed.push_back(record.message.id);
    } else {
        failed = co_await settle(*std::move(records), invocation.deadline);
    }
    span.set("orderflow.batch.failed", failed.size());
    const auto* const trace = span.context();
    if (failed.empty()) {
        parts_.log.debug("lambda.batch", {{"request", invocation.request_id}, {"records", count}}, trace);
    } else {
        parts_.log.warn(
            "lambda.batch",
            {{"request", invocation.request_id}, {"records", count}, {"failed", failed.size()}, {"paused", resting}},
            trace);
    }
    co_return aws::write_batch_failures(failed);
}

// Named as the worker names its queues.
Result<std::vector<aws::LambdaRecord>> LambdaRound::read(std::string_view event) const {
    auto records = aws::read_lambda_event(event);
    if (!records) return records;
    const auto is_strange = [this](const aws::LambdaRecord& record) {
        return record.queue != parts_.orders.name() && record.queue != parts_.commands.name();
    };
    if (const auto found = std::ranges::find_if(*records, is_strange); found != records->end()) {
        return fail(ErrorKind::not_found, "lambda.queue_unknown",
                    "a record is of the queue " + found->queue + "; this worker's are " + parts_.orders.name() +
                        " and " + parts_.commands.name() +
                        ": mend ORDERFLOW_QUEUE_URL or the event source of the function");
    }
    return records;
}

// Operators told all workers to rest: records of orders would wait for the deadline and fail all the same.
bool LambdaRound::rests(const std::vector<aws::LambdaRecord>& records) const {
    const auto paused = parts_.worker.state().paused;
    if (std::ranges::find(paused, orders::orders_queue) == paused.end()) return false;
    return std::ranges::all_of(records, [this](const auto& record) { return record.queue == parts_.orders.name(); });
}

task<std::vector<orders::MessageId>> LambdaRound::settle(std::vector<aws::LambdaRecord> records, Instant deadline) {
    const auto times = lambda_times(parts_.clock.now(), deadline);
    parts_.batch.open(std::move(records));
    parts_.worker.look_again();
    if (!co_await parts_.batch.settled_by(times.give_back_at)) {
        parts_.batch.withhold();
        parts_.worker.give_back();
        co_await parts_.batch.settled_by(times.answer_at);
    }
    co_return parts_.batch.close();
}

}  // namespace orderflow
