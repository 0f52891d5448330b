// move_store(): an order store on SQLite that no program has open becomes one on PostgreSQL, whole or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

struct TableCount {
    std::string_view name;
    std::uint64_t rows = 0;
};

struct StoreContent {
    std::vector<TableCount> tables;
    std::uint64_t rows() const;
    std::uint64_t rows_of(std::string_view table) const;
};

// How many rows each table has, also while a program writes it. conflict "sqlite.older_version" or
// "sqlite.newer_version"; internal "move.unknown_table"; the errors of sqlite::Database::open().
Result<StoreContent> count_store(const std::string& path);

enum class TargetState : std::uint8_t {
    without_tables,  // of this system
    empty,
    filled,
};
// Reads only. The errors of postgres::Connection::open() and postgres::check_schema().
Result<TargetState> look_at_target(postgres::ConnectOptions options, const Clock& clock);

struct MovedStore {
    StoreContent content;
    bool was_there = false;  // by an earlier move; it was compared, and nothing was written
};

// `moving`: some thousand rows more of a table were copied, or compared.
struct MoveProgress {
    enum class Doing : std::uint8_t { copying, comparing };
    Doing doing;
    std::string_view table;
    std::uint64_t rows;  // of this table so far
};
using TellMove = std::function<void(const MoveProgress&)>;

// In one transaction, in which nobody else writes: the target, which is empty, gets every row of every table, its
// counters go on behind them, and each row is read back and compared with its source; then it is committed. A target
// that holds exactly these rows already is as good. An empty database is given its tables before. Durable when it
// returns. Every checksum is verified.
//
// conflict "move.target_filled": something else is there; conflict "store.in_use": a program is on it. internal
// "move.differs": a row read back is another one; internal "disk.corrupt", "store.damaged_row". Those of
// sqlite::open_at_rest(), libs/postgres/errors.hpp, postgres::migrate_if_empty() and storage::commit(). After any error
// but unavailable "store.outcome_unknown" nothing of it is there; after that one, the same again finds out.
Result<MovedStore> move_store(const std::string& path, postgres::ConnectOptions options, const Clock& clock,
                              const TellMove& tell);

// Whether the target holds exactly these rows still. Writes nothing. conflict "move.target_differs" when not; else the
// errors of move_store().
Result<void> compare_store(const std::string& path, postgres::ConnectOptions options, const Clock& clock,
                           const TellMove& tell);

}  // namespace orderflow::storage
