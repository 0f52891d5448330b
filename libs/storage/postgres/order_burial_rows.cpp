#include "libs/storage/postgres/order_burial_rows.hpp"

#include <span>

#include "libs/storage/records/order_record.hpp"
#include "libs/storage/records/search_key.hpp"

namespace orderflow::storage {

namespace {

using postgres::Statement;

const Statement bury_order{"bury_order",
                           "UPDATE orders SET status = $2, record = $3, revision = revision + 1 WHERE number = $1"};
const Statement delete_body{"delete_body", "DELETE FROM order_bodies WHERE number = $1"};
const Statement delete_keys{"delete_keys", "DELETE FROM order_keys WHERE number = $1 AND key = ANY($2)"};

}  // namespace

void add_burial(postgres::Unit& unit, const StoredOrder& stored) {
    const auto& order = stored.order;
    OrderRow row;
    row.number = order.number;
    row.id = order.id;
    row.version = order.version;
    row.status = tombstone_status;
    row.created_bound = stored.created_bound;
    row.last_event = stored.last_event;
    const auto record = encode_tombstone(row, order.status, order.fingerprint);
    auto keys = postgres::Array::of_integers();
    for (const auto key : search_keys(order)) keys.add(key);
    auto& bury = unit.emplace_back(bury_order).parameters;
    bury.integer(row.number).integer(row.status).blob(std::as_bytes(std::span(record)));
    unit.emplace_back(delete_body).parameters.integer(row.number);
    unit.emplace_back(delete_keys).parameters.integer(row.number).array(keys);
}

}  // namespace orderflow::storage
