// GroupCommitter: the engine, its journal and the long polls on one Executor.
//
// Calls arrive in an inbox from any thread. A step takes what is pending, applies it to the engine, writes all records
// in one transaction, and only after the commit is on disk answers the waiters. While a commit runs, the next group
// gathers: the sync is shared without an artificial delay.
//
// When it fails:
// - A full disk. The transaction is rolled back and the engine is built anew from the journal, so that it never holds
//   what the journal does not. What grows (sends) is refused with unavailable "queue.disk_full"; the log is moved into
//   the database, which gives its space back, and the rest of the group is tried again. For `disk_full_pause` sends are
//   refused at once, then one group tries again: it recovers without a restart.
// - Anything else (a failed write or sync, a damaged row). Nothing is acknowledged any more: everything pending and all
//   that comes is refused with unavailable "queue.journal_failed", and on_fatal is called once. A sync is never tried
//   again: after a failed one the kernel may have dropped the pages, and a second would lie.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "libs/base/executor.hpp"
#include "queue-service/engine/receive_waiters.hpp"
#include "queue-service/journal/journal.hpp"
#include "queue-service/journal/journal_observer.hpp"
#include "queue-service/journal/operation.hpp"

namespace orderflow::queue {

// A delivered message with its content.
struct Received {
    MessagePtr message;
    std::string receipt;
    std::uint32_t receive_count = 0;  // over all queues it stood in, this delivery included
    WallTime first_received_at{};     // in this queue
};
using ReceiveDone = Completion<Result<std::vector<Received>>>;

struct CommitterOptions {
    EngineLimits engine;
    // Production: say what happened on stderr and end the process. Called on the executor.
    std::function<void(const Error&)> on_fatal;
    JournalObserver* observer = nullptr;  // may be null; outlives the committer
    // Between two calls of JournalObserver::queues_counted(); zero: never. For programs: virtual time would never rest.
    BootClock::duration tell_every{0};
};

class GroupCommitter : public std::enable_shared_from_this<GroupCommitter> {
  public:
    // The references outlive the committer. start() comes before any call.
    GroupCommitter(Journal journal, Executor& executor, const Clock& clock, Entropy& entropy, CommitterOptions options);
    GroupCommitter(const GroupCommitter&) = delete;
    GroupCommitter& operator=(const GroupCommitter&) = delete;
    ~GroupCommitter() = default;

    // Loads the journal and schedules the first step. On the starting thread.
    Result<void> start();

    // Any thread. Refused at once with throttled "queue.inbox_full" when too much is pending.
    void submit(std::unique_ptr<Operation> operation);
    // Any thread. The id serves to cancel.
    WaiterId submit_receive(QueueNo queue, const ReceiveOptions& options, BootClock::duration wait, ReceiveDone done);
    // Any thread. A receive that still waits is answered empty.
    void cancel_receive(WaiterId id);

    // Any thread. Whether what grows is refused at once, because the disk was found full a moment ago.
    bool full() const noexcept { return full_.load(); }

    // Refuses all that waits and comes with unavailable "queue.closed". On the executor, or after it has stopped.
    void close();

  private:
    using Group = std::vector<std::unique_ptr<Operation>>;
    using ReceiveReply = Result<std::vector<Received>>;
    struct Arrival {
        Waiter waiter;
        ReceiveDone done;
    };
    struct Inbox {
        Group operations;
        std::vector<Arrival> receives;
        std::vector<WaiterId> cancelled;
        std::size_t bytes = 0;
    };
    // Served in this step, answered when the step is on disk.
    struct Served {
        Waiter waiter;
        ReceiveReply reply;
    };

    void schedule();
    void schedule_locked();
    void step();
    void accept(Inbox& inbox);
    void plan_next_step();
    void wake_at(Instant at);

    // The group: applied, recorded, served, committed.
    Result<void> try_group(Group& group);
    Result<void> advance();
    Result<void> record();
    Result<void> feed(QueueNo queue);
    Result<void> serve_waiters();
    Result<bool> serve_earliest(QueueNo queue);
    Result<ReceiveReply> receive_for(const Waiter& waiter);
    Result<Received> with_content(Delivery delivery);
    void end_timed_out();
    Result<void> commit();

    // Afterwards.
    void answer(Group group);
    void answer(WaiterId id, ReceiveReply reply);
    void report();
    void tell_counts(QueueNo queue);
    void tell_all_later();
    void tell_all();

    // When it fails.
    Result<void> survive_full_disk(Group& group);
    Result<void> undo_group();
    Result<void> load(bool release_embedded);
    void refuse_growth(Group& group, const Error& error);
    void refuse_all(Group& group, const Error& error);

    Journal journal_;
    Executor& executor_;
    const Clock& clock_;
    Entropy& entropy_;
    CommitterOptions options_;

    std::mutex mutex_;  // of these four
    Inbox inbox_;
    bool scheduled_ = false;
    std::uint64_t next_waiter_ = 1;
    std::optional<Error> refusing_;  // failed or closed: every call gets this

    std::atomic<bool> full_ = false;

    // Only touched on the executor.
    std::optional<QueueEngine> engine_;
    ReceiveWaiters waiters_;
    std::map<WaiterId, ReceiveDone> receivers_;
    std::vector<Served> served_;
    std::vector<QueueNo> at_limit_;  // of messages in flight, in this step
    Changes changes_;
    Now now_{};
    GroupReport report_;
    std::map<QueueNo, std::size_t> delivered_;  // of this group, by queue
    bool more_to_serve_ = false;
    bool wrote_ = false;
    std::optional<Instant> wake_at_;
    Executor::TimerId timer_ = Executor::TimerId::none;
    std::optional<Instant> growth_refused_until_;
};

}  // namespace orderflow::queue
