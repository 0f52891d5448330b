// How long an order is kept once nothing can happen to it any more.
#pragma once

#include "libs/base/clock.hpp"
#include "libs/orders/domain/order.hpp"

namespace orderflow::orders {

// Terminal, with no money under way. A confirmed order is not: it holds stock and waits for its fulfilment.
inline bool is_at_rest(const Order& order) {
    const bool money_moves =
        order.payment_status == PaymentStatus::started || order.payment_status == PaymentStatus::refunding;
    return is_terminal(order.status) && !money_moves;
}

// At rest, and its last change is older than `cutoff`.
inline bool may_be_archived(const Order& order, WallTime cutoff) {
    return is_at_rest(order) && order.updated_at < cutoff;
}

}  // namespace orderflow::orders
