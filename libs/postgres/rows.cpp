#include "libs/postgres/rows.hpp"

#include <libpq-fe.h>

#include <bit>
#include <charconv>

#include "libs/base/invariant.hpp"

namespace orderflow::postgres {

void Rows::Clear::operator()(pg_result* result) const noexcept { PQclear(result); }

std::size_t Rows::size() const { return static_cast<std::size_t>(PQntuples(result_.get())); }

std::size_t Rows::changed() const {
    const std::string_view digits = PQcmdTuples(result_.get());
    std::size_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);  // none for what changes no rows
    return count;
}

std::int64_t Rows::integer(std::size_t row, int column) const {
    if (is_null(row, column)) return 0;
    const auto bytes = blob(row, column);
    ORDERFLOW_INVARIANT(std::has_single_bit(bytes.size()) && bytes.size() <= sizeof(std::int64_t));
    std::uint64_t bits = 0;
    for (const auto byte : bytes) bits = bits << 8U | std::to_integer<std::uint64_t>(byte);
    const auto unused = 64 - 8 * bytes.size();  // shifted out and back, the sign fills them
    return std::bit_cast<std::int64_t>(bits << unused) >> unused;
}

std::string_view Rows::text(std::size_t row, int column) const {
    const int at = static_cast<int>(row);
    ORDERFLOW_INVARIANT(at >= 0 && at < PQntuples(result_.get()) && column < PQnfields(result_.get()));
    return {PQgetvalue(result_.get(), at, column), static_cast<std::size_t>(PQgetlength(result_.get(), at, column))};
}

Bytes Rows::blob(std::size_t row, int column) const { return std::as_bytes(std::span(text(row, column))); }

bool Rows::is_null(std::size_t row, int column) const {
    return PQgetisnull(result_.get(), static_cast<int>(row), column) != 0;
}

}  // namespace orderflow::postgres
