// One product of a file of products, as JSON:
//   {"sku":"PC-SHARP","name":"...","description":"...","category":"...","prices":{"EUR":650,"GBP":560},"on_hand":300}
// Prices are net, in minor units. Without `description` or `category` they are empty; without `on_hand` the stock
// stays.
#pragma once

#include <optional>

#include "libs/contract/field_error.hpp"
#include "libs/json/pointer.hpp"
#include "libs/json/value.hpp"
#include "libs/json/writer.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::contract {

// The row; or nothing, and every rule that it breaks among the errors. Its line stands in `line`, or is given. Pure.
std::optional<orders::ProductRow> read_product_row(const json::Value& value, json::Place place, FieldErrors& errors,
                                                   std::optional<std::int64_t> line = std::nullopt);

// With `line`.
void write_product_row(json::Writer& out, const orders::ProductRow& row);

}  // namespace orderflow::contract
