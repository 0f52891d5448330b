// StoredOrder: an order with what a store keeps beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "libs/orders/domain/order.hpp"

namespace orderflow::storage {

struct StoredOrder {
    explicit StoredOrder(orders::Order o) : order(std::move(o)) {}
    orders::Order order;
    std::int64_t created_bound = 0;  // see OrderRow
    std::int64_t last_event = 0;
};

struct FoundOrder {
    // At most one is there.
    std::optional<StoredOrder> order;
    std::optional<orders::OrderStatus> tombstone;  // its last status
    orders::OrderId id;                            // of what is there
};

}  // namespace orderflow::storage
