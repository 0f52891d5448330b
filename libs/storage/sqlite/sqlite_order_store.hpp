// SqliteOrderStore: the OrderStore, the OperatorStore, the InstanceStore and the EndpointStore on one SQLite file.
//
// All work happens on one Executor (a thread of its own in production). Groups that wait while a transaction runs are
// joined into the next one, so that many callers share one sync. First the commit, then the feed is told and the
// callers are answered, then a checkpoint is made when one is due.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/orders/domain/pricing.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "libs/orders/ports/order_burial.hpp"
#include "libs/orders/ports/order_feed.hpp"
#include "libs/orders/ports/order_store.hpp"
#include "libs/storage/sqlite/stored_ids.hpp"

namespace orderflow::storage {

struct SqliteStoreOptions {
    std::string path;
    // Fills an empty catalogue, on the first start.
    std::vector<orders::ShelfItem> first_catalogue;
    // Called once, on the writer's executor, when the disk failed or is damaged: say it on stderr and end the process.
    // From then on every call gets unavailable "store.outcome_unknown".
    std::function<void(const Error&)> on_fatal;
    std::size_t changes_max = 500;     // groups are joined up to this many changes; a group is never split
    std::size_t cached_orders = 4096;  // orders under way that are kept in memory, about 2 kB each
    int checkpoint_pages = 4000;
    std::string vfs;  // see libs/sqlite/database.hpp
};

class SqliteOrderStore final : public orders::OrderStore,
                               public orders::OrderBurial,
                               public orders::OperatorStore,
                               public instances::InstanceStore,
                               public orders::EndpointStore,
                               public orders::OrderFeed {
  public:
    // Takes the lock `path`.lock, checks the log, opens or creates the file, migrates it. To be called before `writer`
    // runs work of this store. Errors: conflict "data_dir.in_use", "sqlite.newer_version", "sqlite.other_application";
    // internal "disk.wal_damaged" and the others of libs/sqlite.
    // `writer`, `clock` and `pricing` outlive the store; when it is destroyed, `writer` runs none of its work any more.
    static Result<std::unique_ptr<SqliteOrderStore>> open(Executor& writer, const Clock& clock,
                                                          const orders::Pricing& pricing, SqliteStoreOptions options);
    ~SqliteOrderStore() override;
    SqliteOrderStore(const SqliteOrderStore&) = delete;
    SqliteOrderStore& operator=(const SqliteOrderStore&) = delete;

    task<Result<std::vector<Result<orders::Step>>>> apply(std::vector<orders::Change> group) override;

    // In a transaction of its own: operators ask rarely.
    task<Result<orders::OperatorStep>> operate(orders::OperatorChange change) override;

    task<Result<void>> keep(instances::InstanceRow row) override;
    task<Result<void>> tidy(WallTime now) override;

    task<Result<bool>> change_lease(orders::LeaseChange change) override;
    task<Result<void>> record(orders::DeliveryProgress progress) override;

    [[nodiscard]] std::unique_ptr<Subscription> subscribe(orders::OrderId id, Callback changed) override;

    // Kept by this store for as long as it is open; complete a moment after that.
    std::shared_ptr<const StoredIds> stored_ids() const;

    // What identified a person is overwritten in the file; in the log it stays until the log starts anew.
    task<Result<bool>> bury(orders::OrderId id, std::int32_t version) override;

  private:
    struct State;
    explicit SqliteOrderStore(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;  // its own; weak_ptr of what is posted tell that it is gone
};

}  // namespace orderflow::storage
