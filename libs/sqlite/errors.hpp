// Translation of SQLite's result codes into Error. No SQLite code crosses this folder.
#pragma once

#include <string_view>

#include "libs/base/result.hpp"

struct sqlite3;

namespace orderflow::sqlite {

// code                  kind         meaning
// disk.full             unavailable  nothing was written; works again when there is space
// disk.io_error         internal     FATAL: a read, write or sync failed; what is on disk is unknown
// disk.corrupt          internal     FATAL: the file is not what was written
// disk.read_only        unavailable  the file or its file system may not be written
// sqlite.cannot_open    unavailable  no such directory, no permission, too many open files
// sqlite.busy           unavailable  another connection holds the lock
// sqlite.constraint     conflict     a constraint of the schema refused the row
// sqlite.too_big        invalid_input
// memory.exhausted      unavailable
// sqlite.misuse, sqlite.error   internal: a bug
// `doing` starts the detail: what was attempted, without data of a row.
Error translate(int extended_code, std::string_view message, std::string_view doing);

// The same for the last error of a connection.
Error last_error(sqlite3* connection, std::string_view doing);

// After a fatal error nothing may be acknowledged any more and no sync may be retried: say what happened and end the
// process; the next start recovers from what is on disk.
bool is_fatal(const Error& error) noexcept;

// True when the error is about this one row or statement and the rest of the transaction can go on (a constraint, a
// value that is too big). Everything else ends the whole transaction.
bool is_about_one_row(const Error& error) noexcept;

// What a checksum of ours that does not match is reported as; fatal. `where` names table and key, not content.
Error corrupt(std::string_view where);

}  // namespace orderflow::sqlite
