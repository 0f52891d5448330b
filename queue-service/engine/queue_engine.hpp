// QueueEngine: several queues by name, as a pure state machine. No I/O, no threads, no clock: every operation takes Now
// and appends what must be made durable to `changes`; the shell writes exactly that and only then answers.
//
// A step of the shell: advance(now), then redrive_wanted() as long as there is a wanted_message(), then operations with
// the same now. Only advance() lets time act (delays and leases that end, retention, message move tasks). After each
// operation the shell feeds wanted_page() until there is none.
// O(log n) per message in every operation, whatever the depth of the queue; purge and remove_queue are linear in the
// messages that are delayed or in flight.
#pragma once

#include <functional>
#include <string_view>
#include <unordered_map>

#include "queue-service/engine/move_tasks.hpp"
#include "queue-service/engine/receipt_handle.hpp"
#include "queue-service/engine/redrive_sources.hpp"
#include "queue-service/engine/removed_names.hpp"
#include "queue-service/engine/standard_queue.hpp"

namespace orderflow::queue {

struct EngineLimits {
    std::size_t in_flight = limits::in_flight_max;  // per queue
    std::size_t chore_chunk = limits::chore_chunk;
    WindowLimits window;
    // Whether a queue can be purged once in 60 s only and a removed name comes back after 60 s only, as on Amazon SQS.
    bool cooldowns = true;
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

// Whether a name is refused for a while after its queue was deleted.
enum class NameCooldown : std::uint8_t { kept, passed_over };

class QueueEngine {
  public:
    QueueEngine(SipKey receipt_key, Entropy& entropy, EngineLimits limits = {});

    // Queues. Errors: validate() of name, settings and tags; invalid_input "queue.dead_letter_queue_unknown" and
    // "queue.redrive_not_allowed" (the redrive allow policy of the dead-letter queue), both only for a redrive policy
    // that is new; conflict "queue.exists" for a name that is taken with other settings (the same settings: the queue
    // that is there, whatever its tags), "queue.deleted_recently", "queue.purge_in_progress"; not_found "queue.unknown"
    // for every call below that names a queue.
    Result<QueueNo> create_queue(const QueueName& name, const QueueSettings& settings, const Tags& tags, Now now,
                                 Changes& changes, NameCooldown cooldown = NameCooldown::kept);
    Result<void> change_settings(QueueNo queue, const QueueSettings& settings, Now now, Changes& changes);
    Result<void> remove_queue(QueueNo queue, Now now, Changes& changes);
    // Also messages in flight go; their receipts are of no effect from now on.
    Result<void> purge(QueueNo queue, Now now, Changes& changes);
    Result<QueueNo> find(const QueueName& name) const;
    // Adds tags or changes their values; takes keys away, unknown ones too.
    Result<void> tag(QueueNo queue, const Tags& tags, Changes& changes);
    Result<void> untag(QueueNo queue, const std::vector<std::string>& keys, Changes& changes);
    // Names that begin with `prefix` and come behind `after`, in order; at most `limit`.
    std::vector<std::string> list_queues(const QueueScope& scope, const std::string& prefix, const std::string& after,
                                         std::size_t limit) const;
    // Of the queues whose redrive policy names this one: as list_queues().
    Result<std::vector<std::string>> dead_letter_sources(QueueNo queue, const std::string& after,
                                                         std::size_t limit) const;
    Result<QueueRecord> record(QueueNo queue) const;
    // Null for a queue that is not there. Until the next operation on queues.
    const QueueName* name_of(QueueNo queue) const;
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

    // Message move tasks (move_task.hpp). invalid_input "queue.not_dead_letter_queue", "queue.move_rate_invalid",
    // "queue.move_destination_invalid" (unknown, the source itself or of another scope); conflict
    // "queue.move_task_active". The handle is the answer.
    Result<std::string> start_move_task(QueueNo source, const MoveOrder& order, Now now, Changes& changes);
    // What was moved so far; it does not come back. invalid_input "queue.task_handle_invalid"; not_found
    // "queue.move_task_unknown", also for a task of another scope; conflict "queue.move_task_not_running".
    Result<std::uint64_t> cancel_move_task(const QueueScope& scope, std::string_view handle, Now now, Changes& changes);
    // The latest first.
    Result<std::vector<MoveTaskReport>> move_tasks(QueueNo source, std::size_t limit) const;

    // Time. With `held` move tasks do not go on: they grow the journal.
    enum class Moves : std::uint8_t { run, held };
    void advance(Now now, Changes& changes, Moves moves = Moves::run);
    // What a move task has to know before it goes on: the content of this message, which only the journal holds.
    std::optional<MessageKey> wanted_message() const;
    // Answers wanted_message(): moves it, and what can be moved after it.
    void redrive_wanted(const Message& content, Now now, Changes& changes);
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
    // In the order in which they were removed.
    void restore_removed(const QueueName& name, WallTime at) { removed_names_.add(name, at); }
    // After the queues, in the order of their numbers. internal "queue.journal_damaged" for a source that is not there.
    Result<void> restore_move_task(const MoveTask& task, Now now);

  private:
    Result<void> check_redrive(const QueueName& name, const QueueSettings& settings) const;
    void release_names(Now now, Changes& changes);
    StandardQueue* at(QueueNo queue);
    const StandardQueue* at(QueueNo queue) const;
    StandardQueue* dead_letter_queue_of(const StandardQueue& queue);
    Result<DeliveryName> parse(const StandardQueue& queue, std::string_view receipt) const;
    void sweep(Now now, Changes& changes);
    // Moves at most `left` messages. `content`: of the first of them, if only the journal holds it.
    void run_move_task(MoveTask& task, std::size_t left, const Message* content, Now now, Changes& changes);
    enum class Moved : std::uint8_t { one, nothing_left, not_now, content_wanted, failed };
    Moved move_one(MoveTask& task, const Message* content, Now now, Changes& changes);

    SipKey receipt_key_;
    Entropy& entropy_;
    EngineLimits limits_;
    Deadlines deadlines_;
    std::map<QueueNo, StandardQueue> queues_;
    std::map<QueueName, QueueNo> names_;
    RedriveSources redrive_sources_;
    RemovedNames removed_names_;
    MoveTasks move_tasks_;
    std::map<QueueNo, std::size_t> wanting_content_;  // sources of move tasks, with what is left of their step
    QueueNo next_queue_{1};
    std::optional<Instant> next_sweep_;  // none while no queue holds a message that could expire
};

}  // namespace orderflow::queue
