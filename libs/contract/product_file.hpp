// A file of products that an operator imports: NDJSON (product_row.hpp, one a line), or CSV (RFC 4180) with a header of
// sku, name, description, category, on_hand and a column price_<currency> for each currency.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "libs/contract/field_error.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::contract {

inline constexpr std::size_t product_file_bytes_max = 1024 * 1024;
inline constexpr std::size_t product_rows_max = 10'000;

enum class ProductFileFormat : std::uint8_t { ndjson, csv };

struct ProductFile {
    std::vector<orders::ProductRow> rows;  // that break no rule, in the order of the file, each SKU once
    // Every broken rule. Of CSV with its line and column; of NDJSON with a pointer that begins with the number of its
    // line, from 1 ("/12/prices/EUR").
    FieldErrors errors;
    std::int64_t faulty_lines = 0;
};

// Empty lines are passed over. Pure.
ProductFile read_product_file(std::string_view text, ProductFileFormat format);

// The rows in parts that fit into one message each.
std::vector<std::vector<orders::ProductRow>> in_parts(std::vector<orders::ProductRow> rows);

}  // namespace orderflow::contract
