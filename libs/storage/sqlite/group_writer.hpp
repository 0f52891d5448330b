// GroupWriter: decides and writes a group of changes in one transaction of the writer's database.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "libs/orders/domain/decide.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/sqlite/command_log.hpp"
#include "libs/storage/sqlite/command_rows.hpp"
#include "libs/storage/sqlite/letter_rows.hpp"
#include "libs/storage/sqlite/order_cache.hpp"
#include "libs/storage/sqlite/order_insert.hpp"
#include "libs/storage/sqlite/order_select.hpp"
#include "libs/storage/sqlite/sqlite_shelf.hpp"
#include "libs/storage/sqlite/stored_ids.hpp"

namespace orderflow::storage {

struct AppliedGroup {
    std::vector<Result<orders::Step>> steps;                        // one per change, in order
    std::vector<std::pair<orders::OrderId, std::int32_t>> touched;  // orders that changed, with their new version
};

// From the writer's Executor only.
class GroupWriter {
  public:
    // All outlive it. It adds every order that it writes to `ids`, and looks for none that they exclude.
    static Result<GroupWriter> open(sqlite::Database& database, const orders::Pricing& pricing, StoredIds& ids,
                                    std::size_t cached_orders);

    // Durable when it returns. An error: nothing was written, except after a fatal one (libs/sqlite/errors.hpp), which
    // may have come after the commit reached the disk.
    //
    // At first without savepoints, which would copy every page once more for each order; when one order's rows are
    // refused, the transaction is rolled back and decided again with a savepoint for each order.
    Result<AppliedGroup> apply(std::span<const orders::Change* const> changes, WallTime now);

    // OrderBurial::bury().
    Result<bool> bury(const orders::OrderId& id, std::int32_t version);

    Result<void> fill_catalogue(const std::vector<orders::ShelfItem>& items);

  private:
    enum class Isolation : std::uint8_t { group, each_order };
    struct Loaded {
        const StoredOrder* stored = nullptr;
        std::optional<StoredOrder> read;  // what `stored` points to when it was not in the cache
        bool tombstone = false;
        std::optional<orders::CancelIntent> intent;
    };

    GroupWriter(sqlite::Database& database, const orders::Pricing& pricing, StoredIds& ids, std::size_t cached_orders,
                OrderSelect select, OrderInsert insert, CommandRows commands, LetterRows letters, CommandLog log,
                SqliteShelf shelf);

    Result<AppliedGroup> run(std::span<const orders::Change* const> changes, WallTime now, Isolation isolation);
    Result<void> load(const orders::Change& change, Loaded& loaded);
    Result<void> load_stored(const orders::OrderId& id, Loaded& loaded);
    Result<orders::Step> one(const orders::Change& change, WallTime now, AppliedGroup& group);
    Result<orders::Step> one_isolated(const orders::Change& change, WallTime now, AppliedGroup& group);
    Result<void> write(const orders::Change& change, const Loaded& loaded, orders::Decision& decision, WallTime now,
                       AppliedGroup& group);
    Result<void> keep(const orders::StoredDeadLetter& letter, bool once);

    sqlite::Database* database_;
    const orders::Pricing* pricing_;
    StoredIds* ids_;
    OrderCache cache_;
    OrderSelect select_;
    OrderInsert insert_;
    CommandRows commands_;
    LetterRows letters_;
    CommandLog log_;
    SqliteShelf shelf_;
    std::optional<Counters> counters_;  // nothing: to be read again
};

}  // namespace orderflow::storage
