#include "queue-service/journal/journal.hpp"

#include <cstring>
#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"
#include "libs/sqlite/errors.hpp"
#include "queue-service/journal/journal_rows.hpp"
#include "queue-service/journal/queue_rows.hpp"
#include "queue-service/journal/row_checksum.hpp"
#include "queue-service/journal/schema.hpp"

namespace orderflow::queue {

namespace {

std::int64_t number(QueueNo queue) { return std::to_underlying(queue); }
std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Result<void> done(const Result<std::int64_t>& ran) {
    if (!ran) return fail(ran.error());
    return {};
}

template <class Text>
std::optional<Text> unless_empty(Text text) {
    if (text.empty()) return std::nullopt;
    return text;
}

}  // namespace

Journal::Journal(sqlite::DataDirLock lock, std::unique_ptr<sqlite::Database> database, LeaseClock clock,
                 std::size_t rows)
    : lock_(std::move(lock)), database_(std::move(database)), clock_(clock), clean_up_rows_(rows) {}

Result<Journal> Journal::open(const JournalOptions& options, Now now, Entropy& entropy) {
    auto lock = sqlite::DataDirLock::acquire(options.path + ".lock");
    if (!lock) return fail(std::move(lock).error());
    auto database = sqlite::Database::open(options.path, {.vfs = options.vfs,
                                                          .cache_kib = options.cache_kib,
                                                          .checkpoint_pages = options.checkpoint_pages,
                                                          .checkpoints = sqlite::Checkpoints::by_owner,
                                                          .synced = safeguard(Safeguard::journal_sync)});
    if (!database) return fail(std::move(database).error());
    Journal journal(*std::move(lock), std::make_unique<sqlite::Database>(*std::move(database)),
                    LeaseClock(now.instant, now.wall), options.clean_up_rows);
    if (auto migrated = sqlite::migrate(*journal.database_, journal_application_id, journal_schema); !migrated) {
        return fail(std::move(migrated).error());
    }
    if (auto created = journal.create_identity(entropy); !created) return fail(std::move(created).error());
    if (auto read = journal.read_identity(); !read) return fail(std::move(read).error());
    if (auto prepared = journal.prepare(); !prepared) return fail(std::move(prepared).error());
    return journal;
}

Result<void> Journal::create_identity(Entropy& entropy) {
    auto insert = database_->prepare("INSERT INTO journal VALUES (1, ?1, 1, ?2) ON CONFLICT DO NOTHING");
    if (!insert) return fail(std::move(insert).error());
    SipKey key{};
    entropy.fill(key);
    return done(insert->run(sqlite::Blob(key), row_checksum(sqlite::as_text(key), std::int64_t{1})));
}

Result<void> Journal::read_identity() {
    auto select = database_->prepare("SELECT receipt_key, next_queue, crc FROM journal");
    if (!select) return fail(std::move(select).error());
    auto row = select->query();
    const auto found = row.next();
    if (!found) return fail(found.error());
    if (!*found || row.blob(0).size() != receipt_key_.size() ||
        row_checksum(sqlite::as_text(row.blob(0)), row.integer(1)) != row.integer(2)) {
        return fail(sqlite::corrupt("journal"));
    }
    std::memcpy(receipt_key_.data(), row.blob(0).data(), receipt_key_.size());
    next_queue_ = QueueNo{static_cast<std::uint32_t>(row.integer(1))};
    return {};
}

Result<void> Journal::prepare() {
    const std::array<std::pair<sqlite::Statement Statements::*, std::string_view>, 17> all{{
        {&Statements::add_message, "INSERT INTO messages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
        {&Statements::read_message, "SELECT * FROM messages WHERE key = ?1"},
        {&Statements::read_page, "SELECT * FROM messages WHERE key BETWEEN ?1 AND ?2 ORDER BY key"},
        {&Statements::remove_message, "DELETE FROM messages WHERE key = ?1"},
        {&Statements::put_delivery, "REPLACE INTO deliveries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
        {&Statements::remove_delivery, "DELETE FROM deliveries WHERE key = ?1"},
        {&Statements::put_queue, replace_queue},
        {&Statements::forget_queue, "DELETE FROM queues WHERE no = ?1"},
        {&Statements::put_totals, "REPLACE INTO queue_totals VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
        {&Statements::forget_totals, "DELETE FROM queue_totals WHERE no = ?1"},
        {&Statements::put_next_queue, "UPDATE journal SET next_queue = ?1, crc = ?2"},
        {&Statements::clean_messages,
         "DELETE FROM messages WHERE key IN (SELECT key FROM messages WHERE key BETWEEN ?1 AND ?2 LIMIT ?3)"},
        {&Statements::clean_deliveries,
         "DELETE FROM deliveries WHERE key IN (SELECT key FROM deliveries WHERE key BETWEEN ?1 AND ?2 LIMIT ?3)"},
        {&Statements::put_removed, replace_removed},
        {&Statements::forget_removed, delete_removed},
        {&Statements::put_move_task, replace_move_task},
        {&Statements::forget_move_task, "DELETE FROM move_tasks WHERE no = ?1"},
    }};
    for (const auto& [member, sql] : all) {
        auto statement = database_->prepare(sql);
        if (!statement) return fail(std::move(statement).error());
        statements_.*member = *std::move(statement);
    }
    return {};
}

Result<void> Journal::load(QueueEngine& engine, Now now, bool release_embedded) {
    purged_.clear();
    if (auto identity = read_identity(); !identity) return identity;
    engine.reserve_queue_numbers(next_queue_);
    if (auto loaded = load_queues(engine, now, release_embedded); !loaded) return loaded;
    if (auto loaded = load_removed(engine); !loaded) return loaded;
    return load_move_tasks(engine, now);
}

Result<void> Journal::load_removed(QueueEngine& engine) {
    auto select = database_->prepare(select_removed);
    if (!select) return fail(std::move(select).error());
    auto row = select->query();
    for (;;) {
        const auto found = row.next();
        if (!found) return fail(found.error());
        if (!*found) return {};
        const auto removed = removed_from(row);
        if (!removed) return fail(removed.error());
        engine.restore_removed(removed->name, removed->at);
    }
}

Result<void> Journal::load_move_tasks(QueueEngine& engine, Now now) {
    auto select = database_->prepare(select_move_tasks);
    if (!select) return fail(std::move(select).error());
    auto row = select->query();
    for (;;) {
        const auto found = row.next();
        if (!found) return fail(found.error());
        if (!*found) return {};
        const auto task = move_task_from(row);
        if (!task) return fail(task.error());
        if (auto restored = engine.restore_move_task(*task, now); !restored) return restored;
    }
}

Result<void> Journal::load_queues(QueueEngine& engine, Now now, bool release_embedded) {
    auto totals = load_totals();
    if (!totals) return fail(std::move(totals).error());
    auto deliveries = load_deliveries(now, release_embedded);
    if (!deliveries) return fail(std::move(deliveries).error());
    auto select = database_->prepare(select_queues);
    if (!select) return fail(std::move(select).error());
    auto row = select->query();
    for (;;) {
        const auto found = row.next();
        if (!found) return fail(found.error());
        if (!*found) return {};
        const auto record = record_from(row);
        if (!record) return fail(record.error());
        const auto total = totals->find(record->no);
        if (total == totals->end()) return fail(sqlite::corrupt("queue_totals, no row of " + record->name.name));
        const bool removed = total->second.purged_through == all_sequences;
        if (total->second.purged_through > 0) purged_.push_back({record->no, total->second.purged_through, removed});
        if (removed) continue;
        auto restored = engine.restore(*record, total->second, (*deliveries)[record->no], now);
        if (!restored) return restored;
    }
}

Result<std::map<QueueNo, QueueTotals>> Journal::load_totals() {
    std::map<QueueNo, QueueTotals> all;
    auto select = database_->prepare(select_totals);
    if (!select) return fail(std::move(select).error());
    auto row = select->query();
    for (;;) {
        const auto found = row.next();
        if (!found) return fail(found.error());
        if (!*found) return all;
        const auto totals = totals_from(row);
        if (!totals) return fail(totals.error());
        all.emplace(QueueNo{static_cast<std::uint32_t>(row.integer(0))}, *totals);
    }
}

Result<Journal::Deliveries> Journal::load_deliveries(Now now, bool release_embedded) {
    Deliveries all;
    auto select = database_->prepare(select_deliveries);
    if (!select) return fail(std::move(select).error());
    auto row = select->query();
    for (;;) {
        const auto found = row.next();
        if (!found) return fail(found.error());
        if (!*found) return all;
        const auto stored = delivery_from(row);
        if (!stored) return fail(stored.error());
        DeliveryState state{.receive_count = stored->receive_count,
                            .holder = stored->holder,
                            .size = stored->size,
                            .sent_at = stored->sent_at,
                            .first_received_at = stored->first_received_at,
                            .received_at = clock_.past(stored->received_at, now.instant),
                            .visible_at = clock_.deadline(stored->visible_at, stored->timeout, now.instant),
                            .timeout = stored->timeout};
        if (release_embedded && state.holder == Holder::embedded) state.visible_at = now.instant;
        all[stored->key.queue].emplace_back(stored->key.sequence, state);
    }
}

Result<void> Journal::begin() {
    if (group_) return {};
    auto begun = sqlite::Transaction::begin(*database_);
    if (!begun) return fail(std::move(begun).error());
    group_.emplace(*std::move(begun));
    touched_.clear();
    return {};
}

Result<void> Journal::write(const Changes& changes) {
    if (changes.empty()) return {};
    if (auto begun = begin(); !begun) return begun;
    for (const auto& change : changes) {
        auto written = std::visit([this](const auto& record) { return apply(record); }, change);
        if (!written) return written;
    }
    return {};
}

Result<void> Journal::apply(const MessageAdded& added) {
    touched_.insert(added.key.queue);
    const auto key = pack(added.key);
    const auto& message = *added.message;
    return done(statements_.add_message.run(
        key, sqlite::Blob(message.id.bytes), to_unix_ms(message.sent_at), sqlite::as_blob(message.body),
        unless_empty(sqlite::as_blob(message.attributes)), unless_empty(std::string_view(message.dead_letter_source)),
        message.prior_receives, checksum_of(key, message)));
}

Result<void> Journal::apply(const DeliveryWritten& written) {
    if (!safeguard(Safeguard::delivery_record)) return {};
    touched_.insert(written.key.queue);
    const auto& state = written.state;
    const std::array<std::int64_t, 9> row{pack(written.key),
                                          state.receive_count,
                                          std::to_underlying(state.holder),
                                          state.size,
                                          to_unix_ms(state.sent_at),
                                          to_unix_ms(state.first_received_at),
                                          to_unix_ms(clock_.to_wall(state.received_at)),
                                          to_unix_ms(clock_.to_wall(state.visible_at)),
                                          state.timeout.count()};
    RowChecksum sum;
    for (const auto value : row) sum.add(value);
    return done(statements_.put_delivery.run(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8],
                                             sum.value()));
}

Result<void> Journal::apply(const MessageRemoved& removed) {
    touched_.insert(removed.key.queue);
    const auto key = pack(removed.key);
    if (removed.has_delivery) {
        if (auto gone = done(statements_.remove_delivery.run(key)); !gone) return gone;
    }
    return done(statements_.remove_message.run(key));
}

Result<void> Journal::apply(const MessageMoved& moved) {
    auto content = read_message(moved.from);
    if (!content) return fail(std::move(content).error());
    auto copied = std::make_shared<Message>(**content);
    copied->dead_letter_source = moved.source;
    copied->prior_receives += moved.receives_here;
    if (auto gone = apply(MessageRemoved{moved.from, true}); !gone) return gone;
    return apply(MessageAdded{moved.to, std::move(copied)});
}

Result<void> Journal::apply(const MessageRedriven& redriven) {
    auto content = read_message(redriven.from);
    if (!content) return fail(std::move(content).error());
    auto copied = std::make_shared<Message>(**content);
    copied->dead_letter_source.clear();
    copied->prior_receives = 0;
    if (auto gone = apply(MessageRemoved{redriven.from, redriven.has_delivery}); !gone) return gone;
    return apply(MessageAdded{redriven.to, std::move(copied)});
}

Result<void> Journal::apply(const QueueWritten& written) {
    const auto& record = written.record;
    touched_.insert(record.no);
    if (auto put = put_record(statements_.put_queue, record); !put) return put;
    const QueueNo after{std::to_underlying(record.no) + 1};
    if (after <= next_queue_) return {};
    next_queue_ = after;
    return done(
        statements_.put_next_queue.run(number(after), row_checksum(sqlite::as_text(receipt_key_), number(after))));
}

Result<void> Journal::apply(const QueuePurged& purged) {
    touched_.insert(purged.queue);
    if (purged.through > 0) purged_.push_back({purged.queue, purged.through, false});
    return {};
}

// The totals say that the queue is gone until its messages are gone too; then both rows go.
Result<void> Journal::apply(const QueueRemoved& removed) {
    touched_.erase(removed.queue);
    purged_.push_back({removed.queue, all_sequences, true});
    if (auto put = put_removed(statements_.put_removed, {removed.name, removed.at}); !put) return put;
    return put_totals(removed.queue, {.purged_through = all_sequences});
}

Result<void> Journal::apply(const NameReleased& released) {
    const auto& [scope, name] = released.name;
    return done(statements_.forget_removed.run(std::string_view(scope.region), std::string_view(scope.account),
                                               std::string_view(name)));
}

Result<void> Journal::apply(const MoveTaskWritten& written) {
    return put_move_task(statements_.put_move_task, written.task);
}

Result<void> Journal::apply(const MoveTaskForgotten& forgotten) {
    return done(statements_.forget_move_task.run(static_cast<std::int64_t>(std::to_underlying(forgotten.no))));
}

Result<Page> Journal::read_page(const PageRequest& request) {
    Page page;
    std::size_t bytes = 0;
    auto row = statements_.read_page.query(pack({request.queue, request.first}), pack({request.queue, request.last}));
    while (page.rows.size() < request.max_messages && (bytes < request.max_bytes || page.rows.empty())) {
        const auto found = row.next();
        if (!found) return fail(found.error());
        if (!*found) {
            page.end = true;
            return page;
        }
        auto message = message_from(row);
        if (!message) return fail(std::move(message).error());
        bytes += (*message)->size();
        page.rows.push_back({unpack(row.integer(0)).sequence, *std::move(message)});
    }
    return page;
}

Result<MessagePtr> Journal::read_message(MessageKey key) {
    auto row = statements_.read_message.query(pack(key));
    const auto found = row.next();
    if (!found) return fail(found.error());
    if (!*found) return fail(sqlite::corrupt("messages, no row of key " + std::to_string(pack(key))));
    return message_from(row);
}

Result<bool> Journal::clean_up() {
    if (purged_.empty()) return false;
    const auto purged = purged_.front();
    const auto first = pack({purged.queue, 0});
    const auto last = pack({purged.queue, purged.through});
    const auto rows = static_cast<std::int64_t>(clean_up_rows_);
    const auto messages = statements_.clean_messages.run(first, last, rows);
    if (!messages) return fail(messages.error());
    const auto deliveries = statements_.clean_deliveries.run(first, last, rows);
    if (!deliveries) return fail(deliveries.error());
    if (*messages == rows || *deliveries == rows) return true;
    purged_.pop_front();
    if (purged.queue_removed) {
        if (auto gone = done(statements_.forget_queue.run(number(purged.queue))); !gone) return fail(gone.error());
        if (auto gone = done(statements_.forget_totals.run(number(purged.queue))); !gone) return fail(gone.error());
    }
    return true;
}

Result<void> Journal::write_totals(const QueueEngine& engine) {
    for (const auto queue : touched_) {
        const auto totals = engine.totals(queue);
        ORDERFLOW_INVARIANT(totals.has_value());
        if (auto put = put_totals(queue, *totals); !put) return put;
    }
    return {};
}

Result<void> Journal::put_totals(QueueNo queue, const QueueTotals& totals) {
    return done(statements_.put_totals.run(number(queue), number(totals.next_sequence), number(totals.messages),
                                           number(totals.bytes), number(totals.purged_through),
                                           checksum_of(queue, totals)));
}

Result<void> Journal::commit(const QueueEngine& engine) {
    if (!group_) return {};
    auto written = write_totals(engine);
    if (written) written = group_->commit();
    group_.reset();
    return written;
}

void Journal::roll_back() {
    group_.reset();
    touched_.clear();
}

}  // namespace orderflow::queue
