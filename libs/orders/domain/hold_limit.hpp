// How long an order may stand between two ends: on hold with stock that nobody else can buy, cancelling with money that
// has not gone back, or under way with nobody who works on it. Pure; the worker asks it in rounds
// (worker-service/hold_sweeper.hpp).
#pragma once

#include <chrono>
#include <optional>

#include "libs/orders/domain/change.hpp"
#include "libs/orders/domain/order.hpp"

namespace orderflow::orders {

// The reason of a cancel that nobody asked for.
inline constexpr const char* hold_time_limit_reason = "hold-time-limit";

struct HoldLimits {
    // An order on hold keeps its reservation for so long after its last event; then it is cancelled: what may have been
    // charged goes back, and so does its stock.
    std::chrono::seconds hold_time_limit = std::chrono::hours(72);
    // A cancel whose void or refund has had no event for so long is sent again, whatever became of its message.
    std::chrono::seconds refund_retry = std::chrono::hours(1);
    // An order that is under way and has had no event for so long is sent again. A worker holds a message for 11 hours
    // at most (LeasePolicy), so it may still be on its way; then the second one meets the same order and the same key.
    std::chrono::seconds lost_after = std::chrono::hours(12);
};

// The command that takes the order on; nothing while it is within its limits. The same state of an order has the same
// command id, so that it is taken once, however often it is sent; it is meant for the version that was seen, so that an
// order which went on meanwhile is left alone.
std::optional<CancelOrder> overdue_cancel(const Order& order, const HoldLimits& limits, WallTime now);

// The order's own message, for one whose message is gone: its store was set back to an older copy, or its queue lost.
// It is sent and not cancelled, because the customer may have been told that it is confirmed: what became of its charge
// the provider knows, and is asked by the key first. Nothing while it is within its limits.
std::optional<PlaceOrder> overdue_place(const Order& order, const HoldLimits& limits, WallTime now);

}  // namespace orderflow::orders
