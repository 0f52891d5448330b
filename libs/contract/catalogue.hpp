// The catalogue file: what the shop sells when it starts for the first time (contracts/catalogue.json).
//
//   {"products":[{"sku":"PC-SHARP","name":"...","description":"...","category":"...",
//                 "prices":{"EUR":650,"GBP":560},"stock":300}]}
// Prices are net, in minor units.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::contract {

inline constexpr std::size_t catalogue_bytes_max = 64 * 1024 * 1024;
inline constexpr std::int64_t stock_max = 1'000'000'000'000;

// Products in the order of the file. invalid_input "catalogue.invalid": the detail names every broken rule by its
// place; a SKU that stands there twice is one. Pure.
Result<std::vector<orders::ShelfItem>> read_catalogue(std::string_view text);

}  // namespace orderflow::contract
