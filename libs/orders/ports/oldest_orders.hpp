// OldestOrders: the stored orders in the order in which they came, page by page: for an export and for retention.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::orders {

struct OldestQuery {
    std::int64_t after = 0;               // an order's number: only higher ones
    std::optional<OrderStatus> status{};  // only this one
    std::uint32_t limit = 100;            // 1 to 100
};

// Consistency and errors as OrderReader. Any executor.
class OldestOrders {
  public:
    virtual ~OldestOrders() = default;

    // Lowest number first; tombstones are passed over. On PostgreSQL a lower number may become visible after a higher
    // one: who must miss none reads up to complete_through().
    virtual task<Result<OrderPage>> oldest(OldestQuery query) = 0;

    // The highest number that was stored; 0 for none. Every order with a lower one is visible from now on: on
    // PostgreSQL it waits for the transactions that store orders, and they for it, no longer than a lock may take
    // (unavailable "postgres.lock_timeout").
    virtual task<Result<std::int64_t>> complete_through() = 0;
};

}  // namespace orderflow::orders
