// Order: the stored state of one order. Only decide() makes a new one from an old one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/frozen.hpp"
#include "libs/orders/domain/draft.hpp"
#include "libs/orders/domain/fulfillment.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/payment.hpp"
#include "libs/orders/domain/status.hpp"

namespace orderflow::orders {

// The tenant of a shop that has only one.
inline constexpr const char* default_tenant = "default";

struct OrderLine {
    OrderLine(Sku s, std::int64_t q) : sku(std::move(s)), quantity(q) {}
    Sku sku;
    std::int64_t quantity;
    std::string name;             // frozen from the catalogue
    std::int64_t unit_price = 0;  // net, frozen from the catalogue
    std::int64_t discount = 0;
    std::int64_t tax = 0;
    friend bool operator==(const OrderLine&, const OrderLine&) = default;
};

struct Failure {
    Failure(std::string c, std::string d) : code(std::move(c)), detail(std::move(d)) {}
    std::string code;
    std::string detail;
    friend bool operator==(const Failure&, const Failure&) = default;
};

struct Cancel {
    Cancel(std::string command, std::string why, WallTime at)
        : command_id(std::move(command)), reason(std::move(why)), requested_at(at) {}
    std::string command_id;  // the last cancel command that was decided: a repeated delivery of it changes nothing
    std::string reason;
    WallTime requested_at;
    friend bool operator==(const Cancel&, const Cancel&) = default;
};

struct Order {
    Order(OrderId i, Frozen<OrderDraft> d, Fingerprint f, WallTime accepted)
        : id(i), fingerprint(f), draft(std::move(d)), created_at(accepted), updated_at(accepted) {}

    OrderId id;
    std::int64_t number = 0;  // given by the store on insert, counts up; 0 before
    std::string tenant_id = default_tenant;
    std::int32_t version = 0;
    OrderStatus status = OrderStatus::accepted;
    PaymentStatus payment_status = PaymentStatus::pending;
    FulfillmentStatus fulfillment_status = FulfillmentStatus::unfulfilled;

    Fingerprint fingerprint;
    Frozen<OrderDraft> draft;      // as asked; never changes
    std::vector<OrderLine> lines;  // as priced; empty until processing
    std::int64_t shipping_amount = 0;
    std::int64_t discount_amount = 0;
    std::int64_t tax_amount = 0;
    std::int64_t total = 0;  // sum(unit_price * quantity - discount) + shipping - discount_amount + tax_amount

    WallTime created_at;  // when the API accepted it
    WallTime updated_at;

    bool holds_stock = false;             // every line is reserved (all or nothing), but for what was shipped
    std::optional<PaymentEffect> charge;  // recorded before the provider is called
    std::optional<PaymentEffect> refund;
    std::int32_t tries = 0;                // business attempts that failed since the last success
    std::optional<OrderStatus> held_from;  // while on_hold: where to go on from
    std::optional<Failure> failure;
    std::optional<Cancel> cancel;
    std::vector<Fulfillment> fulfillments;
    std::string refused_fulfillment;         // command id of the last one that was refused; empty: none
    std::optional<Fingerprint> conflicting;  // content that came later under the same key; the last one refused

    friend bool operator==(const Order&, const Order&) = default;
};

}  // namespace orderflow::orders
