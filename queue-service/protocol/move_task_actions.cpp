#include <fmt/format.h>

#include "queue-service/protocol/actions.hpp"

namespace orderflow::sqs {

namespace {

SqsError no_such_resource(std::string_view parameter) {
    return {Fault::resource_not_found,
            fmt::format("The resource that you specified for the {} parameter doesn't exist.", parameter)};
}

// The queue of an ARN: InvalidParameterValue when it is none, ResourceNotFoundException when there is no such queue in
// the scope of the caller. `directory` outlives the task.
task<Outcome<queue::QueueNo>> find_by_arn(QueueDirectory& directory, queue::QueueScope scope, std::string arn,
                                          std::string parameter) {
    auto name = queue::parse_arn(arn);
    if (!name) {
        co_return refuse(Fault::invalid_parameter_value,
                         fmt::format("You must use this format to specify the {}: "
                                     "arn:<partition>:<service>:<region>:<account-id>:<resource-id>",
                                     parameter));
    }
    if (name->scope != scope) co_return refuse(no_such_resource(parameter));
    const auto found = co_await directory.find(*std::move(name));
    if (!found && found.error().fault == Fault::queue_does_not_exist) co_return refuse(no_such_resource(parameter));
    co_return found;
}

SqsError refused_source(QueueDirectory& directory, queue::QueueNo source, const Error& error) {
    if (error.code() == "queue.unknown") {
        directory.forget(source);
        return no_such_resource("SourceArn");
    }
    return to_sqs_error(error);
}

MoveTaskEntry to_entry(const queue::MoveTaskReport& report) {
    MoveTaskEntry entry;
    const auto& task = report.task;
    if (task.status == queue::MoveStatus::running) entry.task_handle = report.handle;
    entry.status = queue::to_string(task.status);
    entry.source_arn = queue::to_arn(report.source);
    if (report.destination) entry.destination_arn = queue::to_arn(*report.destination);
    if (task.order.rate) entry.rate = *task.order.rate;
    entry.moved = static_cast<std::int64_t>(task.moved);
    entry.to_move = static_cast<std::int64_t>(task.to_move);
    if (!task.failure_reason.empty()) entry.failure_reason = task.failure_reason;
    entry.started_ms = to_unix_ms(task.started_at);
    return entry;
}

}  // namespace

Performed<StartMessageMoveTask> perform(QueueDirectory& directory, SqsCall call, StartMessageMoveTask request) {
    queue::MoveOrder order;
    if (request.rate) {
        if (*request.rate < 1 || *request.rate > queue::limits::move_rate_max) {
            co_return refuse(invalid_value(std::to_string(*request.rate), "MaxNumberOfMessagesPerSecond",
                                           "Must be between 1 and 500, if provided."));
        }
        order.rate = static_cast<std::uint32_t>(*request.rate);
    }
    const auto source = co_await find_by_arn(directory, call.scope, request.source_arn, "SourceArn");
    if (!source) co_return refuse(source.error());
    if (!request.destination_arn.empty()) {
        const auto destination = co_await find_by_arn(directory, call.scope, request.destination_arn, "DestinationArn");
        if (!destination) co_return refuse(destination.error());
        order.destination = *destination;
    }
    auto handle = co_await directory.queues().start_move_task(*source, order);
    if (!handle) co_return refuse(refused_source(directory, *source, handle.error()));
    co_return StartMessageMoveTaskAnswer{.task_handle = *std::move(handle)};
}

Performed<CancelMessageMoveTask> perform(QueueDirectory& directory, SqsCall call, CancelMessageMoveTask request) {
    const auto moved = co_await directory.queues().cancel_move_task(call.scope, request.task_handle);
    if (!moved) co_return refuse(to_sqs_error(moved.error()));
    co_return CancelMessageMoveTaskAnswer{.moved = static_cast<std::int64_t>(*moved)};
}

Performed<ListMessageMoveTasks> perform(QueueDirectory& directory, SqsCall call, ListMessageMoveTasks request) {
    const auto most = request.max_results.value_or(1);
    if (most < 1 || most > static_cast<std::int64_t>(queue::limits::move_tasks_kept)) {
        co_return refuse(invalid_value(std::to_string(most), "MaxResults",
                                       "Value must be greater than or equal to 1 and at most 10."));
    }
    const auto source = co_await find_by_arn(directory, call.scope, request.source_arn, "SourceArn");
    if (!source) co_return refuse(source.error());
    const auto reports = co_await directory.queues().move_tasks(*source, static_cast<std::size_t>(most));
    if (!reports) co_return refuse(refused_source(directory, *source, reports.error()));
    ListMessageMoveTasksAnswer answer;
    for (const auto& report : *reports) answer.results.push_back(to_entry(report));
    co_return answer;
}

}  // namespace orderflow::sqs
