// OrderInsert: the statements that write one decided order: its rows, its events, its postings.
#pragma once

#include <cstdint>
#include <span>

#include "libs/orders/domain/decide.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/sqlite/order_select.hpp"

namespace orderflow::storage {

// What the next rows are numbered with. Numbers of rolled back rows are used again.
struct Counters {
    std::int64_t next_number = 1;
    std::int64_t next_event = 1;
    std::int64_t created_bound = 0;  // of the newest order
    std::int64_t block = -1;         // the last that an order was put in by this writer, and its oldest order
    std::int64_t oldest = 0;
};

// Inside a transaction of the writer. Errors: those of libs/sqlite/errors.hpp.
class OrderInsert {
  public:
    static Result<OrderInsert> prepare(sqlite::Database& database);

    // What the database says.
    Result<Counters> counters();

    // Writes the order of a decision, with its events and postings, and gives it as stored. `before` is null for an
    // order that is not stored yet; it is given a number then.
    // unavailable "store.version_changed" when the row is not at the version of `before`: nothing was updated.
    Result<StoredOrder> write(const StoredOrder* before, orders::Decision& decision, Counters& counters);

    // Replaces a stored order by its tombstone: body and search keys go. Events and postings, which hold nothing
    // personal, stay: the outbox and the books need them.
    Result<void> bury(const StoredOrder& stored);

  private:
    OrderInsert() = default;
    Result<void> insert(const StoredOrder& stored);
    Result<void> update(const StoredOrder& before, const StoredOrder& after);
    Result<void> insert_keys(const StoredOrder& stored);
    // Keeps what its block is known to hold right.
    Result<void> count_in_block(const orders::Order& order, Counters& counters);
    Result<void> append_events(StoredOrder& stored, std::span<const orders::OrderEvent> events, Counters& counters);
    Result<void> append_postings(const StoredOrder& stored, std::span<const orders::LedgerPosting> postings);

    sqlite::Statement newest_order_;
    sqlite::Statement newest_event_;
    sqlite::Statement insert_order_;
    sqlite::Statement update_order_;
    sqlite::Statement put_body_;
    sqlite::Statement insert_key_;
    sqlite::Statement age_block_;
    sqlite::Statement insert_events_;
    sqlite::Statement insert_posting_;
    sqlite::Statement delete_body_;
    sqlite::Statement delete_key_;
};

}  // namespace orderflow::storage
