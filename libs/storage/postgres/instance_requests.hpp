// The rows of instances in PostgreSQL: the statements of InstanceReader with what their answers mean, and the
// transactions of InstanceStore.
#pragma once

#include <vector>

#include "libs/instances/instance_row.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// internal "store.damaged_row"; the detail names the row.
postgres::Unit newest_instances_request(WallTime since);
postgres::Unit instance_rows_request(WallTime after, WallTime until);
Result<std::vector<instances::InstanceRow>> read_instances(const std::vector<postgres::Rows>& answers);

// From the connection's Executor only. Errors as PostgresGroupWriter::apply().
Result<void> keep_instance(postgres::Connection& connection, const instances::InstanceRow& row);
Result<void> tidy_instances(postgres::Connection& connection, WallTime now);

}  // namespace orderflow::storage
