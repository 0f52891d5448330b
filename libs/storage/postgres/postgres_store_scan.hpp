// scan_postgres_store(): everything in an order store on PostgreSQL, once, for an audit. Not for a request.
#pragma once

#include <chrono>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/postgres/connection.hpp"
#include "libs/storage/store_walk.hpp"

namespace orderflow::storage {

// Orders in a page's memory at a time; one statement of each table reads a page.
inline constexpr std::int64_t orders_per_scan_page = 256;
// How long sessions of programs that were just stopped may take to leave.
inline constexpr std::chrono::milliseconds time_to_leave{5'000};

// As one transaction sees it that began with the call (REPEATABLE READ, read only): what is written meanwhile is not
// seen, and nobody waits. Every row's checksum is verified. A role that may only read is enough. Errors: those of
// libs/postgres/errors.hpp and postgres::check_schema(); internal "store.damaged_row", whose detail names the row.
Result<void> scan_postgres_store(postgres::ConnectOptions options, const Clock& clock, StoreVisitor& visitor);

// Whether a program has the store open, by the name of its session (ConnectOptions::application_name) in the same
// database: conflict "store.in_use". Those of other users are seen with the rights of pg_read_all_stats alone.
Result<void> expect_no_program(postgres::ConnectOptions options, const Clock& clock);

}  // namespace orderflow::storage
