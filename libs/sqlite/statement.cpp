#include "libs/sqlite/statement.hpp"

#include <sqlite3.h>

#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/sqlite/errors.hpp"

namespace orderflow::sqlite {

Cursor::Cursor(Cursor&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}

Cursor::~Cursor() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
}

Result<bool> Cursor::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return fail(last_error(sqlite3_db_handle(statement_), "statement"));
}

std::int64_t Cursor::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Cursor::text(int column) const {
    const auto* bytes = sqlite3_column_text(statement_, column);
    if (bytes == nullptr) return {};
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Blob Cursor::blob(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes == nullptr) return {};
    return {static_cast<const std::byte*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Cursor::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::optional<std::int64_t> Cursor::optional_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

// Binding fails only for an index that the SQL does not have, or while a Cursor is open: both are bugs.
void Statement::bind(int index, std::nullopt_t) {
    ORDERFLOW_INVARIANT(sqlite3_bind_null(statement_.get(), index) == SQLITE_OK);
}

void Statement::bind(int index, std::int64_t value) {
    ORDERFLOW_INVARIANT(sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
}

void Statement::bind(int index, std::string_view value) {
    const char* bytes = value.data() == nullptr ? "" : value.data();
    const int code = sqlite3_bind_text64(statement_.get(), index, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8);
    ORDERFLOW_INVARIANT(code == SQLITE_OK || code == SQLITE_TOOBIG);
}

void Statement::bind(int index, Blob value) {
    const void* bytes = value.data() == nullptr ? static_cast<const void*>("") : value.data();
    const int code = sqlite3_bind_blob64(statement_.get(), index, bytes, value.size(), SQLITE_STATIC);
    ORDERFLOW_INVARIANT(code == SQLITE_OK || code == SQLITE_TOOBIG);
}

std::int64_t Statement::changes() const { return sqlite3_changes64(sqlite3_db_handle(statement_.get())); }

}  // namespace orderflow::sqlite
