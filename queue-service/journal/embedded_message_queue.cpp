#include "queue-service/journal/embedded_message_queue.hpp"

#include <utility>

namespace orderflow::queue {

namespace {

orders::ReceivedMessage to_port(Received&& received) {
    const auto& message = *received.message;
    orders::ReceivedMessage out;
    out.id = {message.id.text()};
    out.receipt = {std::move(received.receipt)};
    out.body = message.body;
    out.receive_count = received.receive_count;
    out.sent_at = message.sent_at;
    out.first_received_at = received.first_received_at;
    if (!message.dead_letter_source.empty()) out.dead_letter_source = message.dead_letter_source;
    return out;
}

}  // namespace

orders::BatchLimits EmbeddedMessageQueue::limits() const {
    return {.entries = limits::batch_entries_max, .bytes = limits::batch_bytes_max};
}

task<Result<std::vector<Result<orders::MessageId>>>> EmbeddedMessageQueue::send(
    std::vector<orders::OutgoingMessage> messages) {
    std::vector<NewMessage> outgoing;
    outgoing.reserve(messages.size());
    for (auto& message : messages) outgoing.push_back({.body = std::move(message.body), .delay = message.delay});
    auto sent = co_await queues_.send(queue_, std::move(outgoing));
    if (!sent) co_return fail(std::move(sent).error());
    std::vector<Result<orders::MessageId>> ids;
    ids.reserve(sent->size());
    for (auto& id : *sent) {
        if (id) {
            ids.emplace_back(orders::MessageId{id->text()});
        } else {
            ids.emplace_back(std::unexpected(std::move(id).error()));
        }
    }
    co_return ids;
}

task<Result<std::vector<orders::ReceivedMessage>>> EmbeddedMessageQueue::receive(orders::ReceiveRequest request) {
    ReceiveCall call{.options = {.max_messages = request.max_messages,
                                 .visibility_timeout = request.visibility_timeout,
                                 .holder = Holder::embedded},
                     .wait = request.wait,
                     .stop = std::move(request.stop)};
    auto received = co_await queues_.receive(queue_, std::move(call));
    if (!received) co_return fail(std::move(received).error());
    std::vector<orders::ReceivedMessage> messages;
    messages.reserve(received->size());
    for (auto& message : *received) messages.push_back(to_port(std::move(message)));
    co_return messages;
}

task<Result<std::vector<Result<void>>>> EmbeddedMessageQueue::remove(std::vector<orders::ReceiptHandle> receipts) {
    std::vector<std::string> names;
    names.reserve(receipts.size());
    for (auto& receipt : receipts) names.push_back(std::move(receipt.value));
    co_return co_await queues_.remove(queue_, std::move(names));
}

task<Result<std::vector<Result<void>>>> EmbeddedMessageQueue::change_visibility(
    std::vector<orders::VisibilityChange> changes) {
    std::vector<VisibilityCall> calls;
    calls.reserve(changes.size());
    for (auto& change : changes) calls.push_back({std::move(change.receipt.value), change.timeout});
    co_return co_await queues_.change_visibility(queue_, std::move(calls));
}

task<Result<orders::QueueCounts>> EmbeddedMessageQueue::counts() {
    const auto counts = co_await queues_.counts(queue_);
    if (!counts) co_return fail(counts.error());
    co_return orders::QueueCounts{.visible = counts->visible,
                                  .in_flight = counts->in_flight,
                                  .delayed = counts->delayed,
                                  .oldest_age = counts->oldest_age,
                                  .full = queues_.full()};
}

}  // namespace orderflow::queue
