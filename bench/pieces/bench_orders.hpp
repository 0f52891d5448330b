// The orders that the benchmarks work on: different from one another, as large as a real one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/orders/domain/change.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::bench {

// Twenty products, with stock for any number of orders.
std::vector<orders::ShelfItem> catalogue();

// Two lines of the catalogue, a customer of their own, an id without order: as the API makes them.
orders::PlaceOrder random_order(Entropy& entropy, std::size_t number);

// The body of the request for such an order.
std::string request_body(const orders::PlaceOrder& order);

// The outcome of its charge: captured.
orders::SettleCharge captured(const orders::PlaceOrder& order);

}  // namespace orderflow::bench
