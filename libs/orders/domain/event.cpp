#include "libs/orders/domain/event.hpp"

namespace orderflow::orders {

std::string_view to_string(EventType type) noexcept {
    switch (type) {
        case EventType::order_accepted: return "order.accepted";
        case EventType::order_created: return "order.created";
        case EventType::inventory_reserved: return "inventory.reserved";
        case EventType::payment_captured: return "payment.captured";
        case EventType::payment_declined: return "payment.declined";
        case EventType::order_confirmed: return "order.confirmed";
        case EventType::order_completed: return "order.completed";
        case EventType::order_rejected: return "order.rejected";
        case EventType::cancel_requested: return "cancel.requested";
        case EventType::cancel_refused: return "cancel.refused";
        case EventType::payment_voided: return "payment.voided";
        case EventType::payment_refunded: return "payment.refunded";
        case EventType::inventory_released: return "inventory.released";
        case EventType::order_cancelled: return "order.cancelled";
        case EventType::order_on_hold: return "order.on_hold";
        case EventType::order_resumed: return "order.resumed";
        case EventType::order_conflict: return "order.conflict";
        case EventType::payment_refund_failed: return "payment.refund_failed";
        case EventType::fulfillment_created: return "fulfillment.created";
        case EventType::fulfillment_refused: return "fulfillment.refused";
    }
    return "";
}

std::optional<EventType> parse_event_type(std::string_view text) noexcept {
    for (int i = 0; i < event_type_count; ++i) {
        if (to_string(static_cast<EventType>(i)) == text) return static_cast<EventType>(i);
    }
    return std::nullopt;
}

std::optional<OrderStatus> status_reached_by(EventType type) noexcept {
    switch (type) {
        case EventType::order_accepted: return OrderStatus::accepted;
        case EventType::order_created: return OrderStatus::processing;
        case EventType::inventory_reserved: return OrderStatus::reserved;
        case EventType::order_confirmed: return OrderStatus::confirmed;
        case EventType::order_completed: return OrderStatus::completed;
        case EventType::order_rejected: return OrderStatus::rejected;
        case EventType::cancel_requested: return OrderStatus::cancelling;
        case EventType::order_cancelled: return OrderStatus::cancelled;
        case EventType::order_on_hold: return OrderStatus::on_hold;
        case EventType::payment_captured:
        case EventType::payment_declined:
        case EventType::cancel_refused:
        case EventType::payment_voided:
        case EventType::payment_refunded:
        case EventType::inventory_released:
        case EventType::order_resumed:
        case EventType::order_conflict:
        case EventType::payment_refund_failed:
        case EventType::fulfillment_created:
        case EventType::fulfillment_refused: return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace orderflow::orders
