// OrderEvent: one fact in an order's history. Event id is `{order}:{version}`; every event raises the version by one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/status.hpp"

namespace orderflow::orders {

enum class EventType : std::uint8_t {
    order_accepted,
    order_created,
    inventory_reserved,
    payment_captured,
    payment_declined,
    order_confirmed,
    order_completed,
    order_rejected,
    cancel_requested,
    cancel_refused,
    payment_voided,
    payment_refunded,
    inventory_released,
    order_cancelled,
    order_on_hold,
    order_resumed,
    order_conflict,         // the same key came again with other content; the first stored wins
    payment_refund_failed,  // a void or refund keeps failing; it is tried again
    fulfillment_created,    // some or all lines left the warehouse
    fulfillment_refused,
};

inline constexpr int event_type_count = static_cast<int>(EventType::fulfillment_refused) + 1;

// "order.accepted", "inventory.reserved", ...: the names in the API.
std::string_view to_string(EventType type) noexcept;
std::optional<EventType> parse_event_type(std::string_view text) noexcept;

// The status that an order has reached with such an event. Nothing: it stays in the one that it has, or (order.resumed)
// goes back to the one that it had.
std::optional<OrderStatus> status_reached_by(EventType type) noexcept;

struct OrderEvent {
    OrderEvent(std::int32_t v, EventType t, WallTime when, std::string c = {}, std::string d = {})
        : version(v), type(t), at(when), code(std::move(c)), detail(std::move(d)) {}

    std::int32_t version;
    EventType type;
    WallTime at;
    std::string code;         // reason of a rejection, hold, refusal; empty otherwise
    std::string detail;       // for a person; never personal data
    std::string traceparent;  // W3C: of the change that made it; empty: that was not traced
    friend bool operator==(const OrderEvent&, const OrderEvent&) = default;
};

}  // namespace orderflow::orders
