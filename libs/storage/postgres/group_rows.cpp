#include "libs/storage/postgres/group_rows.hpp"

#include <string>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/storage/postgres/letter_rows.hpp"
#include "libs/storage/postgres/transaction.hpp"
#include "libs/storage/records/history_record.hpp"
#include "libs/storage/records/letter_record.hpp"
#include "libs/storage/records/order_record.hpp"
#include "libs/storage/records/search_key.hpp"

namespace orderflow::storage {

namespace {

using postgres::Array;
using postgres::Statement;

const Statement next_numbers{"next_numbers", "SELECT nextval('order_numbers') FROM generate_series(1, $1)"};
const Statement next_events{"next_events", "SELECT nextval('order_event_numbers') FROM generate_series(1, $1)"};

const Statement insert_orders{
    "insert_orders",
    "INSERT INTO orders (number, id, version, revision, status, created_at, last_event, record)"
    " SELECT number, id, version, 1, status, created_at, last_event, record FROM unnest($1::bigint[], $2::uuid[],"
    " $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[])"
    " AS t(number, id, version, status, created_at, last_event, record) ON CONFLICT DO NOTHING"};
const Statement lock_orders{"lock_orders", "SELECT FROM orders WHERE number = ANY($1) ORDER BY id FOR NO KEY UPDATE"};
const Statement update_orders{
    "update_orders",
    std::string("UPDATE orders o SET version = t.version, revision = o.revision + 1, status = t.status,"
                " last_event = t.last_event, record = t.record"
                " FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],"
                " $7::bigint[], $8::bytea[])"
                " AS t(number, id, old_version, old_revision, version, status, last_event, record)"
                " WHERE o.number = t.number AND o.id = t.id") +
        (safeguard(Safeguard::row_version) ? " AND o.version = t.old_version AND o.revision = t.old_revision" : "")};
const Statement put_bodies{"put_bodies",
                           "INSERT INTO order_bodies (number, record) SELECT * FROM unnest($1::bigint[], $2::bytea[])"
                           " ON CONFLICT (number) DO UPDATE SET record = excluded.record"};
const Statement insert_keys{"insert_keys",
                            "INSERT INTO order_keys (key, number) SELECT * FROM unnest($1::bigint[], $2::bigint[])"};
const Statement insert_events{"insert_events",
                              "INSERT INTO order_events (number, seq, previous, record, trace)"
                              " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[],"
                              " $5::text[])"};
const Statement insert_postings{"insert_postings",
                                "INSERT INTO ledger (number, event, line, record)"
                                " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])"};
const Statement insert_intents{
    "insert_intents",
    "INSERT INTO cancel_intents (id, record) SELECT * FROM unnest($1::uuid[], $2::bytea[]) ON CONFLICT DO NOTHING"};
const Statement delete_intents{"delete_intents", "DELETE FROM cancel_intents WHERE id = ANY($1)"};
const Statement count_orders{"count_orders", "SELECT count(*) FROM orders WHERE id = ANY($1)"};
const Statement count_intents{"count_intents", "SELECT count(*) FROM cancel_intents WHERE id = ANY($1)"};
const Statement lock_products{"lock_products",
                              "SELECT FROM products WHERE sku = ANY($1) ORDER BY sku FOR NO KEY UPDATE"};
const Statement move_stock{
    "move_stock",
    std::string("UPDATE products p SET reserved = p.reserved + t.difference, on_hand = p.on_hand - t.shipped"
                " FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS t(sku, difference, shipped)"
                " WHERE p.sku = t.sku") +
        (safeguard(Safeguard::stock_bounds) ? " AND p.reserved + t.difference BETWEEN 0 AND p.on_hand - t.shipped"
                                            : "")};

// No row may be met twice. One that says only that the command was stopped before it began is replaced.
const Statement insert_audits{
    "insert_audits",
    "INSERT INTO operator_commands (id, record) SELECT DISTINCT ON (t.id) t.id, t.record"
    " FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS t(id, record, place) ORDER BY t.id, t.place"
    " ON CONFLICT (id) DO UPDATE SET record = excluded.record, matched = excluded.matched"
    " WHERE operator_commands.matched = " +
        std::to_string(not_begun_matched)};

constexpr const char* version_changed = "store.version_changed";
constexpr const char* stock_changed = "store.stock_changed";

postgres::Bytes bytes_of(const std::string& record) { return std::as_bytes(std::span(record)); }

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

postgres::Unit GroupRows::begin(GroupDraft& draft) {
    postgres::Unit unit{postgres::Request(begin_transaction)};
    bool keeps = false;
    for (const auto& [id, order] : draft.orders()) keeps |= order.keeps_intent();
    unit.emplace_back(keeps && safeguard(Safeguard::insertion_lock) ? own_insertion : share_insertion);
    unit.emplace_back(next_numbers);
    unit.back().parameters.integer(static_cast<std::int64_t>(draft.inserted().size()));
    unit.emplace_back(next_events);
    unit.back().parameters.integer(static_cast<std::int64_t>(draft.transitions().size()));
    return unit;
}

GroupRows::GroupRows(GroupDraft& draft, const postgres::Rows& numbers, const postgres::Rows& seqs) {
    for (std::size_t i = 0; i < draft.inserted().size(); ++i) {
        draft.inserted()[i]->now->order.number = numbers.integer(i, 0);
    }
    add_transitions(draft, seqs);
    add_orders(draft);
    add_intents(draft);
    add_bodies_and_keys(draft);
    add_letters(draft);
    add_audits(draft);
    add_stock(draft);  // last: what many want is locked for the shortest time
}

void GroupRows::add(const Statement& statement, std::vector<const Array*> columns, Expected expected) {
    if (columns.front()->empty()) return;
    postgres::Parameters parameters;
    for (const auto* column : columns) parameters.array(*column);
    unit_.emplace_back(statement, std::move(parameters));
    expected_.push_back(expected);
}

// The order's rows are chained: each names the one before.
void GroupRows::add_transitions(GroupDraft& draft, const postgres::Rows& seqs) {
    auto numbers = Array::of_integers();
    auto events = Array::of_integers();
    auto previous = Array::of_integers();
    auto records = Array::of_blobs();
    auto traces = Array::of_texts();
    auto posting_numbers = Array::of_integers();
    auto posting_events = Array::of_integers();
    auto lines = Array::of_integers();
    auto postings = Array::of_blobs();
    std::size_t next = 0;
    for (auto& [drafted, order_events, order_postings] : draft.transitions()) {
        auto& stored = *drafted->now;
        EventRow row;
        row.seq = seqs.integer(next++, 0);
        row.number = stored.order.number;
        row.previous = stored.last_event;
        if (!order_events.empty()) {
            numbers.add(row.number);
            events.add(row.seq);
            previous.add(row.previous);
            records.add(bytes_of(encode_events(row, order_events)));
            traces.add(std::string_view(order_events.front().traceparent));
            stored.last_event = row.seq;
        }
        PostingKey key{row.number, row.seq, 0};
        for (const auto& posting : order_postings) {
            postings.add(bytes_of(encode_posting(key, posting)));
            posting_numbers.add(key.number);
            posting_events.add(key.event);
            lines.add(key.line++);
        }
    }
    add(insert_events, {&numbers, &events, &previous, &records, &traces}, {});
    add(insert_postings, {&posting_numbers, &posting_events, &lines, &postings}, {});
}

void GroupRows::add_orders(GroupDraft& draft) {
    auto numbers = Array::of_integers();
    auto ids = Array::of_uuids();
    auto versions = Array::of_integers();
    auto statuses = Array::of_integers();
    auto created = Array::of_integers();
    auto last_events = Array::of_integers();
    auto records = Array::of_blobs();
    auto changed_numbers = Array::of_integers();
    auto changed_ids = Array::of_uuids();
    auto old_versions = Array::of_integers();
    auto old_revisions = Array::of_integers();
    auto new_versions = Array::of_integers();
    auto new_statuses = Array::of_integers();
    auto new_last_events = Array::of_integers();
    auto new_records = Array::of_blobs();
    for (const auto& [id, order] : draft.orders()) {
        if (!order.changed) continue;
        const auto row = row_of(*order.now);
        const auto record = encode_state(row, order.now->order);
        (order.inserted() ? numbers : changed_numbers).add(row.number);
        (order.inserted() ? ids : changed_ids).add(postgres::Bytes(row.id.bytes()));
        (order.inserted() ? versions : new_versions).add(row.version);
        (order.inserted() ? statuses : new_statuses).add(row.status);
        (order.inserted() ? last_events : new_last_events).add(row.last_event);
        (order.inserted() ? records : new_records).add(bytes_of(record));
        if (order.inserted()) {
            created.add(row.created_bound);
        } else {
            old_versions.add(order.version);
            old_revisions.add(order.revision);
        }
    }
    add(lock_orders, {&changed_numbers}, {});
    add(update_orders,
        {&changed_numbers, &changed_ids, &old_versions, &old_revisions, &new_versions, &new_statuses, &new_last_events,
         &new_records},
        {Expected::Of::changed, changed_numbers.size(), version_changed});
    add(insert_orders, {&numbers, &ids, &versions, &statuses, &created, &last_events, &records},
        {Expected::Of::changed, numbers.size(), version_changed});
}

void GroupRows::add_intents(GroupDraft& draft) {
    auto kept = Array::of_uuids();
    auto records = Array::of_blobs();
    auto dropped = Array::of_uuids();
    auto inserted = Array::of_uuids();
    std::size_t known = 0;  // intents of the orders that are inserted
    for (const auto& [id, order] : draft.orders()) {
        const postgres::Bytes bytes(id.bytes());
        if (order.inserted()) {
            inserted.add(bytes);
            if (order.intent_stored) ++known;
        }
        if (order.keeps_intent()) {
            kept.add(bytes);
            records.add(bytes_of(encode_intent(id, *order.intent)));
        }
        if (order.drops_intent()) dropped.add(bytes);
    }
    add(count_orders, {&kept}, {Expected::Of::count, 0, version_changed});
    add(insert_intents, {&kept, &records}, {});
    add(count_intents, {&inserted}, {Expected::Of::count, known, version_changed});
    add(delete_intents, {&dropped}, {Expected::Of::changed, dropped.size(), version_changed});
}

void GroupRows::add_bodies_and_keys(GroupDraft& draft) {
    auto numbers = Array::of_integers();
    auto records = Array::of_blobs();
    auto keys = Array::of_integers();
    auto keyed = Array::of_integers();
    for (const auto& [id, order] : draft.orders()) {
        if (!order.body_changed) continue;
        const auto& stored = order.now->order;
        numbers.add(stored.number);
        records.add(bytes_of(encode_body(stored)));
        if (!order.inserted()) continue;
        for (const auto key : search_keys(stored)) {
            keys.add(key);
            keyed.add(stored.number);
        }
    }
    add(put_bodies, {&numbers, &records}, {});
    add(insert_keys, {&keys, &keyed}, {});
}

void GroupRows::add_letters(const GroupDraft& draft) {
    if (!draft.letters().empty()) {
        unit_.push_back(LetterColumns(draft.letters()).insertion());
        expected_.emplace_back();
    }
    if (!draft.letters_once().empty()) {
        unit_.push_back(LetterColumns(draft.letters_once()).insertion_once());
        expected_.emplace_back();
    }
}

void GroupRows::add_audits(const GroupDraft& draft) {
    auto ids = Array::of_texts();
    auto records = Array::of_blobs();
    for (const auto& audit : draft.audits()) {
        ids.add(std::string_view(audit.id));
        records.add(bytes_of(encode_command(audit)));
    }
    add(insert_audits, {&ids, &records}, {});
}

void GroupRows::add_stock(const GroupDraft& draft) {
    auto skus = Array::of_texts();
    auto differences = Array::of_integers();
    auto shipped = Array::of_integers();
    for (const auto& [sku, reserve, ship] : draft.stock()) {
        skus.add(std::string_view(sku));
        differences.add(reserve);
        shipped.add(ship);
    }
    add(lock_products, {&skus}, {});
    add(move_stock, {&skus, &differences, &shipped}, {Expected::Of::changed, skus.size(), stock_changed});
}

Result<void> GroupRows::check(const std::vector<postgres::Rows>& answers) const {
    for (std::size_t i = 0; i < expected_.size(); ++i) {
        const auto& expected = expected_[i];
        bool met = true;
        switch (expected.of) {
            case Expected::Of::anything: break;
            case Expected::Of::changed: met = answers[i].changed() == expected.rows; break;
            case Expected::Of::count: met = answers[i].integer(0, 0) == static_cast<std::int64_t>(expected.rows); break;
        }
        if (!met && safeguard(Safeguard::rows_changed))
            return fail(ErrorKind::unavailable, expected.otherwise, "another worker wrote what this group read");
    }
    return {};
}

}  // namespace orderflow::storage
