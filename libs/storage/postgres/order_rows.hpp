// Whole orders as PostgreSQL answers them; shared by the writer and the readers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/postgres/rows.hpp"
#include "libs/storage/records/history_record.hpp"
#include "libs/storage/records/order_record.hpp"
#include "libs/storage/records/stored_order.hpp"

namespace orderflow::storage {

// The columns that read_order() and read_order_row() expect first, of `orders o`.
inline constexpr const char* order_columns =
    "o.number, o.id, o.version, o.status, o.created_at, o.last_event, o.record, o.revision";
// ... followed by the body.
inline const std::string select_orders = std::string("SELECT ") + order_columns +
                                         ", b.record FROM orders o LEFT JOIN order_bodies b ON b.number = o.number ";

struct ReadOrder {
    FoundOrder found;
    std::int64_t number = 0;
    std::int64_t version = 0;
    std::int64_t revision = 0;  // counts the writes of the row, also those without an event
};

// internal "store.damaged_row" when a checksum does not match; the detail names the row.
Error damaged_row(const std::string& where);
Result<ReadOrder> read_order(const postgres::Rows& rows, std::size_t row);
// Its record lives as long as `rows`.
OrderRow read_order_row(const postgres::Rows& rows, std::size_t row);
// A row of "SELECT seq, number, previous, record, trace FROM order_events". `previous`: seq of the order's row before,
// 0 for none; becomes that of this one.
Result<std::vector<orders::OrderEvent>> read_event_row(const postgres::Rows& rows, std::size_t at,
                                                       std::int64_t& previous);
// A row of "SELECT number, event, line, record FROM ledger".
Result<orders::LedgerPosting> read_posting_row(const postgres::Rows& rows, std::size_t at);
orders::OrderId read_id(const postgres::Rows& rows, std::size_t row, int column);

}  // namespace orderflow::storage
