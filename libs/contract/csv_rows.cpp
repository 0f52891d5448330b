#include "libs/contract/csv_rows.hpp"

#include <algorithm>

namespace orderflow::contract {

bool CsvRows::read_quoted(std::string& cell) {
    rest_.remove_prefix(1);
    for (;;) {
        const auto quote = rest_.find('"');
        if (quote == rest_.npos) return false;
        cell.append(rest_.substr(0, quote));
        rest_.remove_prefix(quote + 1);
        if (!rest_.starts_with('"')) break;
        cell += '"';
        rest_.remove_prefix(1);
    }
    line_ += std::ranges::count(cell, '\n');
    return rest_.empty() || rest_.starts_with(',') || rest_.starts_with('\n') || rest_.starts_with("\r\n");
}

bool CsvRows::read_cell(std::string& cell) {
    if (rest_.starts_with('"')) return read_quoted(cell);
    const auto end = std::min(rest_.find_first_of(",\n"), rest_.size());
    auto text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (text.ends_with('\r') && (rest_.empty() || rest_.starts_with('\n'))) text.remove_suffix(1);
    cell = text;
    return true;
}

std::optional<CsvRow> CsvRows::next() {
    if (rest_.empty() || broken_at_) return std::nullopt;
    CsvRow row;
    row.line = line_;
    for (;;) {
        if (!read_cell(row.cells.emplace_back())) {
            broken_at_ = row.line;
            return std::nullopt;
        }
        if (!rest_.starts_with(',')) break;
        rest_.remove_prefix(1);
    }
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) {
        rest_.remove_prefix(1);
        ++line_;
    }
    return row;
}

}  // namespace orderflow::contract
