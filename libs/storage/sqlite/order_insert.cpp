#include "libs/storage/sqlite/order_insert.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/history_record.hpp"
#include "libs/storage/records/order_record.hpp"
#include "libs/storage/records/search_key.hpp"
#include "libs/storage/sqlite/order_block.hpp"

namespace orderflow::storage {

namespace {

using sqlite::as_blob;
using sqlite::Blob;

Result<void> done(const Result<std::int64_t>& ran) {
    if (!ran) return fail(ran.error());
    return {};
}

OrderRow row_of(const StoredOrder& stored) {
    OrderRow row;
    row.number = stored.order.number;
    row.id = stored.order.id;
    row.version = stored.order.version;
    row.status = std::to_underlying(stored.order.status);
    row.created_bound = stored.created_bound;
    row.last_event = stored.last_event;
    return row;
}

}  // namespace

Result<OrderInsert> OrderInsert::prepare(sqlite::Database& database) {
    OrderInsert insert;
    auto prepared = database.prepare_all({
        {&insert.newest_order_, "SELECT number, created_bound FROM orders ORDER BY number DESC LIMIT 1"},
        {&insert.newest_event_, "SELECT max(seq) FROM order_events"},
        {&insert.insert_order_, "INSERT INTO orders VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
        {&insert.update_order_,
         "UPDATE orders SET version = ?1, status = ?2, last_event = ?3, record = ?4"
         " WHERE number = ?5 AND version = ?6 AND id = ?7"},
        {&insert.put_body_, "INSERT OR REPLACE INTO order_bodies VALUES (?1, ?2)"},
        {&insert.insert_key_, "INSERT INTO order_keys VALUES (?1, ?2)"},
        {&insert.age_block_,
         "INSERT INTO order_blocks VALUES (?1, ?2) ON CONFLICT (block) DO UPDATE SET oldest = min(oldest, ?2)"},
        {&insert.insert_events_, "INSERT INTO order_events VALUES (?1, ?2, ?3, ?4, ?5)"},
        {&insert.insert_posting_, "INSERT INTO ledger VALUES (?1, ?2, ?3, ?4)"},
        {&insert.delete_body_, "DELETE FROM order_bodies WHERE number = ?1"},
        {&insert.delete_key_, "DELETE FROM order_keys WHERE key = ?1 AND number = ?2"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return insert;
}

Result<Counters> OrderInsert::counters() {
    Counters counters;
    auto order = newest_order_.query();
    const auto any_order = order.next();
    if (!any_order) return fail(any_order.error());
    if (*any_order) {
        counters.next_number = order.integer(0) + 1;
        counters.created_bound = order.integer(1);
    }
    auto event = newest_event_.query();
    const auto any_event = event.next();
    if (!any_event) return fail(any_event.error());
    counters.next_event = event.integer(0) + 1;
    return counters;
}

Result<StoredOrder> OrderInsert::write(const StoredOrder* before, orders::Decision& decision, Counters& counters) {
    StoredOrder after(*std::exchange(decision.order, std::nullopt));
    if (before == nullptr) {
        after.order.number = counters.next_number++;
        counters.created_bound = std::max(counters.created_bound, to_unix_ms(after.order.created_at));
        after.created_bound = counters.created_bound;
        if (auto counted = count_in_block(after.order, counters); !counted) return fail(counted.error());
    } else {
        after.created_bound = before->created_bound;
        after.last_event = before->last_event;
    }
    if (auto appended = append_events(after, decision.events, counters); !appended) return fail(appended.error());
    if (auto posted = append_postings(after, decision.ledger); !posted) return fail(posted.error());
    auto written = before == nullptr ? insert(after) : update(*before, after);
    if (!written) return fail(std::move(written).error());
    return after;
}

Result<void> OrderInsert::insert(const StoredOrder& stored) {
    const auto row = row_of(stored);
    const auto state = encode_state(row, stored.order);
    auto inserted = insert_order_.run(row.number, Blob(row.id.bytes()), row.version, row.status, row.created_bound,
                                      row.last_event, as_blob(state));
    if (!inserted) return fail(std::move(inserted).error());
    const auto body = encode_body(stored.order);
    if (auto put = put_body_.run(row.number, as_blob(body)); !put) return fail(std::move(put).error());
    return insert_keys(stored);
}

Result<void> OrderInsert::update(const StoredOrder& before, const StoredOrder& after) {
    const auto row = row_of(after);
    const auto state = encode_state(row, after.order);
    const auto changed = update_order_.run(row.version, row.status, row.last_event, as_blob(state), row.number,
                                           before.order.version, Blob(row.id.bytes()));
    if (!changed) return fail(changed.error());
    if (*changed != 1 && safeguard(Safeguard::version_check)) {
        return fail(ErrorKind::unavailable, "store.version_changed",
                    "order number " + std::to_string(row.number) + " is not at the version it was loaded with");
    }
    if (same_body(before.order, after.order)) return {};
    const auto body = encode_body(after.order);
    return done(put_body_.run(row.number, as_blob(body)));
}

Result<void> OrderInsert::insert_keys(const StoredOrder& stored) {
    for (const auto key : search_keys(stored.order)) {
        if (auto inserted = insert_key_.run(key, stored.order.number); !inserted) return done(inserted);
    }
    return {};
}

// A row is written where a block begins and where an order is older than all before it: seldom.
Result<void> OrderInsert::count_in_block(const orders::Order& order, Counters& counters) {
    const auto block = block_of(order.number);
    const auto created = to_unix_ms(order.created_at);
    if (block == counters.block && created >= counters.oldest) return {};
    if (auto aged = age_block_.run(block, created); !aged) return done(aged);
    counters.block = block;
    counters.oldest = created;
    return {};
}

Result<void> OrderInsert::append_events(StoredOrder& stored, std::span<const orders::OrderEvent> events,
                                        Counters& counters) {
    if (events.empty()) return {};
    EventRow row;
    row.seq = counters.next_event++;
    row.number = stored.order.number;
    row.previous = stored.last_event;
    const auto record = encode_events(row, events);
    stored.last_event = row.seq;
    return done(insert_events_.run(row.seq, row.number, row.previous, as_blob(record),
                                   std::string_view(events.front().traceparent)));
}

Result<void> OrderInsert::append_postings(const StoredOrder& stored, std::span<const orders::LedgerPosting> postings) {
    PostingKey key{stored.order.number, stored.last_event, 0};
    for (const auto& posting : postings) {
        const auto record = encode_posting(key, posting);
        auto inserted = insert_posting_.run(key.number, key.event, key.line++, as_blob(record));
        if (!inserted) return done(inserted);
    }
    return {};
}

Result<void> OrderInsert::bury(const StoredOrder& stored) {
    auto row = row_of(stored);
    row.status = tombstone_status;
    const auto record = encode_tombstone(row, stored.order.status, stored.order.fingerprint);
    const auto changed = update_order_.run(row.version, row.status, row.last_event, as_blob(record), row.number,
                                           row.version, Blob(row.id.bytes()));
    if (!changed) return fail(changed.error());
    for (const auto key : search_keys(stored.order)) {
        if (auto gone = delete_key_.run(key, row.number); !gone) return done(gone);
    }
    return done(delete_body_.run(row.number));
}

}  // namespace orderflow::storage
