// InstanceRows: the rows of instance_rows and instances.
#pragma once

#include <vector>

#include "libs/instances/instance_row.hpp"
#include "libs/sqlite/database.hpp"

namespace orderflow::storage {

// From the connection's Executor only. Errors: those of libs/sqlite/errors.hpp; "disk.corrupt" for a row whose checksum
// does not match.
class InstanceRows {
  public:
    static Result<InstanceRows> prepare(sqlite::Database& database);

    // Inside a transaction. As InstanceReader.
    Result<std::vector<instances::InstanceRow>> newest(WallTime since);
    Result<std::vector<instances::InstanceRow>> rows(WallTime after, WallTime until);

    // Writer, a transaction each. As InstanceStore.
    Result<void> keep(const instances::InstanceRow& row);
    Result<void> tidy(WallTime now);

  private:
    explicit InstanceRows(sqlite::Database& database) : database_(&database) {}
    Result<void> insert(const instances::InstanceRow& row, bool minute);
    Result<void> thin(WallTime now);

    sqlite::Database* database_;
    sqlite::Statement newest_;
    sqlite::Statement rows_;
    sqlite::Statement fine_rows_;
    sqlite::Statement oldest_fine_;
    sqlite::Statement insert_;
    sqlite::Statement put_newest_;
    sqlite::Statement drop_fine_;
    sqlite::Statement drop_rows_;
    sqlite::Statement drop_instances_;
};

}  // namespace orderflow::storage
