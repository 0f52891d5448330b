#include "libs/postgres/errors.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace orderflow::postgres {

namespace {

struct Row {
    std::string_view sqlstate;  // whole, or its class
    ErrorKind kind;
    const char* code;
};

// The first that the SQLSTATE starts with.
constexpr auto rows = std::to_array<Row>({
    {"25006", ErrorKind::unavailable, "postgres.read_only"},
    {"25P03", ErrorKind::unavailable, "postgres.connection_lost"},
    {"40P01", ErrorKind::unavailable, "postgres.deadlock"},
    {"42501", ErrorKind::unavailable, "postgres.forbidden"},
    {"42P01", ErrorKind::unavailable, "postgres.no_such_table"},
    {"42703", ErrorKind::unavailable, "postgres.no_such_table"},
    {"53100", ErrorKind::unavailable, "disk.full"},
    {"55P03", ErrorKind::unavailable, "postgres.lock_timeout"},
    {"57014", ErrorKind::unavailable, "postgres.statement_timeout"},
    {"57P05", ErrorKind::unavailable, "postgres.connection_lost"},
    {"57P", ErrorKind::unavailable, "postgres.starting"},
    {"08", ErrorKind::unavailable, "postgres.connection_lost"},
    {"22", ErrorKind::invalid_input, "postgres.refused_value"},
    {"23", ErrorKind::conflict, "postgres.constraint"},
    {"28", ErrorKind::unauthorized, "postgres.login"},
    {"3D", ErrorKind::not_found, "postgres.no_database"},
    {"40", ErrorKind::unavailable, "postgres.serialization"},
    {"53", ErrorKind::unavailable, "postgres.no_resources"},
    {"54", ErrorKind::invalid_input, "postgres.refused_value"},
});

bool has_code(const Error& error, std::initializer_list<std::string_view> codes) {
    return std::ranges::find(codes, error.code()) != codes.end();
}

}  // namespace

Error translate(std::string_view sqlstate, std::string_view message) {
    auto detail = std::string(message) + " (SQLSTATE " + std::string(sqlstate) + ")";
    const auto* row = std::ranges::find_if(rows, [&](const Row& r) { return sqlstate.starts_with(r.sqlstate); });
    if (row == rows.end()) return Error(ErrorKind::internal, "postgres.error", std::move(detail));
    return Error(row->kind, row->code, std::move(detail));
}

bool is_contention(const Error& error) noexcept {
    return has_code(error, {"postgres.deadlock", "postgres.serialization"});
}

bool is_about_one_row(const Error& error) noexcept {
    return has_code(error, {"postgres.constraint", "postgres.refused_value"});
}

bool ends_connection(const Error& error) noexcept {
    return has_code(error,
                    {"postgres.connection_lost", "postgres.starting", "postgres.no_answer", "postgres.read_only"});
}

}  // namespace orderflow::postgres
