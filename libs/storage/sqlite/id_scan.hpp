// IdScan: reads the ids of all stored orders from their index, a step at a time, so that the writer's executor can
// commit between the steps.
#pragma once

#include <cstdint>

#include "libs/orders/domain/ids.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/sqlite/stored_ids.hpp"

namespace orderflow::storage {

// Orders that are inserted after prepare() are added by who inserts them: the scan may pass them by.
class IdScan {
  public:
    // `ids_per_step` >= 2; the default takes some milliseconds.
    static Result<IdScan> prepare(sqlite::Database& database, std::int64_t ids_per_step = 10'000);

    // Adds the next ids. True: that were all; no further call. Errors: those of libs/sqlite/errors.hpp.
    Result<bool> step(StoredIds& ids);

  private:
    explicit IdScan(std::int64_t ids_per_step) : ids_per_step_(ids_per_step) {}

    std::int64_t ids_per_step_;
    sqlite::Statement next_ids_;
    orders::OrderId last_;  // read again by the next step
};

}  // namespace orderflow::storage
