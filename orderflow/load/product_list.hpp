// fetch_skus(): what a server has so much of that a load does not sell it out. fetch_available(): how much of one
// product it has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "orderflow/load/load_options.hpp"

namespace orderflow::load {

// Asks GET /v1/products. Blocks for the time of one answer. unavailable "load.no_server", "load.no_products".
Result<std::vector<std::string>> fetch_skus(const LoadOptions& options, const Clock& clock);

// How many pieces of `sku` can be bought now. Blocks and fails as above.
Result<std::int64_t> fetch_available(const LoadOptions& options, std::string_view sku, const Clock& clock);
// The same in the body of that answer. Pure.
Result<std::int64_t> available_in(std::string_view body, std::string_view sku);

// The SKUs in the body of that answer that are sold in every currency of the orders and with plenty in stock; else all
// with stock. Pure.
Result<std::vector<std::string>> skus_in(std::string_view body);

}  // namespace orderflow::load
