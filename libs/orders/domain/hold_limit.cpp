#include "libs/orders/domain/hold_limit.hpp"

#include <string>

namespace orderflow::orders {

std::optional<CancelOrder> overdue_cancel(const Order& order, const HoldLimits& limits, WallTime now) {
    const auto stands_for = now - order.updated_at;
    if (order.status == OrderStatus::on_hold && order.holds_stock && stands_for >= limits.hold_time_limit) {
        CancelOrder command(order.id, "hold-" + order.id.to_string() + "-" + std::to_string(order.version),
                            hold_time_limit_reason, now);
        command.expected_version = order.version;
        return command;
    }
    if (order.status == OrderStatus::cancelling && order.cancel && stands_for >= limits.refund_retry) {
        return CancelOrder(order.id, order.cancel->command_id, order.cancel->reason, now);
    }
    return std::nullopt;
}

std::optional<PlaceOrder> overdue_place(const Order& order, const HoldLimits& limits, WallTime now) {
    const bool under_way = order.status == OrderStatus::accepted || order.status == OrderStatus::processing ||
                           order.status == OrderStatus::reserved;
    if (!under_way || now - order.updated_at < limits.lost_after) return std::nullopt;
    PlaceOrder place(order.id, order.draft, order.fingerprint, order.created_at);
    place.tenant_id = order.tenant_id;
    return place;
}

}  // namespace orderflow::orders
