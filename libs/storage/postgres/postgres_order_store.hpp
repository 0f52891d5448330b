// PostgresOrderStore: the OrderStore, the OperatorStore, the InstanceStore and the EndpointStore on a PostgreSQL
// database that other workers write too.
//
// All work happens on one Executor with a thread of its own: the connection blocks it. One group is one transaction;
// after its commit the callers are answered, then the feeds of all processes are woken (NOTIFY).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/orders/domain/pricing.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "libs/orders/ports/order_burial.hpp"
#include "libs/orders/ports/order_store.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

struct PostgresStoreOptions {
    postgres::ConnectOptions connect;
    // Fills an empty catalogue, on the first start.
    std::vector<orders::ShelfItem> first_catalogue{};
};

struct OrderStoreMigrated {
    bool feed_renewed = false;  // it came from another cluster
};

// Brings the schema up to this program's version and the feed of events into this cluster: `orderflow migrate`. Errors:
// libs/postgres/migrations.hpp, feed_positions.hpp.
Result<OrderStoreMigrated> migrate_order_store(const postgres::ConnectOptions& options, const Clock& clock);

// For --check: connects and looks, and changes nothing. False for an empty database. Errors: those of connecting, of
// check_schema() in libs/postgres/migrations.hpp and of check_feed_positions().
Result<bool> order_store_is_there(postgres::ConnectOptions options, const Clock& clock);

class PostgresOrderStore final : public orders::OrderStore,
                                 public orders::OrderBurial,
                                 public orders::OperatorStore,
                                 public instances::InstanceStore,
                                 public orders::EndpointStore {
  public:
    // Connects; an empty database gets the schema. A server that is not there is no error: the store is down until it
    // is, and until `orderflow migrate` has run where that is due. Errors are those that waiting cannot mend:
    // unauthorized "postgres.login", not_found "postgres.no_database", conflict "postgres.newer_schema", invalid_input
    // "postgres.url". To be called before `writer` runs work of this store. `writer`, `clock` and `pricing` outlive the
    // store; when it is destroyed, `writer` runs none of its work any more.
    static Result<std::unique_ptr<PostgresOrderStore>> open(Executor& writer, const Clock& clock,
                                                            const orders::Pricing& pricing,
                                                            PostgresStoreOptions options);
    ~PostgresOrderStore() override;
    PostgresOrderStore(const PostgresOrderStore&) = delete;
    PostgresOrderStore& operator=(const PostgresOrderStore&) = delete;

    // An empty group asks the server whether it answers.
    task<Result<std::vector<Result<orders::Step>>>> apply(std::vector<orders::Change> group) override;

    // In a transaction of its own, one worker at a time: operators ask rarely.
    task<Result<orders::OperatorStep>> operate(orders::OperatorChange change) override;

    task<Result<void>> keep(instances::InstanceRow row) override;
    task<Result<void>> tidy(WallTime now) override;

    task<Result<bool>> change_lease(orders::LeaseChange change) override;
    task<Result<void>> record(orders::DeliveryProgress progress) override;

    // What identified a person is gone from the tables; the server overwrites it when it vacuums them.
    task<Result<bool>> bury(orders::OrderId id, std::int32_t version) override;

  private:
    struct State;
    explicit PostgresOrderStore(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::storage
