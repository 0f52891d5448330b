#include "queue-service/journal/journal_reader.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/migrations.hpp"
#include "queue-service/journal/journal_rows.hpp"
#include "queue-service/journal/queue_rows.hpp"
#include "queue-service/journal/schema.hpp"

namespace orderflow::queue {
namespace {

Result<sqlite::Database> open_beside_a_writer(const std::string& path) {
    auto database = sqlite::Database::open(path, {.role = sqlite::Role::reader, .vfs = {}});
    if (!database) return database;
    const auto version = database->query_int("PRAGMA user_version");
    if (!version) return fail(version.error());
    constexpr auto known = static_cast<std::int64_t>(journal_schema.size());
    if (*version == known) return database;
    return fail(
        ErrorKind::conflict, *version < known ? "sqlite.older_version" : "sqlite.newer_version",
        path + " is of schema version " + std::to_string(*version) + ", this program knows " + std::to_string(known));
}

}  // namespace

Result<JournalReader> JournalReader::open(const std::string& path, Whose whose) {
    auto database = whose == Whose::nobodys ? sqlite::open_at_rest(path, journal_application_id, journal_schema)
                                            : open_beside_a_writer(path);
    if (!database) return fail(std::move(database).error());
    JournalReader reader(*std::move(database));
    if (auto prepared = reader.prepare(); !prepared) return fail(std::move(prepared).error());
    return reader;
}

Result<void> JournalReader::prepare() {
    return database_->prepare_all(
        {{&messages_, std::string(select_messages) + " WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT ?3"},
         {&delivery_,
          "SELECT key, receive_count, holder, size, sent_at, first_received_at, received_at, visible_at, timeout_s, crc"
          " FROM deliveries WHERE key = ?1"}});
}

Result<std::vector<ReadableQueue>> JournalReader::queues() {
    std::map<QueueNo, QueueTotals> totals;
    auto select_all = database_->prepare(select_totals);
    if (!select_all) return fail(std::move(select_all).error());
    for (auto row = select_all->query();;) {
        const auto there = row.next();
        if (!there) return fail(there.error());
        if (!*there) break;
        const auto read = totals_from(row);
        if (!read) return fail(read.error());
        totals.emplace(QueueNo{static_cast<std::uint32_t>(row.integer(0))}, *read);
    }
    std::vector<ReadableQueue> queues;
    auto select = database_->prepare(select_queues);
    if (!select) return fail(std::move(select).error());
    for (auto row = select->query();;) {
        const auto there = row.next();
        if (!there) return fail(there.error());
        if (!*there) return queues;
        auto record = record_from(row);
        if (!record) return fail(std::move(record).error());
        const auto its = totals.find(record->no);
        if (its == totals.end()) return fail(sqlite::corrupt("queue_totals, no row of " + record->name.name));
        if (its->second.purged_through == all_sequences) continue;
        queues.push_back({.no = record->no,
                          .name = std::move(record->name),
                          .messages = its->second.messages,
                          .bytes = its->second.bytes,
                          .purged_through = its->second.purged_through});
    }
}

Result<std::vector<WaitingMessage>> JournalReader::read(const ReadableQueue& queue, std::uint64_t after,
                                                        std::size_t limit) {
    const auto from = pack({queue.no, std::max(after, queue.purged_through)});
    const auto through = pack({queue.no, all_sequences});
    std::vector<WaitingMessage> waiting;
    auto row = messages_.query(from, through, limit);
    for (;;) {
        const auto there = row.next();
        if (!there) return fail(there.error());
        if (!*there) return waiting;
        auto message = message_from(row);
        if (!message) return fail(std::move(message).error());
        WaitingMessage one{.sequence = unpack(row.integer(0)).sequence, .message = *std::move(message)};
        auto delivery = delivery_.query(row.integer(0));
        const auto delivered = delivery.next();
        if (!delivered) return fail(delivered.error());
        if (*delivered) {
            const auto state = delivery_from(delivery);
            if (!state) return fail(state.error());
            one.visible_at = state->visible_at;
        }
        waiting.push_back(std::move(one));
    }
}

}  // namespace orderflow::queue
