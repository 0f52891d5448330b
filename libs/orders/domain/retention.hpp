// How long an order is kept once nothing can happen to it any more.
#pragma once

#include "libs/base/clock.hpp"
#include "libs/orders/domain/order.hpp"

namespace orderflow::orders {

// Terminal, with no money under way, and its last change is older than `cutoff`. A confirmed order is kept: it holds
// stock and waits for its fulfilment.
inline bool may_be_archived(const Order& order, WallTime cutoff) {
    const bool money_moves =
        order.payment_status == PaymentStatus::started || order.payment_status == PaymentStatus::refunding;
    return is_terminal(order.status) && !money_moves && order.updated_at < cutoff;
}

}  // namespace orderflow::orders
