// MessageQueue: one durable queue with Amazon SQS's standard-queue semantics (at least once, best-effort order,
// visibility timeout, receipt handles, dead-letter queue).
// Source: Amazon SQS Developer Guide, "Standard queues", "Visibility timeout", "Dead-letter queues".
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"

namespace orderflow::orders {

struct OutgoingMessage {
    explicit OutgoingMessage(std::string b, std::chrono::seconds d = {}) : body(std::move(b)), delay(d) {}
    std::string body;            // UTF-8
    std::chrono::seconds delay;  // 0 to 15 minutes before it can first be received
};

struct MessageId {
    std::string value;
    friend bool operator==(const MessageId&, const MessageId&) = default;
};

// Names one delivery of one message. It is dead as soon as the message is delivered again.
struct ReceiptHandle {
    std::string value;
    friend bool operator==(const ReceiptHandle&, const ReceiptHandle&) = default;
};

struct ReceivedMessage {
    MessageId id;
    ReceiptHandle receipt;
    std::string body;
    std::uint32_t receive_count = 0;  // this delivery included
    WallTime sent_at{};
    WallTime first_received_at{};
    std::optional<std::string>
        dead_letter_source;  // name of the queue it failed in, for messages of a dead-letter queue
};

struct ReceiveRequest {
    std::uint32_t max_messages = 10;
    std::chrono::milliseconds wait{0};                       // long poll, at most 20 s
    std::optional<std::chrono::seconds> visibility_timeout;  // the queue's own when absent
    std::stop_token stop;  // ends the long poll early with what is there (maybe nothing)
};

struct VisibilityChange {
    ReceiptHandle receipt;
    std::chrono::seconds timeout;  // from now; 0 gives the message back at once; at most 12 h
};

struct QueueCounts {
    std::uint64_t visible = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t delayed = 0;
    std::optional<std::chrono::milliseconds> oldest_age;  // since the oldest message still in the queue was sent
    bool full = false;  // it refuses messages just now, because there is no room to keep them
};

struct BatchLimits {
    std::size_t entries;  // per call, for send, remove and change_visibility
    std::size_t bytes;    // sum of bodies per send
};

// Whether a call that failed certainly did nothing: the queue refused it (down, disk full, closed) before it began.
// Any other unavailable error leaves the outcome open.
inline bool was_refused(const Error& error) {
    if (error.kind() != ErrorKind::unavailable) return error.kind() != ErrorKind::internal;
    return error.code() == "queue.down" || error.code() == "queue.disk_full" || error.code() == "queue.closed";
}

// All calls: any executor; the coroutine resumes on its own. Errors of a whole call: unavailable (see was_refused(): a
// send may have happened), throttled, invalid_input. Entries of a batch succeed or fail one by one, in the order of the
// request.
class MessageQueue {
  public:
    virtual ~MessageQueue() = default;

    virtual BatchLimits limits() const = 0;

    // Whether counts() knows `oldest_age` when there is a message: of the adapter, always the same.
    virtual bool tells_age() const { return true; }

    // Each accepted entry is on disk (or in Amazon SQS) when it returns.
    virtual task<Result<std::vector<Result<MessageId>>>> send(std::vector<OutgoingMessage> messages) = 0;

    // Every returned message is invisible to others until its visibility timeout ends; its receive count is durable.
    virtual task<Result<std::vector<ReceivedMessage>>> receive(ReceiveRequest request) = 0;

    // Durable when it returns. A receipt of an older delivery succeeds without effect.
    virtual task<Result<std::vector<Result<void>>>> remove(std::vector<ReceiptHandle> receipts) = 0;

    // conflict "queue.message_not_inflight" for an entry whose receipt is of an older delivery.
    virtual task<Result<std::vector<Result<void>>>> change_visibility(std::vector<VisibilityChange> changes) = 0;

    // Approximate, as on Amazon SQS.
    virtual task<Result<QueueCounts>> counts() = 0;
};

}  // namespace orderflow::orders
