#include "libs/storage/postgres/order_rows.hpp"

#include <algorithm>
#include <utility>

#include "libs/base/invariant.hpp"

namespace orderflow::storage {

namespace {

constexpr int revision_column = 7;
constexpr int body_column = 8;

}  // namespace

Error damaged_row(const std::string& where) {
    return Error(ErrorKind::internal, "store.damaged_row", "checksum does not match: " + where);
}

orders::OrderId read_id(const postgres::Rows& rows, std::size_t row, int column) {
    const auto bytes = rows.blob(row, column);
    orders::OrderId::Bytes id{};
    ORDERFLOW_INVARIANT(bytes.size() == id.size());  // a uuid
    std::ranges::copy(bytes, id.begin());
    return orders::OrderId(id);
}

OrderRow read_order_row(const postgres::Rows& rows, std::size_t row) {
    OrderRow order;
    order.number = rows.integer(row, 0);
    order.id = read_id(rows, row, 1);
    order.version = rows.integer(row, 2);
    order.status = rows.integer(row, 3);
    order.created_bound = rows.integer(row, 4);
    order.last_event = rows.integer(row, 5);
    order.record = rows.blob(row, 6);
    return order;
}

Result<ReadOrder> read_order(const postgres::Rows& rows, std::size_t at) {
    const auto row = read_order_row(rows, at);
    const auto damaged = [&] { return damaged_row("orders, number " + std::to_string(row.number)); };
    ReadOrder read;
    read.number = row.number;
    read.version = row.version;
    read.revision = rows.integer(at, revision_column);
    read.found.id = row.id;
    if (row.status == tombstone_status) {
        read.found.tombstone = decode_tombstone(row);
        if (!read.found.tombstone) return fail(damaged());
        return read;
    }
    auto order = decode_order(row, rows.blob(at, body_column));
    if (!order) return fail(damaged());
    read.found.order.emplace(*std::move(order));
    read.found.order->created_bound = row.created_bound;
    read.found.order->last_event = row.last_event;
    return read;
}

Result<std::vector<orders::OrderEvent>> read_event_row(const postgres::Rows& rows, std::size_t at,
                                                       std::int64_t& previous) {
    EventRow row;
    row.seq = rows.integer(at, 0);
    row.number = rows.integer(at, 1);
    row.previous = rows.integer(at, 2);
    row.record = rows.blob(at, 3);
    row.trace = rows.text(at, 4);
    auto decoded = decode_events(row);
    if (!decoded || row.previous != previous) {
        return fail(damaged_row("order_events, seq " + std::to_string(row.seq)));
    }
    previous = row.seq;
    return *std::move(decoded);
}

Result<orders::LedgerPosting> read_posting_row(const postgres::Rows& rows, std::size_t at) {
    const PostingKey key{rows.integer(at, 0), rows.integer(at, 1), rows.integer(at, 2)};
    auto posting = decode_posting(key, rows.blob(at, 3));
    if (!posting) return fail(damaged_row("ledger, order number " + std::to_string(key.number)));
    return *std::move(posting);
}

}  // namespace orderflow::storage
