// Search keys: what the operator's list finds orders by, as 64-bit hashes. Two values may share a key: who searches
// compares the order itself.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "libs/orders/domain/order.hpp"

namespace orderflow::storage {

// Letters A to Z count as a to z.
std::int64_t email_key(std::string_view email);
std::int64_t sku_key(const orders::Sku& sku);

// The distinct keys of an order.
std::vector<std::int64_t> search_keys(const orders::Order& order);

// Whether the order is one that a search for this e-mail address or SKU means.
bool has_email(const orders::Order& order, std::string_view email);
bool has_sku(const orders::Order& order, const orders::Sku& sku);

}  // namespace orderflow::storage
