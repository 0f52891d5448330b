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

}  // namespace orderflow::storage
