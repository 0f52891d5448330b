#include "libs/storage/sqlite/order_select.hpp"

#include <algorithm>
#include <string>

#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

namespace {

constexpr int id_column = 1;
constexpr int body_column = 7;

std::optional<OrderRow> row_of(const sqlite::Cursor& cursor) {
    OrderRow row;
    row.number = cursor.integer(0);
    const auto id = cursor.blob(id_column);
    orders::OrderId::Bytes bytes{};
    if (id.size() != bytes.size()) return std::nullopt;
    std::ranges::copy(id, bytes.begin());
    row.id = orders::OrderId(bytes);
    row.version = cursor.integer(2);
    row.status = cursor.integer(3);
    row.created_bound = cursor.integer(4);
    row.last_event = cursor.integer(5);
    row.record = cursor.blob(6);
    return row;
}

Error damaged(const sqlite::Cursor& cursor) {
    return sqlite::corrupt("orders, number " + std::to_string(cursor.integer(0)));
}

Result<FoundOrder> found(sqlite::Cursor cursor) {
    const auto there = cursor.next();
    if (!there) return fail(there.error());
    if (!*there) return FoundOrder();
    return OrderSelect::read(cursor);
}

}  // namespace

Result<FoundOrder> OrderSelect::read(const sqlite::Cursor& cursor) {
    FoundOrder result;
    const auto row = row_of(cursor);
    if (!row) return fail(damaged(cursor));
    result.id = row->id;
    if (row->status == tombstone_status) {
        result.tombstone = decode_tombstone(*row);
        if (!result.tombstone) return fail(damaged(cursor));
        return result;
    }
    auto order = decode_order(*row, cursor.blob(body_column));
    if (!order) return fail(damaged(cursor));
    result.order.emplace(*std::move(order));
    result.order->created_bound = row->created_bound;
    result.order->last_event = row->last_event;
    return result;
}

Result<OrderSelect> OrderSelect::prepare(sqlite::Database& database) {
    OrderSelect select;
    const std::string row = "SELECT o.number, o.id, o.version, o.status, o.created_bound, o.last_event, o.record";
    const std::string whole = row + ", b.record FROM orders o LEFT JOIN order_bodies b ON b.number = o.number";
    const std::string page = " ORDER BY o.number LIMIT ?2";
    auto prepared =
        database.prepare_all({{&select.by_id_, whole + " WHERE o.id = ?1"},
                              {&select.by_number_, whole + " WHERE o.number = ?1"},
                              {&select.row_by_id_, row + " FROM orders o WHERE o.id = ?1"},
                              {&select.number_by_id_, "SELECT number FROM orders WHERE id = ?1"},
                              {&select.all_, whole + " ORDER BY o.number"},
                              {&select.after_, whole + " WHERE o.number > ?1 AND o.status <> 100" + page},
                              {&select.after_of_status_, whole + " WHERE o.status = ?3 AND o.number > ?1" + page},
                              {&select.newest_, "SELECT max(number) FROM orders"}});
    if (!prepared) return fail(std::move(prepared).error());
    return select;
}

Result<FoundOrder> OrderSelect::find(const orders::OrderId& id) {
    return found(by_id_.query(sqlite::Blob(id.bytes())));
}

Result<FoundOrder> OrderSelect::at(std::int64_t number) { return found(by_number_.query(number)); }

Result<std::optional<orders::Fingerprint>> OrderSelect::fingerprint(const orders::OrderId& id) {
    auto cursor = row_by_id_.query(sqlite::Blob(id.bytes()));
    const auto there = cursor.next();
    if (!there) return fail(there.error());
    if (!*there) return std::nullopt;
    const auto row = row_of(cursor);
    const auto fingerprint = row ? decode_fingerprint(*row) : std::nullopt;
    if (!fingerprint) return fail(damaged(cursor));
    return fingerprint;
}

Result<std::int64_t> OrderSelect::number_of(const orders::OrderId& id) {
    auto cursor = number_by_id_.query(sqlite::Blob(id.bytes()));
    const auto there = cursor.next();
    if (!there) return fail(there.error());
    return *there ? cursor.integer(0) : 0;
}

Result<std::int64_t> OrderSelect::newest() {
    auto cursor = newest_.query();
    const auto there = cursor.next();
    if (!there) return fail(there.error());
    return cursor.integer(0);  // 0 for NULL
}

}  // namespace orderflow::storage
