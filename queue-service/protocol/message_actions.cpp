#include <fmt/format.h>

#include "queue-service/protocol/actions.hpp"
#include "queue-service/protocol/batch_entries.hpp"
#include "queue-service/protocol/incoming_message.hpp"
#include "queue-service/protocol/outgoing_message.hpp"

namespace orderflow::sqs {

namespace {

constexpr std::string_view visibility_reason = "VisibilityTimeout must be an integer between 0 and 43200.";

// Names the limit of this queue, which only its record knows. `directory` outlives the task, as in all that follows.
task<SqsError> too_long(QueueDirectory& directory, queue::QueueNo queue) {
    const auto record = co_await directory.queues().record(queue);
    const auto most = record ? record->settings.maximum_message_size : queue::limits::message_bytes_max;
    co_return SqsError(
        Fault::invalid_parameter_value,
        fmt::format("One or more parameters are invalid. Reason: Message must be shorter than {} bytes.", most));
}

// `directory` outlives the task.
task<SqsError> refused_message(QueueDirectory& directory, queue::QueueNo queue, Error error) {
    if (error.code() == "queue.message_too_long") co_return co_await too_long(directory, queue);
    co_return directory.refused(queue, error);
}

Outcome<void> check_batch_size(const SendMessageBatch& request) {
    std::size_t bytes = 0;
    for (const auto& entry : request.entries) bytes += counted_bytes(entry.message);
    if (bytes <= queue::limits::batch_bytes_wire) return {};
    return refuse(Fault::batch_request_too_long,
                  fmt::format("Batch requests cannot be longer than {} bytes. You have sent {} bytes.",
                              queue::limits::batch_bytes_wire, bytes));
}

Outcome<queue::ReceiveOptions> receive_options(const ReceiveMessage& request) {
    const auto most = request.max_messages.value_or(1);
    if (most < 1 || most > queue::limits::receive_messages_wire) {
        return refuse(
            invalid_value(std::to_string(most), "MaxNumberOfMessages", "Must be between 1 and 10, if provided."));
    }
    auto visibility = seconds_within(request.visibility_timeout, queue::limits::visibility_timeout_max,
                                     "VisibilityTimeout", "Must be between 0 and 43200, if provided.");
    if (!visibility) return refuse(std::move(visibility).error());
    return queue::ReceiveOptions{.max_messages = static_cast<std::uint32_t>(most),
                                 .visibility_timeout = *visibility,
                                 .holder = queue::Holder::outside};
}

// The results of a batch, entry by entry: what the engine refused stands beside what was refused before it was asked.
template <class Done, class Entry>
BatchAnswer<Done> batch_answer(QueueDirectory& directory, queue::QueueNo queue, std::vector<Entry> entries,
                               const std::vector<Result<void>>& results) {
    BatchAnswer<Done> answer;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (results.at(i)) {
            answer.successful.push_back({.id = std::move(entries[i].id)});
        } else {
            answer.failed.push_back(
                failed_entry(std::move(entries[i].id), directory.refused(queue, results[i].error())));
        }
    }
    return answer;
}

}  // namespace

Performed<SendMessage> perform(QueueDirectory& directory, SqsCall call, SendMessage request) {
    auto outgoing = to_outgoing(std::move(request.message), call.trace_header);
    if (!outgoing) co_return refuse(std::move(outgoing).error());
    const auto queue = co_await directory.find(call, std::move(request.queue_url));
    if (!queue) co_return refuse(queue.error());
    std::vector<queue::NewMessage> messages;
    messages.push_back(std::move(outgoing->message));
    const auto sent = co_await directory.queues().send(*queue, std::move(messages));
    if (!sent) co_return refuse(directory.refused(*queue, sent.error()));
    const auto& id = sent->at(0);
    if (!id) co_return refuse(co_await refused_message(directory, *queue, id.error()));
    SendMessageAnswer answer{.sent = std::move(outgoing->sent)};
    answer.sent.message_id = id->text();
    co_return answer;
}

Performed<SendMessageBatch> perform(QueueDirectory& directory, SqsCall call, SendMessageBatch request) {
    if (auto valid = check_entries(request); !valid) co_return refuse(std::move(valid).error());
    if (auto valid = check_batch_size(request); !valid) co_return refuse(std::move(valid).error());
    const auto queue = co_await directory.find(call, std::move(request.queue_url));
    if (!queue) co_return refuse(queue.error());

    BatchAnswer<SentEntry> answer;
    std::vector<SentEntry> accepted;
    std::vector<queue::NewMessage> messages;
    for (auto& entry : request.entries) {
        auto outgoing = to_outgoing(std::move(entry.message), call.trace_header);
        if (!outgoing) {
            answer.failed.push_back(failed_entry(std::move(entry.id), std::move(outgoing).error()));
            continue;
        }
        accepted.push_back({.id = std::move(entry.id), .sent = std::move(outgoing->sent)});
        messages.push_back(std::move(outgoing->message));
    }
    if (messages.empty()) co_return answer;

    const auto sent = co_await directory.queues().send(*queue, std::move(messages));
    if (!sent) co_return refuse(directory.refused(*queue, sent.error()));
    for (std::size_t i = 0; i < accepted.size(); ++i) {
        const auto& id = sent->at(i);
        if (id) {
            accepted[i].sent.message_id = id->text();
            answer.successful.push_back(std::move(accepted[i]));
        } else {
            auto error = co_await refused_message(directory, *queue, id.error());
            answer.failed.push_back(failed_entry(std::move(accepted[i].id), std::move(error)));
        }
    }
    co_return answer;
}

Performed<ReceiveMessage> perform(QueueDirectory& directory, SqsCall call, ReceiveMessage request) {
    auto options = receive_options(request);
    if (!options) co_return refuse(std::move(options).error());
    auto wait = seconds_within(request.wait_time, queue::limits::receive_wait_max, "WaitTimeSeconds",
                               "Must be >= 0 and <= 20, if provided.");
    if (!wait) co_return refuse(std::move(wait).error());
    const auto wanted = wanted_system_attributes(request);
    if (!wanted) co_return refuse(wanted.error());
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    if (!*wait) {
        const auto record = co_await directory.queues().record(*queue);
        if (!record) co_return refuse(directory.refused(*queue, record.error()));
        *wait = record->settings.receive_wait;
    }

    queue::ReceiveCall receive{.options = *options, .wait = **wait, .stop = call.stop};
    auto received = co_await directory.queues().receive(*queue, std::move(receive));
    if (!received) co_return refuse(directory.refused(*queue, received.error()));
    ReceiveMessageAnswer answer;
    for (auto& message : *received) {
        auto incoming = to_incoming(std::move(message), call.scope, *wanted, request.message_attribute_names);
        if (!incoming) co_return refuse(to_sqs_error(incoming.error()));
        answer.messages.push_back(*std::move(incoming));
    }
    co_return answer;
}

Performed<DeleteMessage> perform(QueueDirectory& directory, SqsCall call, DeleteMessage request) {
    const auto queue = co_await directory.find(call, std::move(request.queue_url));
    if (!queue) co_return refuse(queue.error());
    std::vector<std::string> receipts;
    receipts.push_back(std::move(request.receipt_handle));
    const auto removed = co_await directory.queues().remove(*queue, std::move(receipts));
    if (!removed) co_return refuse(directory.refused(*queue, removed.error()));
    if (!removed->at(0)) co_return refuse(directory.refused(*queue, removed->at(0).error()));
    co_return NoAnswer();
}

Performed<DeleteMessageBatch> perform(QueueDirectory& directory, SqsCall call, DeleteMessageBatch request) {
    if (auto valid = check_entries(request); !valid) co_return refuse(std::move(valid).error());
    const auto queue = co_await directory.find(call, std::move(request.queue_url));
    if (!queue) co_return refuse(queue.error());
    std::vector<std::string> receipts;
    for (auto& entry : request.entries) receipts.push_back(std::move(entry.receipt_handle));
    const auto removed = co_await directory.queues().remove(*queue, std::move(receipts));
    if (!removed) co_return refuse(directory.refused(*queue, removed.error()));
    co_return batch_answer<DeletedEntry>(directory, *queue, std::move(request.entries), *removed);
}

Performed<ChangeMessageVisibility> perform(QueueDirectory& directory, SqsCall call, ChangeMessageVisibility request) {
    const auto timeout = seconds_within(request.visibility_timeout, queue::limits::visibility_timeout_max,
                                        "VisibilityTimeout", visibility_reason);
    if (!timeout) co_return refuse(timeout.error());
    const auto queue = co_await directory.find(call, std::move(request.queue_url));
    if (!queue) co_return refuse(queue.error());
    std::vector<queue::VisibilityCall> changes;
    changes.push_back({.receipt = std::move(request.receipt_handle), .timeout = **timeout});
    const auto changed = co_await directory.queues().change_visibility(*queue, std::move(changes));
    if (!changed) co_return refuse(directory.refused(*queue, changed.error()));
    if (!changed->at(0)) co_return refuse(directory.refused(*queue, changed->at(0).error()));
    co_return NoAnswer();
}

Performed<ChangeMessageVisibilityBatch> perform(QueueDirectory& directory, SqsCall call,
                                                ChangeMessageVisibilityBatch request) {
    if (auto valid = check_entries(request); !valid) co_return refuse(std::move(valid).error());
    const auto queue = co_await directory.find(call, std::move(request.queue_url));
    if (!queue) co_return refuse(queue.error());
    BatchAnswer<ChangedEntry> refused;
    std::vector<EntryToChange> accepted;
    std::vector<queue::VisibilityCall> changes;
    for (auto& entry : request.entries) {
        const auto timeout = seconds_within(entry.visibility_timeout, queue::limits::visibility_timeout_max,
                                            "VisibilityTimeout", visibility_reason);
        if (!timeout) {
            refused.failed.push_back(failed_entry(std::move(entry.id), timeout.error()));
            continue;
        }
        changes.push_back({.receipt = std::move(entry.receipt_handle), .timeout = **timeout});
        accepted.push_back(std::move(entry));
    }
    if (accepted.empty()) co_return refused;
    const auto changed = co_await directory.queues().change_visibility(*queue, std::move(changes));
    if (!changed) co_return refuse(directory.refused(*queue, changed.error()));
    auto answer = batch_answer<ChangedEntry>(directory, *queue, std::move(accepted), *changed);
    std::ranges::move(refused.failed, std::back_inserter(answer.failed));
    co_return answer;
}

}  // namespace orderflow::sqs
