// Schema versions of a PostgreSQL database that several programs of different versions use at once: expand, then
// contract. A step that only adds keeps older programs working; a step that takes away says which version a program
// must at least be of, and is released after no older one runs any more.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "libs/postgres/connection.hpp"

namespace orderflow::postgres {

struct Migration {
    std::string_view sql;         // statements separated by semicolons; never edited once released
    std::int32_t works_with = 1;  // the oldest schema version whose programs can work after it
};

// The version of a program is steps.size(). Steps that are missing are applied in one transaction under an advisory
// lock, so that of many programs that start together one does it. Nothing to do: nothing is written.
// conflict "postgres.newer_schema" when the database works with newer programs alone; postgres.forbidden without the
// right to create tables.
Result<void> migrate(Connection& connection, std::span<const Migration> steps);

// Whether this program works with the database. unavailable "postgres.older_schema" when that waits for a migration;
// conflict "postgres.newer_schema".
Result<void> check_schema(Connection& connection, std::span<const Migration> steps);

// Whether the database has no schema of `migrate()` yet.
Result<bool> is_empty(Connection& connection);

// For a program that is not `orderflow migrate`: an empty database is migrated, any other is checked.
Result<void> migrate_if_empty(Connection& connection, std::span<const Migration> steps);

}  // namespace orderflow::postgres
