#include "libs/storage/sqlite/instance_rows.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "libs/instances/instance_store.hpp"
#include "libs/instances/retention.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/transaction.hpp"
#include "libs/storage/records/instance_record.hpp"

namespace orderflow::storage {

namespace {

using instances::InstanceRow;

// Of rows whose minutes are due, so much at a time: other writers wait for it.
constexpr std::chrono::minutes thinned_at_once{10};

Result<void> done(const Result<std::int64_t>& ran) {
    if (!ran) return fail(ran.error());
    return {};
}

// Columns: instance, ends_at, record.
Result<std::vector<InstanceRow>> rows_of(sqlite::Cursor cursor) {
    std::vector<InstanceRow> rows;
    for (;;) {
        const auto there = cursor.next();
        if (!there) return fail(there.error());
        if (!*there) return rows;
        auto row = decode_instance(cursor.text(0), from_unix_ms(cursor.integer(1)), cursor.blob(2));
        if (!row) return fail(sqlite::corrupt("instance_rows, instance " + std::string(cursor.text(0))));
        rows.push_back(*std::move(row));
    }
}

}  // namespace

Result<InstanceRows> InstanceRows::prepare(sqlite::Database& database) {
    InstanceRows rows(database);
    auto prepared = database.prepare_all({
        {&rows.newest_,
         "SELECT id, last_at, record FROM instances WHERE last_at > ?1 ORDER BY last_at DESC, id DESC LIMIT ?2"},
        {&rows.rows_,
         "SELECT instance, ends_at, record FROM instance_rows WHERE ends_at > ?1 AND ends_at <= ?2"
         " ORDER BY ends_at, instance LIMIT ?3"},
        {&rows.fine_rows_, "SELECT instance, ends_at, record FROM instance_rows WHERE minute = 0 AND ends_at < ?1"},
        {&rows.oldest_fine_, "SELECT min(ends_at) FROM instance_rows WHERE minute = 0"},
        {&rows.insert_,
         "INSERT OR IGNORE INTO instance_rows (ends_at, instance, minute, record) VALUES (?1, ?2, ?3, ?4)"},
        {&rows.put_newest_,
         "INSERT INTO instances (id, last_at, record) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE"
         " SET last_at = excluded.last_at, record = excluded.record WHERE excluded.last_at > last_at"},
        {&rows.drop_fine_, "DELETE FROM instance_rows WHERE minute = 0 AND ends_at < ?1"},
        {&rows.drop_rows_, "DELETE FROM instance_rows WHERE ends_at <= ?1"},
        {&rows.drop_instances_, "DELETE FROM instances WHERE last_at <= ?1"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return rows;
}

Result<std::vector<InstanceRow>> InstanceRows::newest(WallTime since) {
    return rows_of(newest_.query(to_unix_ms(since), instances::instances_max));
}

Result<std::vector<InstanceRow>> InstanceRows::rows(WallTime after, WallTime until) {
    return rows_of(rows_.query(to_unix_ms(after), to_unix_ms(until), instances::rows_max));
}

Result<void> InstanceRows::insert(const InstanceRow& row, bool minute) {
    const auto record = encode_instance(row);
    return done(insert_.run(to_unix_ms(row.until), std::string_view(row.id), minute, sqlite::as_blob(record)));
}

Result<void> InstanceRows::keep(const InstanceRow& row) {
    auto transaction = sqlite::Transaction::begin(*database_);
    if (!transaction) return fail(std::move(transaction).error());
    if (auto inserted = insert(row, false); !inserted) return inserted;
    const auto record = encode_instance(row);
    const auto put = put_newest_.run(std::string_view(row.id), to_unix_ms(row.until), sqlite::as_blob(record));
    if (!put) return fail(put.error());
    return transaction->commit();
}

Result<void> InstanceRows::tidy(WallTime now) {
    auto transaction = sqlite::Transaction::begin(*database_);
    if (!transaction) return fail(std::move(transaction).error());
    const auto gone = to_unix_ms(instances::kept_since(now));
    if (auto dropped = done(drop_rows_.run(gone)); !dropped) return dropped;
    if (auto dropped = done(drop_instances_.run(gone)); !dropped) return dropped;
    if (auto made = thin(now); !made) return made;
    return transaction->commit();
}

Result<void> InstanceRows::thin(WallTime now) {
    std::optional<std::int64_t> oldest;
    {
        auto row = oldest_fine_.query();
        const auto there = row.next();
        if (!there) return fail(there.error());
        oldest = row.optional_integer(0);
    }
    if (!oldest) return {};
    const auto first = std::chrono::floor<std::chrono::minutes>(from_unix_ms(*oldest));
    const auto end = to_unix_ms(std::min<WallTime>(instances::fine_since(now), first + thinned_at_once));
    auto fine = rows_of(fine_rows_.query(end));
    if (!fine) return fail(std::move(fine).error());
    if (auto dropped = done(drop_fine_.run(end)); !dropped) return dropped;
    for (const auto& row : instances::thinned(*std::move(fine))) {
        if (auto inserted = insert(row, true); !inserted) return inserted;
    }
    return {};
}

}  // namespace orderflow::storage
