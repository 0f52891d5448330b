#include "orderflow/import/file_pieces.hpp"

#include <algorithm>
#include <utility>

namespace orderflow {
namespace {

struct Row {
    std::string_view text;  // with the end of its last line
    std::int64_t lines = 0;
};

// The row that `rest` begins with. An end of line within quotes of CSV is part of a cell.
Row first_row(std::string_view rest, contract::ProductFileFormat format) {
    const bool has_quotes = format == contract::ProductFileFormat::csv;
    bool quoted = false;
    Row row;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (has_quotes && rest[i] == '"') quoted = !quoted;
        if (rest[i] != '\n') continue;
        ++row.lines;
        if (quoted) continue;
        row.text = rest.substr(0, i + 1);
        return row;
    }
    row.text = rest;
    ++row.lines;
    return row;
}

}  // namespace

Result<std::vector<FilePiece>> in_pieces(std::string_view file, contract::ProductFileFormat format,
                                         const PieceLimits& limits) {
    Row header;
    if (format == contract::ProductFileFormat::csv) header = first_row(file, format);
    std::vector<FilePiece> pieces;
    std::size_t rows = 0;
    std::int64_t lines = header.lines;  // of the file, so far
    for (auto rest = file.substr(header.text.size()); !rest.empty();) {
        const auto row = first_row(rest, format);
        if (header.text.size() + row.text.size() > limits.bytes) {
            return fail(ErrorKind::invalid_input, "import.row_too_large",
                        "line " + std::to_string(lines + 1) + ": the row that begins there has " +
                            std::to_string(row.text.size()) + " bytes, and a request takes " +
                            std::to_string(limits.bytes) + ". Does a quoted cell not end?");
        }
        const bool full =
            !pieces.empty() && (rows == limits.rows || pieces.back().text.size() + row.text.size() > limits.bytes);
        if (pieces.empty() || full) {
            pieces.push_back({std::string(header.text), lines - header.lines, header.lines});
            rows = 0;
        }
        pieces.back().text += row.text;
        ++rows;
        lines += row.lines;
        rest.remove_prefix(row.text.size());
    }
    if (pieces.size() > 1) return pieces;
    if (file.size() > limits.bytes) {
        return fail(ErrorKind::invalid_input, "import.row_too_large",
                    "line 1: the header is too large. Does a quoted cell not end?");
    }
    return std::vector{FilePiece{std::string(file), 0, header.lines}};
}

}  // namespace orderflow
