// The statements on PostgreSQL that move_store() needs for each table, made of its columns; and how rows get into their
// parameters and out of their answers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libs/postgres/connection.hpp"
#include "libs/storage/move/moved_tables.hpp"

namespace orderflow::storage {

class TableStatements {
  public:
    static const TableStatements& all();

    // Nobody but this transaction writes any of the tables until it ends; others may read.
    const postgres::Statement& lock() const { return lock_; }
    // How many tables have a row.
    const postgres::Statement& count_filled() const { return count_filled_; }
    const postgres::Statement& counter(std::size_t place) const { return counters_[place]; }

    const postgres::Statement& insertion(const MovedTable& table) const { return of(table).insertion; }
    // A cursor over all rows in their order: declared, fetched until nothing comes, closed.
    const postgres::Statement& declaration(const MovedTable& table) const { return of(table).declaration; }
    const postgres::Statement& fetching(const MovedTable& table) const { return of(table).fetching; }
    const postgres::Statement& closing(const MovedTable& table) const { return of(table).closing; }

  private:
    struct Of {
        postgres::Statement insertion, declaration, fetching, closing;
    };
    TableStatements();
    const Of& of(const MovedTable& table) const;

    postgres::Statement lock_;
    postgres::Statement count_filled_;
    std::vector<postgres::Statement> counters_;
    std::vector<Of> tables_;  // in the order of moved_tables()
};

// Rows to be inserted by one statement, column by column.
class RowColumns {
  public:
    explicit RowColumns(const MovedTable& table);
    void add(const MovedRow& row);
    bool empty() const { return rows_ == 0; }
    bool is_full() const;
    postgres::Parameters parameters() const;

  private:
    std::vector<postgres::Array> columns_;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
};

// A row of what fetching() answered.
MovedRow read_row(const MovedTable& table, const postgres::Rows& rows, std::size_t at);

}  // namespace orderflow::storage
