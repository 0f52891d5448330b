// What one row of a file of products makes of what there is: the rule of an import, and of its preview.
#pragma once

#include <cstdint>

#include "libs/orders/domain/product.hpp"

namespace orderflow::orders {

struct ImportedRow {
    enum class Outcome : std::uint8_t {
        added,
        changed,
        same,
        below_reserved,  // it would leave less than orders have reserved: the product stays as it is
    };
    ImportedRow(Outcome o, ShelfItem item) : outcome(o), after(std::move(item)) {}
    Outcome outcome;
    ShelfItem after;  // the product as it is then; its stock has what is reserved
};

// `known`: what there is under the SKU of the row; null for a new product.
ImportedRow import_row(const ProductRow& row, const ShelfItem* known);

}  // namespace orderflow::orders
