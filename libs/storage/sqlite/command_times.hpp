// CommandTimesTable: when the last command about something was asked for.
#pragma once

#include <string>
#include <vector>

#include "libs/orders/domain/command_times.hpp"
#include "libs/sqlite/database.hpp"

namespace orderflow::storage {

// Inside a transaction of the writer. Errors: those of libs/sqlite/errors.hpp; "disk.corrupt" for a row whose checksum
// does not match.
class CommandTimesTable {
  public:
    static Result<CommandTimesTable> prepare(sqlite::Database& database);

    // Subjects that nothing was asked about are left out.
    Result<orders::CommandTimes> read(const std::vector<std::string>& subjects);
    Result<void> put(const orders::CommandTimes& times);

  private:
    CommandTimesTable() = default;

    sqlite::Statement read_;
    sqlite::Statement put_;
};

}  // namespace orderflow::storage
