// Statement: SQL prepared once and run many times. Cursor: one run of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "libs/base/result.hpp"

struct sqlite3_stmt;

namespace orderflow::sqlite {

using Blob = std::span<const std::byte>;

inline Blob as_blob(std::string_view text) { return std::as_bytes(std::span(text)); }
inline std::string_view as_text(Blob bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

class Statement;

// One run of a Statement; resets it at the end. At most one Cursor per Statement lives at a time.
class [[nodiscard]] Cursor {
  public:
    Cursor(Cursor&& other) noexcept;
    Cursor& operator=(Cursor&&) = delete;
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    ~Cursor();

    // True: a row is there. False: no more rows.
    Result<bool> next();

    // Columns of the current row, counted from 0. Text and blobs live until next() or the end of the Cursor.
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    Blob blob(int column) const;
    bool is_null(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;

  private:
    friend class Statement;
    explicit Cursor(sqlite3_stmt* statement) : statement_(statement) {}

    sqlite3_stmt* statement_;
};

class Statement {
  public:
    Statement() = default;  // empty; only to be assigned to

    // Binds the values to the parameters ?1, ?2, ... Text and blobs are not copied: they must stay until the Cursor is
    // gone. Values: integers, bool, std::string_view, Blob, std::nullopt, and std::optional of them.
    template <class... Values>
    Cursor query(const Values&... values) {
        int index = 0;
        (bind(++index, values), ...);
        return Cursor(statement_.get());
    }

    // For statements without rows: runs it and gives the number of rows it changed.
    template <class... Values>
    Result<std::int64_t> run(const Values&... values) {
        auto cursor = query(values...);
        auto row = cursor.next();
        if (!row) return fail(std::move(row).error());
        return changes();
    }

  private:
    friend class Database;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

    void bind(int index, std::nullopt_t value);
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind(int index, Blob value);
    template <std::integral Integer>
    void bind(int index, Integer value) {
        bind(index, static_cast<std::int64_t>(value));
    }
    template <class T>
    void bind(int index, const std::optional<T>& value) {
        if (value) {
            bind(index, *value);
        } else {
            bind(index, std::nullopt);
        }
    }
    std::int64_t changes() const;

    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace orderflow::sqlite
