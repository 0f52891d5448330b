// The columns of a CSV file of products, and its faults in the words of CSV: who made the file in a spreadsheet knows
// lines and columns, not JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/contract/csv_rows.hpp"
#include "libs/contract/field_error.hpp"

namespace orderflow::contract {

class ProductColumns {
  public:
    // Of the header; or nothing, and every fault of the header among the errors.
    static std::optional<ProductColumns> read(const CsvRow& header, FieldErrors& errors);

    // The product of a row as JSON (product_row.hpp). The row has as many cells as there are columns.
    std::string json_of(const CsvRow& row) const;

    std::size_t size() const noexcept { return names_.size(); }

  private:
    explicit ProductColumns(std::vector<std::string> names) : names_(std::move(names)) {}
    std::vector<std::string> names_;
};

// An error of the JSON of a row, whose pointer begins with `root`, as one of the line.
FieldError in_words_of_csv(const FieldError& error, std::string_view root, std::int64_t line);

}  // namespace orderflow::contract
