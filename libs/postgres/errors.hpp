// Translation of SQLSTATE into Error. No SQLSTATE crosses this folder.
// Source: PostgreSQL documentation, appendix A, "PostgreSQL Error Codes".
#pragma once

#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow::postgres {

// code                        kind          meaning
// postgres.unreachable        unavailable   nobody answers there, or not in time
// postgres.login              unauthorized  user, password or TLS are not what the server asks for (28)
// postgres.no_database        not_found     the server has no database of that name (3D)
// postgres.starting           unavailable   the server starts, stops or recovers (57P01 to 57P03)
// postgres.connection_lost    unavailable   the connection broke, or the server ended it (08, 25P03, 57P05)
// postgres.no_answer          unavailable   no answer within Timeouts::answer; the connection was given up
// postgres.read_only          unavailable   the server takes no writes: a standby, or a role that may only read (25006)
// postgres.deadlock           unavailable   this transaction was chosen to end a deadlock (40P01)
// postgres.serialization      unavailable   another transaction came between (40)
// postgres.lock_timeout       unavailable   a lock was not given within Timeouts::lock (55P03)
// postgres.statement_timeout  unavailable   a statement took longer than Timeouts::statement (57014)
// disk.full                   unavailable   the server's disk (53100)
// postgres.no_resources       unavailable   memory, connections (53)
// postgres.forbidden          unavailable   the role lacks a right (42501)
// postgres.no_such_table      unavailable   the schema is not what this program knows (42P01, 42703)
// postgres.constraint         conflict      a constraint of the schema refused a row (23)
// postgres.refused_value      invalid_input a value that does not fit its column, or is too large (22, 54)
// postgres.error              internal      anything else: a bug
// `message` must hold no data of a row: the primary message of the server, never its DETAIL.
Error translate(std::string_view sqlstate, std::string_view message);

// The transaction was rolled back for the company it was in: the same again can succeed at once.
bool is_contention(const Error& error) noexcept;
// About a row or value of the statement, not about the server: the rest would succeed without it.
bool is_about_one_row(const Error& error) noexcept;
// The connection is of no use any more, also when it is still open: another server may have taken over.
bool ends_connection(const Error& error) noexcept;

}  // namespace orderflow::postgres
