// OperatorWriter: decides and writes one change of an operator in a transaction of the writer's database.
#pragma once

#include "libs/orders/domain/decide_operator.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/sqlite/command_log.hpp"
#include "libs/storage/sqlite/command_times.hpp"
#include "libs/storage/sqlite/endpoint_rows.hpp"
#include "libs/storage/sqlite/erasure_rows.hpp"
#include "libs/storage/sqlite/letter_rows.hpp"
#include "libs/storage/sqlite/sqlite_shelf.hpp"
#include "libs/storage/sqlite/worker_settings_row.hpp"

namespace orderflow::storage {

// From the writer's Executor only.
class OperatorWriter {
  public:
    // `database` outlives it. Completes rows of older programs.
    static Result<OperatorWriter> open(sqlite::Database& database);

    // Durable when it returns. Errors as GroupWriter::apply().
    Result<orders::OperatorStep> apply(const orders::OperatorChange& change, WallTime now);
    // EndpointStore, each in a transaction.
    Result<bool> change_lease(const orders::LeaseChange& change);
    Result<void> record(const orders::DeliveryProgress& progress, WallTime now);

  private:
    OperatorWriter(sqlite::Database& database, LetterRows letters, CommandLog log, SqliteShelf shelf,
                   WorkerSettingsRow workers, EndpointRows endpoints, ErasureRows erasure, CommandTimesTable times,
                   sqlite::Statement order)
        : database_(&database),
          letters_(std::move(letters)),
          log_(std::move(log)),
          shelf_(std::move(shelf)),
          workers_(std::move(workers)),
          endpoints_(std::move(endpoints)),
          erasure_(std::move(erasure)),
          times_(std::move(times)),
          order_(std::move(order)) {}

    Result<void> load(const orders::OperatorChange& change, orders::OperatorLoaded& loaded);
    Result<bool> is_stored(const orders::OrderId& id);
    Result<void> load_products(const std::vector<orders::ProductRow>& rows, orders::OperatorLoaded& loaded);
    Result<void> load_stock(const orders::Sku& sku, orders::OperatorLoaded& loaded);
    Result<void> write(const orders::OperatorChange& change, const orders::OperatorDecision& decision);

    sqlite::Database* database_;
    LetterRows letters_;
    CommandLog log_;
    SqliteShelf shelf_;
    WorkerSettingsRow workers_;
    EndpointRows endpoints_;
    ErasureRows erasure_;
    CommandTimesTable times_;
    sqlite::Statement order_;
};

}  // namespace orderflow::storage
