#include "libs/sqlite/errors.hpp"

#include <sqlite3.h>

#include <string>

namespace orderflow::sqlite {

namespace {

constexpr int primary_code_mask = 0xff;

struct Translation {
    ErrorKind kind;
    const char* code;
};

Translation translation_of(int extended_code) {
    // The wal-index lives in shared memory and holds nothing durable: when it cannot grow, the disk is full.
    if (extended_code == SQLITE_IOERR_SHMSIZE) return {ErrorKind::unavailable, "disk.full"};
    if (extended_code == SQLITE_IOERR_NOMEM) return {ErrorKind::unavailable, "memory.exhausted"};
    switch (extended_code & primary_code_mask) {
        case SQLITE_FULL: return {ErrorKind::unavailable, "disk.full"};
        case SQLITE_IOERR: return {ErrorKind::internal, "disk.io_error"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return {ErrorKind::internal, "disk.corrupt"};
        case SQLITE_READONLY: return {ErrorKind::unavailable, "disk.read_only"};
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH: return {ErrorKind::unavailable, "sqlite.cannot_open"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return {ErrorKind::unavailable, "sqlite.busy"};
        case SQLITE_CONSTRAINT: return {ErrorKind::conflict, "sqlite.constraint"};
        case SQLITE_TOOBIG: return {ErrorKind::invalid_input, "sqlite.too_big"};
        case SQLITE_NOMEM: return {ErrorKind::unavailable, "memory.exhausted"};
        case SQLITE_MISUSE: return {ErrorKind::internal, "sqlite.misuse"};
        default: return {ErrorKind::internal, "sqlite.error"};
    }
}

}  // namespace

Error translate(int extended_code, std::string_view message, std::string_view doing) {
    const auto [kind, code] = translation_of(extended_code);
    std::string detail(doing);
    detail += ": ";
    detail += message;
    detail += " (SQLite code " + std::to_string(extended_code) + ")";
    return Error(kind, code, std::move(detail));
}

Error last_error(sqlite3* connection, std::string_view doing) {
    return translate(sqlite3_extended_errcode(connection), sqlite3_errmsg(connection), doing);
}

bool is_fatal(const Error& error) noexcept { return error.code() == "disk.io_error" || error.code() == "disk.corrupt"; }

bool is_about_one_row(const Error& error) noexcept {
    return error.code() == "sqlite.constraint" || error.code() == "sqlite.too_big";
}

Error corrupt(std::string_view where) {
    return Error(ErrorKind::internal, "disk.corrupt", "checksum does not match: " + std::string(where));
}

}  // namespace orderflow::sqlite
