// A file of products in pieces that one request takes each: an operator's catalogue has no limit of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/contract/product_file.hpp"

namespace orderflow {

struct FilePiece {
    std::string text;         // whole rows; of CSV with the header in front
    std::int64_t line_shift;  // what a line of the piece is behind the same line of the file
    std::int64_t header_lines = 0;

    // The line of the file that is line `line` of the piece.
    std::int64_t line_of_file(std::int64_t line) const { return line <= header_lines ? line : line + line_shift; }
};

struct PieceLimits {
    std::size_t bytes = contract::product_file_bytes_max;
    std::size_t rows = contract::product_rows_max;
};

// In the order of the file. One that fits is one piece, as it is, whatever is wrong with it. A row (of CSV: with the
// header) that is larger than a piece: invalid_input "import.row_too_large", with its line. Pure.
Result<std::vector<FilePiece>> in_pieces(std::string_view file, contract::ProductFileFormat format,
                                         const PieceLimits& limits = {});

}  // namespace orderflow
