#include "libs/storage/move/store_move.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "libs/postgres/migrations.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/migrations.hpp"
#include "libs/sqlite/transaction.hpp"
#include "libs/storage/move/moved_tables.hpp"
#include "libs/storage/move/table_statements.hpp"
#include "libs/storage/postgres/postgres_store_scan.hpp"
#include "libs/storage/postgres/schema.hpp"
#include "libs/storage/postgres/transaction.hpp"
#include "libs/storage/sqlite/schema.hpp"

namespace orderflow::storage {
namespace {

using postgres::Statement;

// A large table is compared by one statement, and a transaction stands still while SQLite is read.
constexpr postgres::Timeouts move_times{
    .statement = std::chrono::hours(1), .idle_in_transaction = std::chrono::hours(1), .answer = std::chrono::hours(1)};

const Statement this_transaction{"this_transaction", "SELECT pg_current_xact_id()::text::bigint"};
const Statement oldest_transaction{"oldest_transaction",
                                   "SELECT xact::text::bigint FROM order_events ORDER BY xact, seq LIMIT 1"};
// The server learns how the new rows are spread, so that the first queries are planned well.
const Statement analyze{"analyze_all", "ANALYZE"};
const Statement begin_comparison{"begin_comparison", "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"};

Error unknown_table(std::string_view name) {
    return Error(
        ErrorKind::internal, "move.unknown_table",
        "this program does not know how to move the table " + std::string(name) + "; move with a version that does");
}

// What this program would leave behind.
Result<void> expect_known_tables(sqlite::Database& database) {
    auto names = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
    if (!names) return fail(std::move(names).error());
    auto row = names->query();
    for (;;) {
        const auto there = row.next();
        if (!there) return fail(there.error());
        if (!*there) return {};
        const auto name = row.text(0);
        if (name == derived_table) continue;
        if (std::ranges::find(moved_tables(), name, &MovedTable::name) == moved_tables().end()) {
            return fail(unknown_table(name));
        }
    }
}

Result<StoreContent> count(sqlite::Database& database) {
    if (auto known = expect_known_tables(database); !known) return fail(std::move(known).error());
    StoreContent content;
    for (const auto& table : moved_tables()) {
        const auto rows = database.query_int("SELECT count(*) FROM " + std::string(table.name));
        if (!rows) return fail(rows.error());
        content.tables.push_back({table.name, static_cast<std::uint64_t>(*rows)});
    }
    return content;
}

// The rows of one table of the source, as the target holds them.
class SourceRows {
  public:
    static Result<SourceRows> open(sqlite::Database& database, const MovedTable& table, const MoveContext& context) {
        auto select = database.prepare(table.select);
        if (!select) return fail(std::move(select).error());
        return SourceRows(table, context, std::make_unique<sqlite::Statement>(*std::move(select)));
    }

    // Nothing after the last, however often it is asked: a statement of SQLite that has ended begins anew.
    Result<std::optional<MovedRow>> next() {
        if (over_) return std::optional<MovedRow>();
        const auto there = cursor_.next();
        if (!there) return fail(there.error());
        over_ = !*there;
        if (over_) return std::optional<MovedRow>();
        auto row = table_.convert(cursor_, context_);
        if (row) return row;
        return fail(sqlite::corrupt(std::string(table_.name) + ", the row behind " + std::to_string(read_)));
    }
    void count() { ++read_; }
    std::uint64_t read() const { return read_; }

  private:
    SourceRows(const MovedTable& table, const MoveContext& context, std::unique_ptr<sqlite::Statement> select)
        : table_(table), context_(context), select_(std::move(select)), cursor_(select_->query()) {}

    const MovedTable& table_;
    const MoveContext& context_;
    std::unique_ptr<sqlite::Statement> select_;  // its address is kept by the cursor
    sqlite::Cursor cursor_;
    std::uint64_t read_ = 0;
    bool over_ = false;
};

class Moving {
  public:
    Moving(sqlite::Database& source, postgres::Connection& target, const TellMove& tell)
        : source_(source), target_(target), tell_(tell) {}

    // Whether there is no row at all.
    Result<bool> target_is_empty() {
        const auto answer = target_.run(statements_.count_filled());
        if (!answer) return fail(answer.error());
        return answer->integer(0, 0) == 0;
    }

    Result<void> lock_target() {
        const auto locked = target_.run(statements_.lock());
        if (!locked) return fail(locked.error());
        return {};
    }

    Result<void> copy() {
        const auto transaction = target_.run(this_transaction);
        if (!transaction) return fail(transaction.error());
        context_.transaction = transaction->integer(0, 0);
        for (const auto& table : moved_tables()) {
            if (auto copied = copy(table); !copied) return copied;
        }
        return set_counters();
    }

    // conflict "move.differs" for the first row that is another one.
    Result<void> compare() {
        if (context_.transaction == 0) {
            const auto oldest = target_.run(oldest_transaction);
            if (!oldest) return fail(oldest.error());
            if (!oldest->empty()) context_.transaction = oldest->integer(0, 0);
        }
        for (const auto& table : moved_tables()) {
            if (auto same = compare(table); !same) return same;
        }
        return {};
    }

  private:
    Result<void> copy(const MovedTable& table) {
        auto rows = SourceRows::open(source_, table, context_);
        if (!rows) return fail(std::move(rows).error());
        for (;;) {
            RowColumns columns(table);
            while (!columns.is_full()) {
                const auto row = rows->next();
                if (!row) return fail(row.error());
                if (!*row) break;
                rows->count();
                columns.add(**row);
            }
            if (columns.empty()) return {};
            postgres::Unit unit{postgres::Request(statements_.insertion(table), columns.parameters())};
            if (const auto written = target_.run(unit); !written) return fail(written.error());
            tell_({MoveProgress::Doing::copying, table.name, rows->read()});
        }
    }

    Result<void> set_counters() {
        std::size_t at = 0;
        for (const auto& counter : moved_counters()) {
            const auto highest = source_.query_int(counter.highest);
            if (!highest) return fail(highest.error());
            const auto& statement = statements_.counter(at++);
            if (*highest == 0) continue;  // counters begin at 1
            postgres::Parameters parameters;
            parameters.integer(*highest);
            if (const auto set = target_.run(statement, std::move(parameters)); !set) return fail(set.error());
        }
        return {};
    }

    Result<void> compare(const MovedTable& table) {
        const auto differs = [&](std::uint64_t row, const char* how) {
            return fail(ErrorKind::conflict, "move.differs",
                        std::string(table.name) + ", row " + std::to_string(row) + ": " + how);
        };
        auto rows = SourceRows::open(source_, table, context_);
        if (!rows) return fail(std::move(rows).error());
        if (const auto declared = target_.run(statements_.declaration(table)); !declared) return fail(declared.error());
        for (;;) {
            const auto page = target_.run(statements_.fetching(table));
            if (!page) return fail(page.error());
            for (std::size_t at = 0; at < page->size(); ++at) {
                const auto read = rows->next();
                if (!read) return fail(read.error());
                rows->count();
                if (!*read) return differs(rows->read(), "it is not in the source");
                if (read_row(table, *page, at) != **read) return differs(rows->read(), "it is another one");
            }
            if (page->empty()) break;
            tell_({MoveProgress::Doing::comparing, table.name, rows->read()});
        }
        const auto left = rows->next();
        if (!left) return fail(left.error());
        if (*left) return differs(rows->read() + 1, "it is missing");
        if (const auto closed = target_.run(statements_.closing(table)); !closed) return fail(closed.error());
        return {};
    }

    sqlite::Database& source_;
    postgres::Connection& target_;
    const TellMove& tell_;
    const TableStatements& statements_ = TableStatements::all();
    MoveContext context_;
};

Result<sqlite::Database> open_source(const std::string& path) {
    auto database = sqlite::open_at_rest(path, order_store_application_id, order_store_migrations);
    if (!database) return database;
    if (auto known = expect_known_tables(*database); !known) return fail(std::move(known).error());
    return database;
}

// In one view of the source: it does not change under the comparison even if somebody breaks the rules.
Result<MovedStore> move_in(sqlite::Database& source, postgres::Connection& target, const TellMove& tell) {
    auto content = count(source);
    if (!content) return fail(std::move(content).error());
    MovedStore moved{.content = *std::move(content)};
    const RollBack unless_committed(target);
    if (const auto begun = target.run(begin_transaction); !begun) return fail(begun.error());
    Moving moving(source, target, tell);
    if (auto locked = moving.lock_target(); !locked) return fail(std::move(locked).error());
    const auto empty = moving.target_is_empty();
    if (!empty) return fail(empty.error());
    if (!*empty) {
        moved.was_there = true;
        auto same = moving.compare();
        if (same) return moved;
        if (same.error().code() != "move.differs") return fail(std::move(same).error());
        return fail(ErrorKind::conflict, "move.target_filled",
                    "the target is not empty and does not hold these orders (" + same.error().detail() +
                        "): name an empty database, or make this one anew");
    }
    if (auto copied = moving.copy(); !copied) return fail(std::move(copied).error());
    if (auto same = moving.compare(); !same) {
        const auto& error = same.error();
        return fail(error.code() == "move.differs" ? ErrorKind::internal : error.kind(), error.code(), error.detail());
    }
    if (auto committed = commit(target); !committed) return fail(std::move(committed).error());
    (void)target.run(analyze);
    return moved;
}

}  // namespace

std::uint64_t StoreContent::rows() const {
    return std::accumulate(tables.begin(), tables.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const TableCount& table) { return sum + table.rows; });
}

std::uint64_t StoreContent::rows_of(std::string_view table) const {
    const auto found = std::ranges::find(tables, table, &TableCount::name);
    return found == tables.end() ? 0 : found->rows;
}

Result<StoreContent> count_store(const std::string& path) {
    auto database = sqlite::Database::open(path, {.role = sqlite::Role::reader, .vfs = {}});
    if (!database) return fail(std::move(database).error());
    const auto version = database->query_int("PRAGMA user_version");
    if (!version) return fail(version.error());
    const auto known = static_cast<std::int64_t>(order_store_migrations.size());
    if (*version != known) {
        return fail(ErrorKind::conflict, *version < known ? "sqlite.older_version" : "sqlite.newer_version",
                    path + " is of schema version " + std::to_string(*version) + ", this program knows " +
                        std::to_string(known) + ": start the program of this version on it once");
    }
    const auto view = sqlite::Transaction::begin(*database, sqlite::Locking::read);
    if (!view) return fail(view.error());
    return count(*database);
}

Result<TargetState> look_at_target(postgres::ConnectOptions options, const Clock& clock) {
    options.read_only = true;
    auto connection = postgres::Connection::open(options, clock);
    if (!connection) return fail(std::move(connection).error());
    const auto without = postgres::is_empty(*connection);
    if (!without) return fail(without.error());
    if (*without) return TargetState::without_tables;
    if (auto fits = postgres::check_schema(*connection, order_store_schema); !fits) return fail(fits.error());
    const auto filled = connection->run(TableStatements::all().count_filled());
    if (!filled) return fail(filled.error());
    return filled->integer(0, 0) == 0 ? TargetState::empty : TargetState::filled;
}

Result<MovedStore> move_store(const std::string& path, postgres::ConnectOptions options, const Clock& clock,
                              const TellMove& tell) {
    auto source = open_source(path);
    if (!source) return fail(std::move(source).error());
    const auto view = sqlite::Transaction::begin(*source, sqlite::Locking::read);
    if (!view) return fail(view.error());
    options.timeouts = move_times;
    if (auto alone = expect_no_program(options, clock); !alone) return fail(std::move(alone).error());
    auto target = postgres::Connection::open(options, clock);
    if (!target) return fail(std::move(target).error());
    if (auto made = postgres::migrate_if_empty(*target, order_store_schema); !made) {
        return fail(std::move(made).error());
    }
    return move_in(*source, *target, tell);
}

Result<void> compare_store(const std::string& path, postgres::ConnectOptions options, const Clock& clock,
                           const TellMove& tell) {
    auto source = open_source(path);
    if (!source) return fail(std::move(source).error());
    const auto view = sqlite::Transaction::begin(*source, sqlite::Locking::read);
    if (!view) return fail(view.error());
    options.timeouts = move_times;
    options.read_only = true;
    auto target = postgres::Connection::open(options, clock);
    if (!target) return fail(std::move(target).error());
    if (auto fits = postgres::check_schema(*target, order_store_schema); !fits) return fits;
    const RollBack at_the_end(*target);
    if (const auto begun = target->run(begin_comparison); !begun) return fail(begun.error());
    auto same = Moving(*source, *target, tell).compare();
    if (same || same.error().code() != "move.differs") return same;
    return fail(ErrorKind::conflict, "move.target_differs", same.error().detail());
}

}  // namespace orderflow::storage
