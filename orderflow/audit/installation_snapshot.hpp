// read_snapshot(): everything that an installation holds which no program has open, for the audit.
#pragma once

#include "libs/audit/snapshot.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "orderflow/data_files.hpp"

namespace orderflow {

// The caller holds files.lock. Without files.payments the snapshot does not know the provider. Reads every row and
// verifies its checksum; writes nothing. Time and memory grow with the orders: about 1 KB each. Errors name the file or
// the database: those of sqlite::open_at_rest() and of libs/sqlite/errors.hpp; of a store on PostgreSQL those of
// scan_postgres_store() and expect_no_program().
Result<audit::Snapshot> read_snapshot(const DataFiles& files, const Clock& clock);

}  // namespace orderflow
