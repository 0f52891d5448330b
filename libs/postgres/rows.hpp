// Rows: what one statement answered. Columns come in PostgreSQL's binary format and are read by type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "libs/postgres/parameters.hpp"

struct pg_result;

namespace orderflow::postgres {

class Rows {
  public:
    explicit Rows(pg_result* result) : result_(result) {}  // owns it

    std::size_t size() const;
    bool empty() const { return size() == 0; }
    // How many rows an INSERT, UPDATE or DELETE changed.
    std::size_t changed() const;

    // Rows and columns from 0. Text and blobs live as long as this. A column of another type than asked for is a bug.
    std::int64_t integer(std::size_t row, int column) const;  // int8, int4, int2; 0 for null; a bool is 0 or -1
    std::string_view text(std::size_t row, int column) const;
    Bytes blob(std::size_t row, int column) const;  // bytea, uuid
    bool is_null(std::size_t row, int column) const;

  private:
    struct Clear {
        void operator()(pg_result* result) const noexcept;
    };
    std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace orderflow::postgres
