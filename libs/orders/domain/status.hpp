// The three status axes of an order.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace orderflow::orders {

enum class OrderStatus : std::uint8_t {
    accepted,    // the queue has it
    processing,  // stored; catalogue and price rules hold
    reserved,    // all lines hold stock; the payment attempt is recorded
    confirmed,   // paid (or to be paid by invoice)
    completed,   // fulfilled
    rejected,    // a business rule, price, shortage or declined payment; holds no stock
    cancelling,  // a cancel was taken; void or refund is under way
    cancelled,   // void or refund done, stock given back
    on_hold,     // the retry budget is spent or its message was dead-lettered
};

enum class PaymentStatus : std::uint8_t {
    pending,       // nothing attempted yet
    started,       // an attempt is recorded; the provider may or may not have it
    captured,      // the money is ours
    declined,      // the provider said no
    not_required,  // nothing to pay now (invoice, or a total of zero)
    refunding,     // a void or refund is recorded, not yet confirmed
    voided,        // nothing was taken and nothing can be any more
    refunded,      // taken and given back
};

enum class FulfillmentStatus : std::uint8_t { unfulfilled, fulfilled, cancelled, partially_fulfilled };

std::string_view to_string(OrderStatus status) noexcept;
std::string_view to_string(PaymentStatus status) noexcept;
std::string_view to_string(FulfillmentStatus status) noexcept;
std::optional<OrderStatus> parse_order_status(std::string_view text) noexcept;

// Settled: nothing more will happen by itself (confirmed, completed, rejected, cancelled).
bool is_settled(OrderStatus status) noexcept;
// Terminal: no event can follow but a payment that is given back (completed, rejected, cancelled).
bool is_terminal(OrderStatus status) noexcept;
// Whether an order may step from one status to another; a pure table, checked by the audit and the tests.
bool may_follow(OrderStatus from, OrderStatus to) noexcept;

}  // namespace orderflow::orders
