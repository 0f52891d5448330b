#include "libs/storage/sqlite/sqlite_order_store.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "libs/async/completion.hpp"
#include "libs/base/safeguard.hpp"
#include "libs/sqlite/data_dir_lock.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/storage/feed_hub.hpp"
#include "libs/storage/sqlite/group_writer.hpp"
#include "libs/storage/sqlite/id_scan.hpp"
#include "libs/storage/sqlite/instance_rows.hpp"
#include "libs/storage/sqlite/operator_writer.hpp"
#include "libs/storage/sqlite/schema.hpp"

namespace orderflow::storage {

namespace {

using Steps = std::vector<Result<orders::Step>>;

struct WaitingGroup {
    std::vector<orders::Change> changes;
    Completion<Result<Steps>> done;
};

Error outcome_unknown(const Error& cause) {
    return Error(ErrorKind::unavailable, "store.outcome_unknown", cause.detail());
}

}  // namespace

struct SqliteOrderStore::State : std::enable_shared_from_this<State> {
    State(Executor& w, const Clock& c, SqliteStoreOptions o, sqlite::DataDirLock l, sqlite::Database d)
        : writer(w), clock(c), options(std::move(o)), lock(std::move(l)), database(std::move(d)) {}

    void enqueue(WaitingGroup waiting);
    void drain();
    std::vector<WaitingGroup> take_groups();
    Result<AppliedGroup> write(const std::vector<WaitingGroup>& groups);
    void answer(std::vector<WaitingGroup> groups, Result<AppliedGroup> applied);
    void end(const Error& error);
    template <class T>
    Result<T> ended_by(Result<T> result);
    // `write` runs on the writer's executor, with a transaction of its own.
    template <class Write>
    task<Result<void>> run(Write write);
    // After an erasure the log still holds what was erased: it is emptied as soon as no reader needs a part of it.
    void empty_log_if_wanted();
    void post_learning();
    void learn_ids();

    Executor& writer;
    const Clock& clock;
    const SqliteStoreOptions options;
    FeedHub feed;

    std::mutex mutex;
    std::deque<WaitingGroup> waiting;  // under the mutex
    bool draining = false;             // under the mutex: drain() is posted or running

    // Only on the writer's executor. The lock goes last.
    sqlite::DataDirLock lock;
    sqlite::Database database;
    std::shared_ptr<StoredIds> stored_ids;
    std::optional<IdScan> id_scan;  // until all ids are known
    std::optional<GroupWriter> group_writer;
    std::optional<OperatorWriter> operator_writer;
    std::optional<InstanceRows> instance_rows;
    bool log_holds_erased = false;
    std::optional<Error> ended;  // why nothing is written any more
};

void SqliteOrderStore::State::enqueue(WaitingGroup group) {
    {
        const std::lock_guard guard(mutex);
        waiting.push_back(std::move(group));
        if (std::exchange(draining, true)) return;
    }
    writer.post([this] { drain(); });
}

// One transaction; then the executor may do other work before the next.
void SqliteOrderStore::State::drain() {
    auto groups = take_groups();
    auto applied = write(groups);
    if (!applied && sqlite::is_fatal(applied.error())) end(applied.error());
    answer(std::move(groups), std::move(applied));
    if (!ended) {
        const auto moved = database.checkpoint_if_due();
        if (!moved && sqlite::is_fatal(moved.error())) end(moved.error());
    }
    empty_log_if_wanted();
    {
        const std::lock_guard guard(mutex);
        if (waiting.empty()) {
            draining = false;
            return;
        }
    }
    writer.post([this] { drain(); });
}

std::vector<WaitingGroup> SqliteOrderStore::State::take_groups() {
    const std::lock_guard guard(mutex);
    std::vector<WaitingGroup> groups;
    std::size_t changes = 0;
    while (!waiting.empty()) {
        changes += waiting.front().changes.size();
        if (!groups.empty() && changes > options.changes_max) break;
        groups.push_back(std::move(waiting.front()));
        waiting.pop_front();
    }
    return groups;
}

Result<AppliedGroup> SqliteOrderStore::State::write(const std::vector<WaitingGroup>& groups) {
    if (ended) return fail(*ended);
    std::vector<const orders::Change*> changes;
    for (const auto& group : groups) {
        for (const auto& change : group.changes) changes.push_back(&change);
    }
    return group_writer->apply(changes, clock.wall());
}

void SqliteOrderStore::State::answer(std::vector<WaitingGroup> groups, Result<AppliedGroup> applied) {
    if (!applied) {
        const auto error = ended ? outcome_unknown(*ended) : applied.error();
        for (auto& group : groups) group.done.complete(fail(error));
        return;
    }
    for (const auto& [id, version] : applied->touched) feed.publish(id, version);
    auto next = std::make_move_iterator(applied->steps.begin());
    for (auto& group : groups) {
        const auto end_of_group = next + static_cast<std::ptrdiff_t>(group.changes.size());
        group.done.complete(Steps(next, end_of_group));
        next = end_of_group;
    }
}

void SqliteOrderStore::State::end(const Error& error) {
    if (ended || !safeguard(Safeguard::store_end)) return;
    ended = error;
    if (options.on_fatal) options.on_fatal(error);
}

// Of a transaction of its own: after a fatal error nobody knows what of it is on disk.
template <class T>
Result<T> SqliteOrderStore::State::ended_by(Result<T> result) {
    if (result || !sqlite::is_fatal(result.error())) return result;
    end(result.error());
    return fail(outcome_unknown(result.error()));
}

template <class Write>
task<Result<void>> SqliteOrderStore::State::run(Write write) {
    co_return co_await await_completion<Result<void>>([&](Completion<Result<void>> done) {
        writer.post([this, write = std::move(write), waiter = std::move(done)]() mutable {
            if (ended) return waiter.complete(fail(outcome_unknown(*ended)));
            waiter.complete(ended_by(Result<void>(write(*this))));
            empty_log_if_wanted();
        });
    });
}

void SqliteOrderStore::State::empty_log_if_wanted() {
    if (!log_holds_erased || ended) return;
    const auto emptied = database.empty_log();
    if (emptied) log_holds_erased = !*emptied;
    if (!emptied && sqlite::is_fatal(emptied.error())) end(emptied.error());
}

// A store may be closed before it knows all its ids.
void SqliteOrderStore::State::post_learning() {
    writer.post([weak = weak_from_this()] {
        if (const auto state = weak.lock()) state->learn_ids();
    });
}

// A step; then the executor may commit before the next.
void SqliteOrderStore::State::learn_ids() {
    const auto all = ended ? Result<bool>(true) : id_scan->step(*stored_ids);
    if (all && !*all) return post_learning();
    if (all && !ended) stored_ids->complete();
    if (!all && sqlite::is_fatal(all.error())) end(all.error());
    id_scan.reset();  // a scan that failed leaves the store without it: every id is looked up
}

Result<std::unique_ptr<SqliteOrderStore>> SqliteOrderStore::open(Executor& writer, const Clock& clock,
                                                                 const orders::Pricing& pricing,
                                                                 SqliteStoreOptions options) {
    auto lock = sqlite::DataDirLock::acquire(options.path + ".lock");
    if (!lock) return fail(std::move(lock).error());
    sqlite::OpenOptions open_options;
    open_options.vfs = options.vfs;
    open_options.checkpoint_pages = options.checkpoint_pages;
    open_options.checkpoints = sqlite::Checkpoints::by_owner;
    open_options.synced = safeguard(Safeguard::store_sync);
    auto database = sqlite::Database::open(options.path, open_options);
    if (!database) return fail(std::move(database).error());
    // What is deleted (the body of an order that becomes a tombstone) is not left in the file's free space.
    if (auto set = database->execute("PRAGMA secure_delete=ON"); !set) return fail(std::move(set).error());
    auto migrated = sqlite::migrate(*database, order_store_application_id, order_store_migrations);
    if (!migrated) return fail(std::move(migrated).error());

    auto state = std::make_shared<State>(writer, clock, std::move(options), *std::move(lock), *std::move(database));
    const auto newest = state->database.query_int("SELECT coalesce(max(number), 0) FROM orders");
    if (!newest) return fail(newest.error());
    state->stored_ids = std::make_shared<StoredIds>(static_cast<std::uint64_t>(*newest));
    auto scan = IdScan::prepare(state->database);
    if (!scan) return fail(std::move(scan).error());
    state->id_scan.emplace(*std::move(scan));
    auto group_writer = GroupWriter::open(state->database, pricing, *state->stored_ids, state->options.cached_orders);
    if (!group_writer) return fail(std::move(group_writer).error());
    state->group_writer.emplace(*std::move(group_writer));
    auto operator_writer = OperatorWriter::open(state->database);
    if (!operator_writer) return fail(std::move(operator_writer).error());
    state->operator_writer.emplace(*std::move(operator_writer));
    auto instance_rows = InstanceRows::prepare(state->database);
    if (!instance_rows) return fail(std::move(instance_rows).error());
    state->instance_rows.emplace(*std::move(instance_rows));
    if (auto filled = state->group_writer->fill_catalogue(state->options.first_catalogue); !filled) {
        return fail(std::move(filled).error());
    }
    state->post_learning();
    return std::unique_ptr<SqliteOrderStore>(new SqliteOrderStore(std::move(state)));
}

SqliteOrderStore::SqliteOrderStore(std::shared_ptr<State> state) : state_(std::move(state)) {}
SqliteOrderStore::~SqliteOrderStore() = default;

task<Result<Steps>> SqliteOrderStore::apply(std::vector<orders::Change> group) {
    if (group.empty()) co_return Steps();
    co_return co_await await_completion<Result<Steps>>(
        [&](Completion<Result<Steps>> done) { state_->enqueue(WaitingGroup{std::move(group), std::move(done)}); });
}

task<Result<bool>> SqliteOrderStore::bury(orders::OrderId id, std::int32_t version) {
    co_return co_await await_completion<Result<bool>>([&](Completion<Result<bool>> done) {
        state_->writer.post([state = state_.get(), id, version, waiter = std::move(done)]() mutable {
            if (state->ended) return waiter.complete(fail(outcome_unknown(*state->ended)));
            waiter.complete(state->ended_by(state->group_writer->bury(id, version)));
        });
    });
}

task<Result<orders::OperatorStep>> SqliteOrderStore::operate(orders::OperatorChange change) {
    using Answer = Result<orders::OperatorStep>;
    co_return co_await await_completion<Answer>([&](Completion<Answer> done) {
        state_->writer.post([state = state_.get(), wanted = std::move(change), waiter = std::move(done)]() mutable {
            if (state->ended) return waiter.complete(fail(outcome_unknown(*state->ended)));
            auto step = state->ended_by(state->operator_writer->apply(wanted, state->clock.wall()));
            const bool finished = step && step->kind == orders::OperatorStep::Kind::finished;
            state->log_holds_erased |= finished && orders::erases(wanted);
            state->empty_log_if_wanted();
            waiter.complete(std::move(step));
        });
    });
}

task<Result<void>> SqliteOrderStore::keep(instances::InstanceRow row) {
    return state_->run([kept = std::move(row)](State& state) { return state.instance_rows->keep(kept); });
}

task<Result<void>> SqliteOrderStore::tidy(WallTime now) {
    return state_->run([now](State& state) { return state.instance_rows->tidy(now); });
}

task<Result<bool>> SqliteOrderStore::change_lease(orders::LeaseChange change) {
    co_return co_await await_completion<Result<bool>>([&](Completion<Result<bool>> done) {
        state_->writer.post([state = state_.get(), wanted = std::move(change), waiter = std::move(done)]() mutable {
            if (state->ended) return waiter.complete(fail(outcome_unknown(*state->ended)));
            waiter.complete(state->ended_by(state->operator_writer->change_lease(wanted)));
        });
    });
}

task<Result<void>> SqliteOrderStore::record(orders::DeliveryProgress progress) {
    co_return co_await await_completion<Result<void>>([&](Completion<Result<void>> done) {
        state_->writer.post([state = state_.get(), made = std::move(progress), waiter = std::move(done)]() mutable {
            if (state->ended) return waiter.complete(fail(outcome_unknown(*state->ended)));
            waiter.complete(state->ended_by(state->operator_writer->record(made, state->clock.wall())));
        });
    });
}

std::shared_ptr<const StoredIds> SqliteOrderStore::stored_ids() const { return state_->stored_ids; }

std::unique_ptr<orders::OrderFeed::Subscription> SqliteOrderStore::subscribe(orders::OrderId id, Callback changed) {
    return state_->feed.subscribe(id, std::move(changed));
}

}  // namespace orderflow::storage
