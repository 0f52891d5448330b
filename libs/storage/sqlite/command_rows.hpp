// CommandRows: cancel intents that wait for their order.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/orders/domain/decide.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/records/command_record.hpp"

namespace orderflow::storage {

// Inside a transaction of the writer. Errors: those of libs/sqlite/errors.hpp.
class CommandRows {
  public:
    static Result<CommandRows> prepare(sqlite::Database& database);

    Result<std::optional<orders::CancelIntent>> intent(const orders::OrderId& id);
    // The first one stays.
    Result<void> keep_intent(const orders::OrderId& id, const orders::CancelIntent& intent);
    Result<void> drop_intent(const orders::OrderId& id);

  private:
    CommandRows() = default;

    sqlite::Statement select_intent_;
    sqlite::Statement insert_intent_;
    sqlite::Statement delete_intent_;
};

}  // namespace orderflow::storage
