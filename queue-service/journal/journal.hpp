// Journal: the engine's state on disk, in one SQLite file. It writes what the engine says and nothing else.
//
// One group at a time: begin(), write() and reads in any order, commit(); or roll_back(). A committed group is on disk.
// Reads inside a group see what it wrote. Errors are those of libs/sqlite/errors.hpp, also "disk.corrupt" for a row
// whose checksum does not match; the owner decides what ends the process.
// Used from one thread at a time.
#pragma once

#include <deque>
#include <string>

#include "libs/sqlite/data_dir_lock.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/sqlite/transaction.hpp"
#include "queue-service/engine/queue_engine.hpp"
#include "queue-service/journal/lease_clock.hpp"

namespace orderflow::queue {

struct JournalOptions {
    std::string path;
    std::string vfs{};                 // of SQLite; empty: the operating system's
    int cache_kib = 4096;              // of SQLite's pages
    int checkpoint_pages = 4000;       // about 16 MB of log
    std::size_t clean_up_rows = 1000;  // of purged queues, removed with one group
};

class Journal {
  public:
    // Takes `path`.lock, checks the log for damage, creates or opens the file. Errors: conflict "data_dir.in_use",
    // "sqlite.newer_version", "sqlite.other_application"; those of sqlite::Database::open.
    static Result<Journal> open(const JournalOptions& options, Now now, Entropy& entropy);

    const SipKey& receipt_key() const noexcept { return receipt_key_; }

    // Fills a new engine with what is committed: O(messages delayed, in flight or returned), whatever the backlog.
    // With `release_embedded` the leases of the consumer inside this process end, their counts stay: for the start.
    Result<void> load(QueueEngine& engine, Now now, bool release_embedded);

    // Starts a group unless one is open.
    Result<void> begin();
    bool in_group() const noexcept { return group_.has_value(); }
    Result<void> write(const Changes& changes);
    Result<Page> read_page(const PageRequest& request);
    Result<MessagePtr> read_message(MessageKey key);
    // Removes some rows of purged queues; in a group. False when there was nothing to remove.
    Result<bool> clean_up();
    bool needs_clean_up() const noexcept { return !purged_.empty(); }

    // Writes the totals of the queues that the group touched, then commits and syncs. Without a group: nothing.
    Result<void> commit(const QueueEngine& engine);
    void roll_back();
    // Of the group, or of the one committed last.
    const std::set<QueueNo>& touched() const noexcept { return touched_; }

    Result<void> checkpoint() { return database_->checkpoint(); }
    Result<void> checkpoint_if_due() { return database_->checkpoint_if_due(); }

  private:
    struct Statements {
        sqlite::Statement add_message, read_message, read_page, remove_message;
        sqlite::Statement put_delivery, remove_delivery;
        sqlite::Statement put_queue, forget_queue, put_totals, forget_totals, put_next_queue;
        sqlite::Statement clean_messages, clean_deliveries;
        sqlite::Statement put_removed, forget_removed, put_move_task, forget_move_task;
    };
    // Rows of a queue up to a sequence that are dead and wait for removal.
    struct Purged {
        QueueNo queue{};
        std::uint64_t through = 0;
        bool queue_removed = false;
    };

    Journal(sqlite::DataDirLock lock, std::unique_ptr<sqlite::Database> database, LeaseClock clock, std::size_t rows);

    Result<void> create_identity(Entropy& entropy);
    Result<void> read_identity();
    Result<void> prepare();

    Result<void> load_queues(QueueEngine& engine, Now now, bool release_embedded);
    Result<void> load_removed(QueueEngine& engine);
    Result<void> load_move_tasks(QueueEngine& engine, Now now);
    Result<std::map<QueueNo, QueueTotals>> load_totals();
    using Deliveries = std::map<QueueNo, std::vector<std::pair<std::uint64_t, DeliveryState>>>;
    Result<Deliveries> load_deliveries(Now now, bool release_embedded);

    Result<void> apply(const MessageAdded& added);
    Result<void> apply(const DeliveryWritten& written);
    Result<void> apply(const MessageRemoved& removed);
    Result<void> apply(const MessageMoved& moved);
    Result<void> apply(const MessageRedriven& redriven);
    Result<void> apply(const QueueWritten& written);
    Result<void> apply(const QueuePurged& purged);
    Result<void> apply(const QueueRemoved& removed);
    Result<void> apply(const NameReleased& released);
    Result<void> apply(const MoveTaskWritten& written);
    Result<void> apply(const MoveTaskForgotten& forgotten);
    Result<void> write_totals(const QueueEngine& engine);
    Result<void> put_totals(QueueNo queue, const QueueTotals& totals);

    sqlite::DataDirLock lock_;
    std::unique_ptr<sqlite::Database> database_;  // its address is kept by an open group
    LeaseClock clock_;
    std::size_t clean_up_rows_;
    SipKey receipt_key_{};
    QueueNo next_queue_{1};
    Statements statements_;
    std::optional<sqlite::Transaction> group_;
    std::set<QueueNo> touched_;
    std::deque<Purged> purged_;
};

}  // namespace orderflow::queue
