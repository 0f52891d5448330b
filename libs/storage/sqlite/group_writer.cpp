#include "libs/storage/sqlite/group_writer.hpp"

#include <string>

#include "libs/base/safeguard.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/transaction.hpp"

namespace orderflow::storage {

namespace {

// Errors that one order has alone; any other ends the group's transaction.
bool is_own(const Error& error) {
    return sqlite::is_about_one_row(error) || error.code() == "store.version_changed" || error.code() == "store.stock";
}

}  // namespace

Result<GroupWriter> GroupWriter::open(sqlite::Database& database, const orders::Pricing& pricing, StoredIds& ids,
                                      std::size_t cached_orders) {
    auto select = OrderSelect::prepare(database);
    if (!select) return fail(std::move(select).error());
    auto insert = OrderInsert::prepare(database);
    if (!insert) return fail(std::move(insert).error());
    auto commands = CommandRows::prepare(database);
    if (!commands) return fail(std::move(commands).error());
    auto letters = LetterRows::prepare(database);
    if (!letters) return fail(std::move(letters).error());
    auto log = CommandLog::prepare(database);
    if (!log) return fail(std::move(log).error());
    auto shelf = SqliteShelf::prepare(database);
    if (!shelf) return fail(std::move(shelf).error());
    return GroupWriter(database, pricing, ids, cached_orders, *std::move(select), *std::move(insert),
                       *std::move(commands), *std::move(letters), *std::move(log), *std::move(shelf));
}

GroupWriter::GroupWriter(sqlite::Database& database, const orders::Pricing& pricing, StoredIds& ids,
                         std::size_t cached_orders, OrderSelect select, OrderInsert insert, CommandRows commands,
                         LetterRows letters, CommandLog log, SqliteShelf shelf)
    : database_(&database),
      pricing_(&pricing),
      ids_(&ids),
      cache_(cached_orders),
      select_(std::move(select)),
      insert_(std::move(insert)),
      commands_(std::move(commands)),
      letters_(std::move(letters)),
      log_(std::move(log)),
      shelf_(std::move(shelf)) {}

Result<AppliedGroup> GroupWriter::apply(std::span<const orders::Change* const> changes, WallTime now) {
    auto applied = run(changes, now, Isolation::group);
    if (!applied && is_own(applied.error())) applied = run(changes, now, Isolation::each_order);
    return applied;
}

Result<AppliedGroup> GroupWriter::run(std::span<const orders::Change* const> changes, WallTime now,
                                      Isolation isolation) {
    auto transaction = sqlite::Transaction::begin(*database_);
    if (!transaction) return fail(std::move(transaction).error());
    // What is in memory is right again only once the transaction is committed.
    struct ForgetOnFailure {
        GroupWriter* writer;
        ~ForgetOnFailure() {
            if (writer == nullptr || !safeguard(Safeguard::forget_on_failure)) return;
            writer->cache_.clear();
            writer->counters_.reset();
        }
    } forget{this};

    if (!counters_) {
        auto counters = insert_.counters();
        if (!counters) return fail(std::move(counters).error());
        counters_ = *counters;
    }
    shelf_.begin();
    AppliedGroup group;
    group.steps.reserve(changes.size());
    for (const auto* change : changes) {
        auto step = isolation == Isolation::group ? one(*change, now, group) : one_isolated(*change, now, group);
        if (!step && (isolation == Isolation::group || !is_own(step.error()))) return fail(std::move(step).error());
        group.steps.push_back(std::move(step));
    }
    if (auto flushed = shelf_.flush(); !flushed) return fail(std::move(flushed).error());
    if (auto committed = transaction->commit(); !committed) return fail(std::move(committed).error());
    forget.writer = nullptr;
    return group;
}

Result<orders::Step> GroupWriter::one_isolated(const orders::Change& change, WallTime now, AppliedGroup& group) {
    const auto counters = counters_;
    auto savepoint = sqlite::Savepoint::begin(*database_);
    if (!savepoint) return fail(std::move(savepoint).error());
    auto step = one(change, now, group);
    if (step) {
        if (auto released = savepoint->release(); !released) return fail(std::move(released).error());
    } else {
        counters_ = counters;
        if (const auto* id = orders::order_id_of(change)) cache_.erase(*id);
    }
    return step;
}

Result<orders::Step> GroupWriter::one(const orders::Change& change, WallTime now, AppliedGroup& group) {
    Loaded loaded;
    if (auto read = load(change, loaded); !read) return fail(std::move(read).error());
    orders::Loaded view;
    view.order = loaded.stored == nullptr ? nullptr : &loaded.stored->order;
    view.tombstone = loaded.tombstone;
    view.intent = loaded.intent ? &*loaded.intent : nullptr;
    auto decision = orders::decide(change, view, shelf_, *pricing_, now);
    if (shelf_.failure()) return fail(*shelf_.failure());
    if (auto written = write(change, loaded, decision, now, group); !written) return fail(std::move(written).error());
    return std::move(decision.step);
}

Result<void> GroupWriter::load(const orders::Change& change, Loaded& loaded) {
    const auto* id = orders::order_id_of(change);
    if (id == nullptr) return {};
    loaded.stored = cache_.find(*id);
    if (loaded.stored != nullptr) return {};
    if (!ids_->excludes(*id)) {
        if (auto read = load_stored(*id, loaded); !read) return read;
    }
    if (loaded.stored != nullptr || loaded.tombstone) return {};
    auto intent = commands_.intent(*id);
    if (!intent) return fail(std::move(intent).error());
    loaded.intent = *std::move(intent);
    return {};
}

Result<void> GroupWriter::load_stored(const orders::OrderId& id, Loaded& loaded) {
    auto found = select_.find(id);
    if (!found) return fail(std::move(found).error());
    loaded.tombstone = found->tombstone.has_value();
    if (found->order) {
        loaded.read = std::move(found->order);
        loaded.stored = &*loaded.read;
    }
    return {};
}

// The stock moves last: it is in memory only, and everything before it can still fail.
Result<void> GroupWriter::write(const orders::Change& change, const Loaded& loaded, orders::Decision& decision,
                                WallTime now, AppliedGroup& group) {
    const auto* id = orders::order_id_of(change);
    if (decision.letter) {
        orders::StoredDeadLetter letter(0, *std::move(decision.letter), now);  // its number is given with its row
        if (const auto* about = orders::letter_order_of(change)) letter.order = *about;
        if (auto kept = keep(letter, decision.letter_once); !kept) return kept;
    }
    if (decision.audit) {
        if (auto recorded = log_.put_new(*decision.audit); !recorded) return recorded;
    }
    if (id == nullptr) return {};
    if (decision.keep_intent) {
        if (auto kept = commands_.keep_intent(*id, *decision.keep_intent); !kept) return kept;
    }
    if (decision.drop_intent) {
        if (auto dropped = commands_.drop_intent(*id); !dropped) return dropped;
    }
    if (!decision.order) return {};
    if (loaded.stored == nullptr) ids_->add(*id);
    auto stored = insert_.write(loaded.stored, decision, *counters_);
    if (!stored) return fail(std::move(stored).error());
    if (auto moved = shelf_.move(decision.stock); !moved) return moved;
    group.touched.emplace_back(*id, stored->order.version);
    cache_.put(*std::move(stored));
    return {};
}

Result<void> GroupWriter::keep(const orders::StoredDeadLetter& letter, bool once) {
    if (once && letter.order) {
        const auto stands = letters_.stands(*letter.order, letter.letter.code);
        if (!stands) return fail(stands.error());
        if (*stands) return {};
    }
    return letters_.insert(letter);
}

Result<bool> GroupWriter::bury(const orders::OrderId& id, std::int32_t version) {
    auto transaction = sqlite::Transaction::begin(*database_);
    if (!transaction) return fail(std::move(transaction).error());
    const auto found = select_.find(id);
    if (!found) return fail(found.error());
    if (found->tombstone) return false;
    if (!found->order) return fail(ErrorKind::not_found, "order.unknown", id.to_string());
    if (!orders::is_terminal(found->order->order.status)) {
        return fail(ErrorKind::conflict, "order.not_terminal", id.to_string());
    }
    if (found->order->order.version != version) {
        return fail(ErrorKind::conflict, "order.version_changed", id.to_string());
    }
    if (auto buried = insert_.bury(*found->order); !buried) return fail(std::move(buried).error());
    cache_.erase(id);
    if (auto committed = transaction->commit(); !committed) return fail(std::move(committed).error());
    return true;
}

Result<void> GroupWriter::fill_catalogue(const std::vector<orders::ShelfItem>& items) {
    auto transaction = sqlite::Transaction::begin(*database_);
    if (!transaction) return fail(std::move(transaction).error());
    if (auto filled = shelf_.fill(items); !filled) return filled;
    return transaction->commit();
}

}  // namespace orderflow::storage
