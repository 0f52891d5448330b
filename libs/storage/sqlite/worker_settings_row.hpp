// WorkerSettingsRow: the one row of worker_settings.
#pragma once

#include "libs/orders/domain/worker_settings.hpp"
#include "libs/sqlite/database.hpp"

namespace orderflow::storage {

// Inside a transaction. Errors: those of libs/sqlite/errors.hpp; "disk.corrupt" for a row whose checksum does not
// match.
class WorkerSettingsRow {
  public:
    static Result<WorkerSettingsRow> prepare(sqlite::Database& database);

    // The default when nobody has said anything.
    Result<orders::WorkerSettings> read();
    // Writer.
    Result<void> put(const orders::WorkerSettings& settings);

  private:
    WorkerSettingsRow() = default;

    sqlite::Statement read_;
    sqlite::Statement put_;
};

}  // namespace orderflow::storage
