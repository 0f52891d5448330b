#include "libs/storage/move/moved_tables.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "libs/storage/records/command_record.hpp"
#include "libs/storage/records/command_time_record.hpp"
#include "libs/storage/records/endpoint_record.hpp"
#include "libs/storage/records/history_record.hpp"
#include "libs/storage/records/instance_record.hpp"
#include "libs/storage/records/item_record.hpp"
#include "libs/storage/records/letter_record.hpp"
#include "libs/storage/records/order_record.hpp"
#include "libs/storage/records/worker_settings_record.hpp"

namespace orderflow::storage {
namespace {

using Maybe = std::optional<MovedRow>;
using sqlite::Cursor;

std::string bytes_of(Bytes bytes) { return std::string(sqlite::as_text(bytes)); }
std::string bytes_of(const orders::OrderId& id) { return bytes_of(Bytes(id.bytes())); }
std::string text_of(std::string_view text) { return std::string(text); }

std::optional<orders::OrderId> id_of(const Cursor& row, int column) {
    const auto blob = row.blob(column);
    orders::OrderId::Bytes bytes{};
    if (blob.size() != bytes.size()) return std::nullopt;
    std::ranges::copy(blob, bytes.begin());
    return orders::OrderId(bytes);
}

// `created_bound` becomes the order's own time of creation. Of a tombstone only the bound is left.
Maybe order(const Cursor& row, const MoveContext&) {
    constexpr int body_column = 7;
    const auto id = id_of(row, 1);
    if (!id) return std::nullopt;
    const OrderRow known{.number = row.integer(0),
                         .id = *id,
                         .version = row.integer(2),
                         .status = row.integer(3),
                         .created_bound = row.integer(4),
                         .last_event = row.integer(5),
                         .record = row.blob(6)};
    auto created = known.created_bound;
    if (known.status != tombstone_status) {
        const auto whole = decode_order(known, row.blob(body_column));
        if (!whole) return std::nullopt;
        created = to_unix_ms(whole->created_at);
    }
    auto record = with_created_bound(known, created);
    if (!record) return std::nullopt;
    constexpr std::int64_t first_revision = 1;
    return MovedRow{known.number, bytes_of(*id), known.version,    first_revision,
                    known.status, created,       known.last_event, *std::move(record)};
}

// Its checksum was verified with that of its order.
Maybe body(const Cursor& row, const MoveContext&) { return MovedRow{row.integer(0), bytes_of(row.blob(1))}; }

Maybe key(const Cursor& row, const MoveContext&) { return MovedRow{row.integer(0), row.integer(1)}; }

Maybe events(const Cursor& row, const MoveContext& context) {
    const EventRow known{row.integer(0), row.integer(1), row.integer(2), row.blob(3)};
    if (!decode_events(known)) return std::nullopt;
    return MovedRow{context.transaction,    known.seq,           known.number, known.previous,
                    bytes_of(known.record), text_of(row.text(4))};
}

Maybe posting(const Cursor& row, const MoveContext&) {
    const PostingKey known{row.integer(0), row.integer(1), row.integer(2)};
    if (!decode_posting(known, row.blob(3))) return std::nullopt;
    return MovedRow{known.number, known.event, known.line, bytes_of(row.blob(3))};
}

// Stock is no part of the checksum there.
Maybe product(const Cursor& row, const MoveContext&) {
    orders::Stock stock;
    stock.on_hand = row.integer(1);
    stock.reserved = row.integer(2);
    const auto item = decode_item(row.text(0), stock, row.blob(3));
    if (!item) return std::nullopt;
    return MovedRow{text_of(row.text(0)), stock.on_hand, stock.reserved,
                    encode_item(orders::ShelfItem(item->product, orders::Stock()))};
}

Maybe intent(const Cursor& row, const MoveContext&) {
    const auto id = id_of(row, 0);
    if (!id || !decode_intent(*id, row.blob(1))) return std::nullopt;
    return MovedRow{bytes_of(*id), bytes_of(row.blob(1))};
}

// The columns for searches are taken from the record: an older program may have left them empty.
Maybe letter(const Cursor& row, const MoveContext&) {
    const auto known = decode_letter(row.integer(0), row.text(1), row.blob(2));
    if (!known) return std::nullopt;
    return MovedRow{known->number,        text_of(row.text(1)), std::int64_t{std::to_underlying(known->state)},
                    known->letter.code,   known->letter.queue,  bytes_of(known->order.value_or(orders::OrderId())),
                    bytes_of(row.blob(2))};
}

Maybe command(const Cursor& row, const MoveContext&) {
    if (!decode_command(row.integer(0), row.text(1), row.blob(2))) return std::nullopt;
    return MovedRow{row.integer(0), text_of(row.text(1)), bytes_of(row.blob(2)), row.integer(3)};
}

Maybe instance(const Cursor& row, const MoveContext&) {
    if (!decode_instance(row.text(0), from_unix_ms(row.integer(1)), row.blob(2))) return std::nullopt;
    return MovedRow{text_of(row.text(0)), row.integer(1), bytes_of(row.blob(2))};
}

Maybe instance_figures(const Cursor& row, const MoveContext&) {
    if (!decode_instance(row.text(1), from_unix_ms(row.integer(0)), row.blob(3))) return std::nullopt;
    return MovedRow{row.integer(0), text_of(row.text(1)), row.integer(2), bytes_of(row.blob(3))};
}

Maybe worker_settings(const Cursor& row, const MoveContext&) {
    if (!decode_worker_settings(row.blob(1))) return std::nullopt;
    return MovedRow{row.integer(0), bytes_of(row.blob(1))};
}

Maybe command_time(const Cursor& row, const MoveContext&) {
    if (!decode_command_time(row.text(0), row.blob(1))) return std::nullopt;
    return MovedRow{text_of(row.text(0)), bytes_of(row.blob(1))};
}

// Nobody holds its lease there.
Maybe endpoint(const Cursor& row, const MoveContext&) {
    if (!decode_endpoint(row.text(0), row.blob(1))) return std::nullopt;
    return MovedRow{text_of(row.text(0)), std::string(), std::int64_t{0}, bytes_of(row.blob(1))};
}

// All events are written by one transaction, in the order of `seq`: a position keeps its place among them.
Maybe lane(const Cursor& row, const MoveContext& context) {
    auto known = decode_lane(row.text(0), row.text(1), row.blob(2));
    if (!known) return std::nullopt;
    if (known->cursor != orders::EventPosition()) known->cursor = {context.transaction, known->cursor.first};
    return MovedRow{text_of(row.text(0)), text_of(row.text(1)), encode_lane(row.text(0), *known)};
}

Maybe delivery(const Cursor& row, const MoveContext&) {
    const auto order = id_of(row, 2);
    if (!order || !decode_delivery(row.integer(0), row.text(1), row.blob(5))) return std::nullopt;
    return MovedRow{row.integer(0), text_of(row.text(1)), bytes_of(*order),
                    row.integer(3), row.integer(4),       bytes_of(row.blob(5))};
}

constexpr auto integer = ColumnType::integer;
constexpr auto text = ColumnType::text;
constexpr auto blob = ColumnType::blob;
constexpr auto uuid = ColumnType::uuid;
constexpr auto optional_uuid = ColumnType::optional_uuid;
constexpr auto xact = ColumnType::transaction;

std::vector<MovedTable> tables_of_orders() {
    return {
        {.name = "orders",
         .columns = {{"number", integer},
                     {"id", uuid},
                     {"version", integer},
                     {"revision", integer},
                     {"status", integer},
                     {"created_at", integer},
                     {"last_event", integer},
                     {"record", blob}},
         .order = "number",
         .select = "SELECT o.number, o.id, o.version, o.status, o.created_bound, o.last_event, o.record, b.record"
                   " FROM orders o LEFT JOIN order_bodies b ON b.number = o.number ORDER BY o.number",
         .convert = order},
        {.name = "order_bodies",
         .columns = {{"number", integer}, {"record", blob}},
         .order = "number",
         .select = "SELECT number, record FROM order_bodies ORDER BY number",
         .convert = body},
        {.name = "order_keys",
         .columns = {{"key", integer}, {"number", integer}},
         .order = "key, number",
         .select = "SELECT key, number FROM order_keys ORDER BY key, number",
         .convert = key},
        {.name = "order_events",
         .columns = {{"xact", xact},
                     {"seq", integer},
                     {"number", integer},
                     {"previous", integer},
                     {"record", blob},
                     {"trace", text}},
         .order = "order_events.xact, order_events.seq",
         .select = "SELECT seq, number, previous, record, trace FROM order_events ORDER BY seq",
         .convert = events},
        {.name = "ledger",
         .columns = {{"number", integer}, {"event", integer}, {"line", integer}, {"record", blob}},
         .order = "number, event, line",
         .select = "SELECT number, event, line, record FROM ledger ORDER BY number, event, line",
         .convert = posting},
        {.name = "products",
         .columns = {{"sku", text}, {"on_hand", integer}, {"reserved", integer}, {"record", blob}},
         .order = "sku",
         .select = "SELECT sku, on_hand, reserved, record FROM products ORDER BY sku",
         .convert = product},
        {.name = "cancel_intents",
         .columns = {{"id", uuid}, {"record", blob}},
         .order = "id",
         .select = "SELECT id, record FROM cancel_intents ORDER BY id",
         .convert = intent},
    };
}

std::vector<MovedTable> tables_beside_orders() {
    return {
        {.name = "dead_letters",
         .columns = {{"number", integer},
                     {"message_id", text},
                     {"state", integer},
                     {"code", text},
                     {"queue", text},
                     {"order_id", optional_uuid},
                     {"record", blob}},
         .order = "number",
         .select = "SELECT number, message_id, record FROM dead_letters ORDER BY number",
         .convert = letter,
         .has_identity = true},
        {.name = "operator_commands",
         .columns = {{"number", integer}, {"id", text}, {"record", blob}, {"matched", integer}},
         .order = "number",
         .select = "SELECT number, id, record, matched FROM operator_commands ORDER BY number",
         .convert = command,
         .has_identity = true},
        {.name = "instances",
         .columns = {{"id", text}, {"last_at", integer}, {"record", blob}},
         .order = "id",
         .select = "SELECT id, last_at, record FROM instances ORDER BY id",
         .convert = instance},
        {.name = "instance_rows",
         .columns = {{"ends_at", integer}, {"instance", text}, {"minute", integer}, {"record", blob}},
         .order = "ends_at, instance",
         .select = "SELECT ends_at, instance, minute, record FROM instance_rows ORDER BY ends_at, instance",
         .convert = instance_figures},
        {.name = "worker_settings",
         .columns = {{"one", integer}, {"record", blob}},
         .order = "one",
         .select = "SELECT one, record FROM worker_settings ORDER BY one",
         .convert = worker_settings},
        {.name = "command_times",
         .columns = {{"subject", text}, {"record", blob}},
         .order = "subject",
         .select = "SELECT subject, record FROM command_times ORDER BY subject",
         .convert = command_time},
        {.name = "event_endpoints",
         .columns = {{"id", text}, {"owner", text}, {"beat", integer}, {"record", blob}},
         .order = "id",
         .select = "SELECT id, record FROM event_endpoints ORDER BY id",
         .convert = endpoint},
        {.name = "event_lanes",
         .columns = {{"endpoint", text}, {"lane", text}, {"record", blob}},
         .order = "endpoint, lane",
         .select = "SELECT endpoint, lane, record FROM event_lanes ORDER BY endpoint, lane",
         .convert = lane},
        {.name = "event_deliveries",
         .columns = {{"number", integer},
                     {"endpoint", text},
                     {"order_id", uuid},
                     {"outcome", integer},
                     {"at", integer},
                     {"record", blob}},
         .order = "number",
         .select = "SELECT number, endpoint, order_id, outcome, at, record FROM event_deliveries ORDER BY number",
         .convert = delivery,
         .has_identity = true},
    };
}

// SQLite remembers the highest number of a table with AUTOINCREMENT also when its row is gone.
constexpr std::array<MovedCounter, 5> counters{{
    {"'order_numbers'", "SELECT coalesce(max(number), 0) FROM orders"},
    {"'order_event_numbers'",
     "SELECT max((SELECT coalesce(max(seq), 0) FROM order_events), (SELECT coalesce(max(event), 0) FROM ledger),"
     " (SELECT coalesce(max(last_event), 0) FROM orders))"},
    {"pg_get_serial_sequence('dead_letters', 'number')",
     "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'dead_letters'"},
    {"pg_get_serial_sequence('operator_commands', 'number')",
     "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'operator_commands'"},
    {"pg_get_serial_sequence('event_deliveries', 'number')",
     "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'event_deliveries'"},
}};

}  // namespace

const std::vector<MovedTable>& moved_tables() {
    static const auto tables = [] {
        auto all = tables_of_orders();
        std::ranges::move(tables_beside_orders(), std::back_inserter(all));
        return all;
    }();
    return tables;
}

std::span<const MovedCounter> moved_counters() { return counters; }

}  // namespace orderflow::storage
