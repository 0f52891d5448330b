#include "orderflow/move/installation_move.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "libs/net/runtime.hpp"
#include "libs/orders/ports/queue_names.hpp"
#include "libs/sqlite/data_dir_lock.hpp"
#include "orderflow/move/carried_files.hpp"
#include "orderflow/move/queue_mover.hpp"
#include "orderflow/wait_for.hpp"
#include "programs/move_mark.hpp"
#include "programs/process.hpp"
#include "programs/sqs_queues.hpp"
#include "queue-service/journal/journal_reader.hpp"

namespace orderflow {
namespace {

namespace fs = std::filesystem;
using queue::JournalReader;
using queue::ReadableQueue;

constexpr std::uint64_t tell_every_rows = 100'000;
constexpr std::uint64_t tell_every_messages = 1'000;

// Commands last: what they are about is there before.
constexpr std::array our_queues{orders::orders_queue, orders::commands_queue, orders::letters_queue};

// Of `orderflow`, or of each of the three services: whoever could write.
class Locks {
  public:
    static Result<Locks> acquire(const DataFiles& files) {
        Locks locks;
        for (const auto& file :
             {files.lock, fs::path(files.journal.string() + ".lock"), fs::path(files.store.file.string() + ".lock")}) {
            auto lock = sqlite::DataDirLock::acquire(file.string());
            if (!lock) return fail(std::move(lock).error());
            locks.held_.push_back(std::make_unique<sqlite::DataDirLock>(*std::move(lock)));
        }
        return locks;
    }

  private:
    std::vector<std::unique_ptr<sqlite::DataDirLock>> held_;
};

Result<void> expect_installation(const MovePlan& plan) {
    for (const auto& file : {plan.files.journal, plan.files.store.file, plan.data_dir / "secrets"}) {
        std::error_code unreadable;
        if (fs::exists(file, unreadable)) continue;
        return fail(ErrorKind::not_found, "move.no_installation",
                    file.string() + " is not there: name the data directory with --data");
    }
    return {};
}

// The mark of an earlier run of the same move, or a new one.
Result<MoveMark> mark_of(const MovePlan& plan) {
    auto there = read_move_mark(plan.data_dir);
    if (!there) return fail(std::move(there).error());
    const auto store = plan.target.description();
    if (!*there) return MoveMark{.store = store, .queue = plan.queues.orders};
    if ((*there)->leads_to(store, plan.queues.orders)) return **std::move(there);
    return fail(ErrorKind::conflict, "move.other_target",
                plan.data_dir.string() + " is on its way to " + (*there)->store + " and " + (*there)->queue +
                    ": go on with that one, or take it back first (--take-back)");
}

storage::TellMove telling(const std::function<void(const std::string&)>& tell) {
    auto told = std::make_shared<std::pair<std::string, std::uint64_t>>();
    return [&tell, told](const storage::MoveProgress& progress) {
        const bool copying = progress.doing == storage::MoveProgress::Doing::copying;
        auto name = std::string(copying ? "copied " : "compared ") + std::string(progress.table);
        if (told->first != name) *told = {name, 0};
        if (progress.rows < told->second + tell_every_rows) return;
        told->second = progress.rows;
        tell(name + ": " + std::to_string(progress.rows) + " rows so far");
    };
}

// One move from its locks to its last mark.
class Move {
  public:
    Move(const MovePlan& plan, const MoveParts& parts, MoveMark mark)
        : plan_(plan), parts_(parts), mark_(std::move(mark)), loop_(parts.clock, 1, "move") {}
    ~Move() {
        loop_.stop();
        if (target_ != nullptr) target_->close();
    }
    Move(const Move&) = delete;
    Move& operator=(const Move&) = delete;

    // Nothing has left yet when it fails, and nothing has changed.
    Result<void> prepare(bool is_new) {
        auto journal = JournalReader::open(plan_.files.journal.string(), JournalReader::Whose::nobodys);
        if (!journal) return fail_about(journal.error(), plan_.files.journal);
        journal_ = std::make_unique<JournalReader>(*std::move(journal));
        auto queues = journal_->queues();
        if (!queues) return fail_about(queues.error(), plan_.files.journal);
        queues_ = *std::move(queues);
        auto target =
            SqsQueues::open({loop_, parts_.clock, parts_.entropy, parts_.log, parts_.environment}, plan_.queues);
        if (!target) return fail(std::move(target).error());
        target_ = *std::move(target);
        loop_.start();
        for (const auto& [name, queue] : target_->named()) {
            if (auto fit = expect_fit(name, queue, is_new); !fit) return fit;
        }
        return {};
    }

    // Whether messages came to the queues there that are not ours: somebody may have accepted an order.
    Result<void> expect_no_more_messages() {
        for (const auto& [name, queue] : target_->named()) {
            const auto from = std::ranges::find_if(
                queues_, [&](const ReadableQueue& ours) { return is_ours(ours) && ours.name.name == name; });
            // How many of ours are there is known when all of them are.
            const bool all_sent = from != queues_.end() && mark_.complete;
            const auto ours = all_sent ? from->messages : std::uint64_t{0};
            const auto there = count(name, queue);
            if (!there) return fail(there.error());
            if (*there <= ours) continue;
            return fail(ErrorKind::conflict, "move.target_differs",
                        "the queue for " + name + " has " + std::to_string(*there) + " messages, this directory " +
                            (mark_.complete ? std::to_string(ours) + " of them: an order may have been accepted there"
                                            : "an unknown part of them: end the move with the same command first"));
        }
        return {};
    }

    Result<Moved> run() {
        parts_.tell("copying the order store to " + plan_.target.description());
        auto store = storage::move_store(plan_.files.store.file.string(), plan_.target.connect_options(), parts_.clock,
                                         telling(parts_.tell));
        if (!store) return fail(std::move(store).error());
        Moved moved{.store = *std::move(store), .queues = {}, .left = 0};
        for (const auto* name : our_queues) {
            auto messages = move_queue(name);
            if (!messages) return fail(std::move(messages).error());
            moved.queues.push_back({name, *messages});
        }
        for (const auto& queue : queues_) {
            if (!is_ours(queue)) moved.left += queue.messages;
        }
        mark_.complete = true;
        if (auto marked = write_move_mark(plan_.data_dir, mark_); !marked) return fail(std::move(marked).error());
        return moved;
    }

  private:
    static bool is_ours(const ReadableQueue& queue) {
        return queue.name.scope == queue::default_scope() &&
               std::ranges::find(our_queues, queue.name.name) != our_queues.end();
    }

    static Result<std::uint64_t> count(const std::string& name, orders::MessageQueue& queue) {
        const auto counts = wait_for(queue.counts());
        if (!counts) return fail(counts.error().kind(), counts.error().code(), name + ": " + counts.error().detail());
        return counts->visible + counts->in_flight + counts->delayed;
    }

    // It answers; and before the first of ours there is nothing in it.
    static Result<void> expect_fit(const std::string& name, orders::MessageQueue& queue, bool is_new) {
        const auto messages = count(name, queue);
        if (!messages) return fail(messages.error());
        if (!is_new || *messages == 0) return {};
        return fail(ErrorKind::conflict, "move.queue_filled",
                    "the queue for " + name + " has " + std::to_string(*messages) +
                        " messages already: name an empty one, or purge it");
    }

    Result<std::uint64_t> move_queue(const std::string& name) {
        const auto from = std::ranges::find_if(
            queues_, [&](const ReadableQueue& queue) { return is_ours(queue) && queue.name.name == name; });
        if (from == queues_.end()) return std::uint64_t{0};
        if (from->messages > 0) parts_.tell("sending the messages of " + name + ": " + std::to_string(from->messages));
        std::uint64_t sent = 0;
        QueueMover mover(loop_, parts_.clock, *target_);
        auto moved =
            mover.move(*journal_, *from, name, mark_.sent[name], [&](std::uint64_t through, std::uint64_t messages) {
                if ((sent + messages) / tell_every_messages > sent / tell_every_messages) {
                    parts_.tell(name + ": " + std::to_string(sent + messages) + " messages so far");
                }
                sent += messages;
                mark_.sent[name] = through;
                return write_move_mark(plan_.data_dir, mark_);
            });
        if (!moved) {
            return fail(moved.error().kind(), moved.error().code(),
                        name + ", after " + std::to_string(sent) + " messages: " + moved.error().detail());
        }
        return sent;
    }

    const MovePlan& plan_;
    const MoveParts& parts_;
    MoveMark mark_;
    std::unique_ptr<SqsQueues> target_;  // what waits on the loop refers to it
    net::Runtime loop_;
    std::unique_ptr<JournalReader> journal_;
    std::vector<ReadableQueue> queues_;
};

bool has_sent(const MoveMark& mark) {
    return mark.complete || std::ranges::any_of(mark.sent, [](const auto& queue) { return queue.second > 0; });
}

}  // namespace

Result<Moved> move_installation(const MovePlan& plan, const MoveParts& parts) {
    if (auto there = expect_installation(plan); !there) return fail(std::move(there).error());
    const auto locks = Locks::acquire(plan.files);
    if (!locks) return fail(locks.error());
    const auto before = read_move_mark(plan.data_dir);
    if (!before) return fail(before.error());
    const bool is_new = !*before;
    auto mark = mark_of(plan);
    if (!mark) return fail(std::move(mark).error());
    Move move(plan, parts, *mark);
    if (auto prepared = move.prepare(is_new); !prepared) return fail(std::move(prepared).error());
    const auto target = storage::look_at_target(plan.target.connect_options(), parts.clock);
    if (!target) return fail_about(target.error(), plan.target.description());
    if (is_new && *target == storage::TargetState::filled) {
        return fail(ErrorKind::conflict, "move.target_filled",
                    plan.target.description() + " is not empty: name an empty database, or make this one anew");
    }
    // The store is there before the first message leaves. Going on would leave out the messages that were sent before.
    if (has_sent(*mark) && *target != storage::TargetState::filled) {
        return fail(ErrorKind::conflict, "move.target_emptied",
                    "messages of this directory were sent already, and " + plan.target.description() +
                        " has no orders: to begin anew, first --take-back, then empty the queues");
    }
    std::error_code unreadable;
    const bool there_already = plan.carry && fs::exists(*plan.carry, unreadable);
    if (is_new && there_already) return fail(carry_exists(*plan.carry));
    if (is_new) {
        if (auto marked = write_move_mark(plan.data_dir, *mark); !marked) return fail(std::move(marked).error());
    }
    if (plan.carry && !there_already) {
        if (auto done = carry_files(*plan.carry, plan.data_dir, plan.files, plan.settings); !done) {
            return fail(std::move(done).error());
        }
    }
    return move.run();
}

Result<void> take_back(const MovePlan& plan, const MoveParts& parts) {
    if (auto there = expect_installation(plan); !there) return there;
    const auto locks = Locks::acquire(plan.files);
    if (!locks) return fail(locks.error());
    const auto mark = read_move_mark(plan.data_dir);
    if (!mark) return fail(mark.error());
    if (!*mark) {
        return fail(ErrorKind::not_found, "move.not_moved", plan.data_dir.string() + " was not moved anywhere");
    }
    auto same_move = mark_of(plan);
    if (!same_move) return fail(std::move(same_move).error());
    Move move(plan, parts, *std::move(same_move));
    if (auto prepared = move.prepare(false); !prepared) return prepared;
    if (auto none = move.expect_no_more_messages(); !none) return none;
    const auto target = storage::look_at_target(plan.target.connect_options(), parts.clock);
    if (!target) return fail_about(target.error(), plan.target.description());
    if (*target == storage::TargetState::filled) {
        auto same = storage::compare_store(plan.files.store.file.string(), plan.target.connect_options(), parts.clock,
                                           telling(parts.tell));
        if (!same) return same;
    }
    return remove_move_mark(plan.data_dir);
}

}  // namespace orderflow
