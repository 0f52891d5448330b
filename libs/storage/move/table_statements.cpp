#include "libs/storage/move/table_statements.hpp"

#include <span>
#include <string_view>
#include <utility>

#include "libs/sqlite/statement.hpp"

namespace orderflow::storage {
namespace {

using postgres::Array;
using postgres::Statement;

// One statement holds so much: enough for few round trips, and little memory on both sides.
constexpr std::size_t rows_per_statement = 4000;
constexpr std::size_t rows_per_fetch = 200;  // a letter may have 256 KiB, and all of them are in memory at once
constexpr std::size_t bytes_per_statement = 2 * 1024 * 1024;

constexpr std::string_view zeros = "'00000000-0000-0000-0000-000000000000'";

template <class Text>
std::string joined(const MovedTable& table, Text text) {
    std::string all;
    for (const auto& column : table.columns) {
        if (!all.empty()) all += ", ";
        all += text(column);
    }
    return all;
}

std::string name_of(const MovedColumn& column) { return std::string(column.name); }

std::string_view array_of(ColumnType type) {
    switch (type) {
        case ColumnType::integer:
        case ColumnType::transaction: return "bigint[]";
        case ColumnType::text: return "text[]";
        case ColumnType::blob: return "bytea[]";
        case ColumnType::uuid:
        case ColumnType::optional_uuid: return "uuid[]";
    }
    return {};
}

// As a column is written: arrays hold no null, and no number becomes the number of a transaction by itself.
std::string written(const MovedColumn& column) {
    const auto name = name_of(column);
    if (column.type == ColumnType::optional_uuid) return "nullif(" + name + ", " + std::string(zeros) + ")";
    return column.type == ColumnType::transaction ? name + "::text::xid8" : name;
}

// As it is read.
std::string read(const MovedColumn& column) {
    const auto name = name_of(column);
    if (column.type == ColumnType::optional_uuid) return "coalesce(" + name + ", " + std::string(zeros) + ")";
    return column.type == ColumnType::transaction ? name + "::text::bigint" : name;
}

std::string insertion_of(const MovedTable& table) {
    int place = 0;
    const auto arrays = joined(table, [&](const MovedColumn& column) {
        return "$" + std::to_string(++place) + "::" + std::string(array_of(column.type));
    });
    const auto names = joined(table, name_of);
    return "INSERT INTO " + std::string(table.name) + " (" + names + ")" +
           (table.has_identity ? " OVERRIDING SYSTEM VALUE" : "") + " SELECT " + joined(table, written) +
           " FROM unnest(" + arrays + ") AS t(" + names + ")";
}

Array column_of(ColumnType type) {
    switch (type) {
        case ColumnType::integer:
        case ColumnType::transaction: return Array::of_integers();
        case ColumnType::text: return Array::of_texts();
        case ColumnType::blob: return Array::of_blobs();
        case ColumnType::uuid:
        case ColumnType::optional_uuid: return Array::of_uuids();
    }
    return Array::of_integers();
}

}  // namespace

const TableStatements& TableStatements::all() {
    static const TableStatements statements;
    return statements;
}

TableStatements::TableStatements() {
    std::string names;
    std::string filled;
    for (const auto& table : moved_tables()) {
        const std::string name(table.name);
        names += (names.empty() ? "" : ", ") + name;
        filled += (filled.empty() ? "" : " + ") + ("(EXISTS (SELECT FROM " + name + "))::int");
        const auto cursor = "move_" + name;
        tables_.push_back(
            {{"move_insert_" + name, insertion_of(table)},
             {"move_declare_" + name, "DECLARE " + cursor + " NO SCROLL CURSOR FOR SELECT " + joined(table, read) +
                                          " FROM " + name + " ORDER BY " + std::string(table.order)},
             {"move_fetch_" + name, "FETCH " + std::to_string(rows_per_fetch) + " FROM " + cursor},
             {"move_close_" + name, "CLOSE " + cursor}});
    }
    lock_ = {"move_lock", "LOCK TABLE " + names + " IN SHARE ROW EXCLUSIVE MODE"};
    count_filled_ = {"move_count_filled", "SELECT " + filled};
    for (const auto& counter : moved_counters()) {
        counters_.push_back({"move_counter_" + std::to_string(counters_.size()),
                             "SELECT setval(" + std::string(counter.sequence) + ", $1)"});
    }
}

const TableStatements::Of& TableStatements::of(const MovedTable& table) const {
    return tables_[static_cast<std::size_t>(&table - moved_tables().data())];
}

RowColumns::RowColumns(const MovedTable& table) {
    for (const auto& column : table.columns) columns_.push_back(column_of(column.type));
}

void RowColumns::add(const MovedRow& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (const auto* number = std::get_if<std::int64_t>(&row[i])) {
            columns_[i].add(*number);
            bytes_ += sizeof(*number);
        } else {
            const auto& bytes = std::get<std::string>(row[i]);
            columns_[i].add(std::string_view(bytes));
            bytes_ += bytes.size();
        }
    }
    ++rows_;
}

bool RowColumns::is_full() const { return rows_ >= rows_per_statement || bytes_ >= bytes_per_statement; }

postgres::Parameters RowColumns::parameters() const {
    postgres::Parameters parameters;
    for (const auto& column : columns_) parameters.array(column);
    return parameters;
}

MovedRow read_row(const MovedTable& table, const postgres::Rows& rows, std::size_t at) {
    MovedRow row;
    row.reserve(table.columns.size());
    for (int i = 0; const auto& column : table.columns) {
        switch (column.type) {
            case ColumnType::integer:
            case ColumnType::transaction: row.emplace_back(rows.integer(at, i)); break;
            case ColumnType::text: row.emplace_back(std::string(rows.text(at, i))); break;
            case ColumnType::blob:
            case ColumnType::uuid:
            case ColumnType::optional_uuid: row.emplace_back(std::string(sqlite::as_text(rows.blob(at, i)))); break;
        }
        ++i;
    }
    return row;
}

}  // namespace orderflow::storage
