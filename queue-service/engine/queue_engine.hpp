// QueueEngine: several queues by name, as a pure state machine. No I/O, no threads, no clock: every operation takes Now
// and appends what must be made durable to `changes`; the shell writes exactly that and only then answers.
//
// A step of the shell: advance(now), then operations with the same now. Only advance() lets time act (delays and leases
// that end, retention). After each operation the shell feeds wanted_page() until there is none.
// O(log n) per message in every operation, whatever the depth of the queue; purge and remove_queue are linear in the
// messages that are delayed or in flight.
#pragma once

#include <functional>
#include <string_view>
#include <unordered_map>

#include "queue-service/engine/receipt_handle.hpp"
#include "queue-service/engine/standard_queue.hpp"

namespace orderflow::queue {

struct EngineLimits {
    std::size_t in_flight = limits::in_flight_max;  // per queue
    std::size_t chore_chunk = limits::chore_chunk;
    WindowLimits window;
};

struct ReceiveOptions {
    std::uint32_t max_messages = 1;
    std::optional<std::chrono::seconds> visibility_timeout = std::nullopt;  // the queue's own when absent
    Holder holder = Holder::outside;
};

struct Delivery {
    MessageKey key;
    MessagePtr message;  // null: the shell reads the content from the journal
    std::string receipt{};
    std::uint32_t receive_count = 0;  // in this queue, this delivery included
    WallTime sent_at{};
    WallTime first_received_at{};
};

class QueueEngine {
  public:
    QueueEngine(SipKey receipt_key, Entropy& entropy, EngineLimits limits = {});

    // Queues. Errors: invalid_input "queue.name_invalid", "queue.attribute_invalid", "queue.dead_letter_queue_unknown";
    // conflict "queue.exists" for a name that is taken with other settings (the same settings: the queue that is
    // there); not_found "queue.unknown" for every call below that names a queue.
    Result<QueueNo> create_queue(const std::string& name, const QueueSettings& settings, Now now, Changes& changes);
    Result<void> change_settings(QueueNo queue, const QueueSettings& settings, Now now, Changes& changes);
    Result<void> remove_queue(QueueNo queue, Changes& changes);
    // Also messages in flight go; their receipts are of no effect from now on.
    Result<void> purge(QueueNo queue, Changes& changes);
    Result<QueueNo> find(std::string_view name) const;
    Result<QueueRecord> record(QueueNo queue) const;
    std::vector<QueueNo> queues() const;
    Result<QueueCounts> counts(QueueNo queue, Now now) const;
    Result<QueueTotals> totals(QueueNo queue) const;
    // Whether receive() could hand something out, or would after the wanted page was read.
    bool has_visible(QueueNo queue) const;

    // invalid_input "queue.message_empty", "queue.message_too_long" (body and attributes together),
    // "queue.delay_invalid".
    Result<MessageId> send(QueueNo queue, NewMessage message, Now now, Changes& changes);

    // Up to max_messages; none is not an error. A message whose receives are spent moves to the dead-letter queue
    // instead. throttled "queue.over_limit" when nothing can be handed out because too many messages are in flight;
    // invalid_input "queue.max_messages_invalid", "queue.visibility_timeout_invalid".
    Result<std::vector<Delivery>> receive(QueueNo queue, const ReceiveOptions& options, Now now, Changes& changes);

    // The errors that receive() would give for these arguments, without receiving; not "queue.over_limit".
    Result<void> check_receive(QueueNo queue, const ReceiveOptions& options) const;

    // Succeeds without effect for a receipt of an older delivery and for a message that is gone, as on Amazon SQS. A
    // receipt whose lease ended still removes, unless the message was received again.
    // invalid_input "queue.receipt_handle_invalid".
    Result<void> remove(QueueNo queue, std::string_view receipt, Changes& changes);

    // `timeout` from now; 0 makes the message visible at once.
    // invalid_input "queue.receipt_handle_invalid", "queue.visibility_timeout_invalid" (outside 0..12 h, or the lease
    // would pass 12 h since the receive); conflict "queue.message_not_inflight": the lease ended, or the message is
    // gone or was received again.
    Result<void> change_visibility(QueueNo queue, std::string_view receipt, std::chrono::seconds timeout, Now now,
                                   Changes& changes);

    // Time.
    void advance(Now now, Changes& changes);
    // When advance() should be called next; at once if it lies in the past.
    std::optional<Instant> next_deadline() const;

    // Pages of the cold backlog: any queue that wants one, if there is one. take_page: see Backlog.
    std::optional<PageRequest> wanted_page(QueueNo queue) const;
    Result<void> take_page(QueueNo queue, const Page& page);
    // Messages of all queues that stand in memory with their content.
    std::size_t window_size() const;

    // On start, before anything else. `deliveries` may hold rows of purged messages: they are passed over.
    // internal "queue.journal_damaged" when the parts contradict each other.
    Result<void> restore(const QueueRecord& record, const QueueTotals& totals,
                         const std::vector<std::pair<std::uint64_t, DeliveryState>>& deliveries, Now now);
    // Numbers below `next` were used before.
    void reserve_queue_numbers(QueueNo next);

  private:
    Result<void> check_settings(const std::string& name, const QueueSettings& settings) const;
    StandardQueue* at(QueueNo queue);
    const StandardQueue* at(QueueNo queue) const;
    StandardQueue* dead_letter_queue_of(const StandardQueue& queue);
    Result<DeliveryName> parse(const StandardQueue& queue, std::string_view receipt) const;
    void sweep(Now now, Changes& changes);

    SipKey receipt_key_;
    Entropy& entropy_;
    EngineLimits limits_;
    Deadlines deadlines_;
    std::map<QueueNo, StandardQueue> queues_;
    std::map<std::string, QueueNo, std::less<>> names_;
    QueueNo next_queue_{1};
    std::optional<Instant> next_sweep_;  // none while no queue holds a message that could expire
};

}  // namespace orderflow::queue
