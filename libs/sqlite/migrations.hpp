// Schema versions: a list of steps, each applied once, in order; those that are due in one transaction.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "libs/sqlite/database.hpp"

namespace orderflow::sqlite {

struct Migration {
    std::string_view sql;  // one or more statements; never edited once released
};

// Brings the schema of a writer's database from the version in PRAGMA user_version (0: new) to steps.size().
// `application_id` marks the file as ours (PRAGMA application_id).
// conflict "sqlite.newer_version" when the file is of a version this program does not know,
// conflict "sqlite.other_application" when it is somebody else's database. Nothing is changed then.
Result<void> migrate(Database& database, std::int32_t application_id, std::span<const Migration> steps);

// Opens a file that no program has open, to read it and change nothing: for an audit. The errors of migrate() and
// check_wal_of(); internal "disk.corrupt" for what SQLite's own check of all pages and indexes finds (it takes as long
// as reading the file); conflict "sqlite.older_version" when the file waits for a migration; not_found
// "sqlite.missing".
Result<Database> open_at_rest(const std::string& path, std::int32_t application_id, std::span<const Migration> steps);

}  // namespace orderflow::sqlite
