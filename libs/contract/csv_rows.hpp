// CsvRows: takes CSV apart (RFC 4180: commas, quotes doubled within quotes; lines end with CRLF or LF).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::contract {

struct CsvRow {
    std::int64_t line = 0;  // where it begins, from 1
    std::vector<std::string> cells;
};

class CsvRows {
  public:
    // `text` outlives it.
    explicit CsvRows(std::string_view text) : rest_(text) {}

    // Nothing at the end, or when a quoted cell does not end or goes on behind its end: see broken_at().
    std::optional<CsvRow> next();
    // The line of such a cell.
    std::optional<std::int64_t> broken_at() const { return broken_at_; }

  private:
    bool read_cell(std::string& cell);
    bool read_quoted(std::string& cell);

    std::string_view rest_;
    std::int64_t line_ = 1;
    std::optional<std::int64_t> broken_at_;
};

}  // namespace orderflow::contract
