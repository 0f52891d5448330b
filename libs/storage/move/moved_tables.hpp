// How each table of an order store on SQLite becomes the same table on PostgreSQL: columns, order, and what changes in
// a row. docs/formats/order-store.md says why rows differ at all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/sqlite/statement.hpp"

namespace orderflow::storage {

enum class ColumnType : std::uint8_t {
    integer,  // bigint, int or smallint
    text,
    blob,
    uuid,           // 16 bytes
    optional_uuid,  // zeros stand for null
    transaction,    // xid8, as an integer
};

struct MovedColumn {
    std::string_view name;
    ColumnType type;
};

// One value for each column, as PostgreSQL holds it. Texts, blobs and uuids are bytes.
using MovedValue = std::variant<std::int64_t, std::string>;
using MovedRow = std::vector<MovedValue>;

// What rows of the target hold that the source does not know.
struct MoveContext {
    std::int64_t transaction = 0;  // that writes the events: the first half of a position in the outbox there
};

struct MovedTable {
    std::string_view name;
    std::vector<MovedColumn> columns;
    std::string_view order;   // of both, by columns that no two rows share
    std::string_view select;  // from SQLite, in that order
    // Verifies the row's checksum; nothing when it does not match.
    std::optional<MovedRow> (*convert)(const sqlite::Cursor& row, const MoveContext& context);
    bool has_identity = false;  // PostgreSQL counts its `number`
};

// All of them; a table that is not among them is unknown to this program.
const std::vector<MovedTable>& moved_tables();

// SQLite's help for searches by time (order_block.hpp). PostgreSQL has an index of the moved rows in its place.
inline constexpr std::string_view derived_table = "order_blocks";

// A counter of PostgreSQL that has to go on behind the rows, and the highest number that SQLite has given away.
struct MovedCounter {
    std::string_view sequence;  // an expression that names it
    std::string_view highest;   // a query on SQLite
};
std::span<const MovedCounter> moved_counters();

}  // namespace orderflow::storage
