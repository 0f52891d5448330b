#include "libs/orders/domain/status.hpp"

#include <array>

namespace orderflow::orders {

std::string_view to_string(OrderStatus status) noexcept {
    switch (status) {
        case OrderStatus::accepted: return "accepted";
        case OrderStatus::processing: return "processing";
        case OrderStatus::reserved: return "reserved";
        case OrderStatus::confirmed: return "confirmed";
        case OrderStatus::completed: return "completed";
        case OrderStatus::rejected: return "rejected";
        case OrderStatus::cancelling: return "cancelling";
        case OrderStatus::cancelled: return "cancelled";
        case OrderStatus::on_hold: return "on_hold";
    }
    return "";
}

std::string_view to_string(PaymentStatus status) noexcept {
    switch (status) {
        case PaymentStatus::pending: return "pending";
        case PaymentStatus::started: return "started";
        case PaymentStatus::captured: return "captured";
        case PaymentStatus::declined: return "declined";
        case PaymentStatus::not_required: return "not_required";
        case PaymentStatus::refunding: return "refunding";
        case PaymentStatus::voided: return "voided";
        case PaymentStatus::refunded: return "refunded";
    }
    return "";
}

std::string_view to_string(FulfillmentStatus status) noexcept {
    switch (status) {
        case FulfillmentStatus::unfulfilled: return "unfulfilled";
        case FulfillmentStatus::fulfilled: return "fulfilled";
        case FulfillmentStatus::cancelled: return "cancelled";
        case FulfillmentStatus::partially_fulfilled: return "partially_fulfilled";
    }
    return "";
}

std::optional<OrderStatus> parse_order_status(std::string_view text) noexcept {
    for (int i = 0; i <= static_cast<int>(OrderStatus::on_hold); ++i) {
        if (to_string(static_cast<OrderStatus>(i)) == text) return static_cast<OrderStatus>(i);
    }
    return std::nullopt;
}

bool is_settled(OrderStatus status) noexcept { return status == OrderStatus::confirmed || is_terminal(status); }

bool is_terminal(OrderStatus status) noexcept {
    return status == OrderStatus::completed || status == OrderStatus::rejected || status == OrderStatus::cancelled;
}

bool may_follow(OrderStatus from, OrderStatus to) noexcept {
    using enum OrderStatus;
    switch (from) {
        case accepted: return to == processing || to == rejected || to == cancelled || to == on_hold;
        case processing: return to == reserved || to == confirmed || to == rejected || to == cancelled || to == on_hold;
        case reserved: return to == confirmed || to == rejected || to == cancelling || to == cancelled || to == on_hold;
        case confirmed: return to == completed || to == cancelling || to == cancelled;
        case cancelling: return to == cancelled;
        case on_hold: return to == accepted || to == reserved || to == cancelling || to == cancelled;
        case completed:
        case rejected:
        case cancelled: return false;
    }
    return false;
}

}  // namespace orderflow::orders
