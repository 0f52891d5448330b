// DurableQueues: standard queues with Amazon SQS's semantics in one SQLite file, for callers on any executor.
//
// Every successful answer means: on disk (write-ahead log synced). unavailable "queue.journal_failed" means that the
// outcome is unknown and the process is about to end; "queue.disk_full": nothing was kept, deletes may still work;
// "queue.closed": the service stops. throttled "queue.inbox_full": more is pending than one group takes.
// Errors of the engine (queue_engine.hpp) belong to one entry of a batch, or to the call.
#pragma once

#include <functional>
#include <stop_token>

#include "libs/async/task.hpp"
#include "queue-service/journal/group_committer.hpp"

namespace orderflow::queue {

struct DurableQueuesOptions {
    JournalOptions journal;
    CommitterOptions committer;
};

struct ReceiveCall {
    ReceiveOptions options;
    std::chrono::milliseconds wait{0};  // long poll, 0 to 20 s
    std::stop_token stop;               // gives the place up; messages already delivered to it go back at once
};

struct VisibilityCall {
    std::string receipt;
    std::chrono::seconds timeout{};
};

// Called on the writer's executor: pure, and quick.
using SettingsUpdate = std::function<Result<QueueSettings>(QueueSettings)>;

class DurableQueues {
  public:
    // Opens or creates the journal on the calling thread, before anything runs on `writer`, which does all its work
    // from then on. Errors: Journal::open, and internal for a damaged file. All references outlive the object.
    static Result<std::unique_ptr<DurableQueues>> open(DurableQueuesOptions options, Executor& writer,
                                                       const Clock& clock, Entropy& entropy);
    // What still waits is answered unavailable "queue.closed". On `writer`, or after it has stopped.
    ~DurableQueues();
    DurableQueues(const DurableQueues&) = delete;
    DurableQueues& operator=(const DurableQueues&) = delete;

    task<Result<QueueNo>> create_queue(QueueName name, QueueSettings settings, Tags tags = {},
                                       NameCooldown cooldown = NameCooldown::kept);
    task<Result<void>> change_settings(QueueNo queue, QueueSettings settings);
    // Reads, changes and writes as one operation, so that two callers who change different settings both succeed. An
    // error of `update` is the answer.
    task<Result<void>> update_settings(QueueNo queue, SettingsUpdate update);
    task<Result<void>> remove_queue(QueueNo queue);
    task<Result<void>> purge(QueueNo queue);
    task<Result<QueueNo>> find(QueueName name);
    task<Result<void>> tag(QueueNo queue, Tags tags);
    task<Result<void>> untag(QueueNo queue, std::vector<std::string> keys);
    task<Result<Tags>> tags(QueueNo queue);
    // A page of names in their order: those that begin with `prefix` and come behind `after`.
    task<Result<std::vector<std::string>>> list_queues(QueueScope scope, std::string prefix, std::string after,
                                                       std::size_t limit);
    task<Result<std::vector<std::string>>> dead_letter_sources(QueueNo queue, std::string after, std::size_t limit);

    // Message move tasks (engine/move_task.hpp): they go on by themselves, also after a restart. start answers with the
    // handle, cancel with the number of messages moved so far.
    task<Result<std::string>> start_move_task(QueueNo source, MoveOrder order);
    task<Result<std::uint64_t>> cancel_move_task(QueueScope scope, std::string handle);
    task<Result<std::vector<MoveTaskReport>>> move_tasks(QueueNo source, std::size_t limit);

    task<Result<QueueRecord>> record(QueueNo queue);
    task<Result<std::vector<QueueNo>>> queues();
    task<Result<QueueCounts>> counts(QueueNo queue);
    // Any thread. Whether sends are refused just now with unavailable "queue.disk_full".
    bool full() const noexcept { return committer_->full(); }

    // Batches of 1 to 1,000 entries and 4 MiB: else invalid_input "queue.batch_empty", "queue.batch_too_large".
    // Entries succeed or fail one by one, in order.
    task<Result<std::vector<Result<MessageId>>>> send(QueueNo queue, std::vector<NewMessage> messages);
    task<Result<std::vector<Result<void>>>> remove(QueueNo queue, std::vector<std::string> receipts);
    task<Result<std::vector<Result<void>>>> change_visibility(QueueNo queue, std::vector<VisibilityCall> changes);

    // invalid_input "queue.wait_invalid" when the wait is not 0 to 20 s.
    task<Result<std::vector<Received>>> receive(QueueNo queue, ReceiveCall call);

  private:
    explicit DurableQueues(std::shared_ptr<GroupCommitter> committer);

    template <class Reply>
    task<Result<Reply>> call(Operation::Effect effect, std::size_t bytes, typename EngineCall<Reply>::Work work);

    std::shared_ptr<GroupCommitter> committer_;
};

}  // namespace orderflow::queue
