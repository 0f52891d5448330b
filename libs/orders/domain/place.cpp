// T1: an order arrives, for the first time or again.
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/orders/domain/given_amounts.hpp"
#include "libs/orders/domain/transition.hpp"

namespace orderflow::orders {
namespace {

Decision reject(Transition transition, std::string code, std::string detail) {
    auto& order = transition.order();
    order.failure.emplace(code, detail);
    order.fulfillment_status = FulfillmentStatus::cancelled;
    transition.release_stock();
    transition.become(OrderStatus::rejected);
    transition.event(EventType::order_rejected, std::move(code), std::move(detail));
    return std::move(transition).finish(Step::Kind::finished);
}

std::unexpected<Error> unknown_sku(const Sku& sku) {
    return fail(ErrorKind::invalid_input, "unknown-sku", "There is no product " + sku.value() + ".");
}

// Freezes the amounts that came with the order, whatever the catalogue asks for; names are the catalogue's. An error
// rejects the order.
Result<void> price_as_given(Order& order, const GivenAmounts& given, const Shelf& shelf) {
    const auto& asked = order.draft->lines;
    const auto sum = add_up(asked, given);
    if (!sum.faults.empty()) {
        return fail(ErrorKind::invalid_input, "total-overflow", "The amounts of the order do not add up.");
    }
    order.lines.clear();
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto* item = shelf.find(asked[i].sku);
        if (item == nullptr) return unknown_sku(asked[i].sku);
        auto& line = order.lines.emplace_back(asked[i].sku, asked[i].quantity);
        line.name = item->product.name;
        line.unit_price = given.lines[i].unit_price;
        line.discount = given.lines[i].discount;
        line.tax = given.lines[i].tax;
    }
    order.shipping_amount = given.shipping;
    order.discount_amount = given.discount;
    order.tax_amount = given.tax;
    order.total = sum.total;
    return {};
}

// Freezes the catalogue's names and prices onto the lines, with shipping and tax. An error rejects the order.
Result<void> price(Order& order, const Shelf& shelf, const Pricing& pricing) {
    if (const auto& given = order.draft->amounts) return price_as_given(order, *given, shelf);
    PricingRequest request(order.draft->currency, order.draft->shipping_address.country);
    std::int64_t goods = 0;
    order.lines.clear();
    for (const auto& asked : order.draft->lines) {
        const auto* item = shelf.find(asked.sku);
        if (item == nullptr) return unknown_sku(asked.sku);
        const auto unit = item->product.price_in(order.draft->currency);
        if (!unit) {
            return fail(ErrorKind::invalid_input, "not-sold-in-currency",
                        asked.sku.value() + " has no price in " + std::string(order.draft->currency.code()) + ".");
        }
        const auto line_total = checked_mul(*unit, asked.quantity);
        const auto sum = line_total ? checked_add(goods, *line_total) : std::nullopt;
        if (!sum) return fail(ErrorKind::invalid_input, "total-overflow", "The total is too large.");
        goods = *sum;
        auto& line = order.lines.emplace_back(asked.sku, asked.quantity);
        line.name = item->product.name;
        line.unit_price = *unit;
        request.line_totals.push_back(*line_total);
    }
    auto charges = pricing.quote(request);
    if (!charges) return fail(std::move(charges).error());
    std::optional<std::int64_t> tax = 0;
    for (std::size_t i = 0; i < order.lines.size() && tax; ++i) {
        order.lines[i].tax = charges->line_taxes[i];
        tax = checked_add(*tax, charges->line_taxes[i]);
    }
    auto total = tax ? checked_add(goods, *tax) : std::nullopt;
    if (total) total = checked_add(*total, charges->shipping);
    if (total) total = checked_sub(*total, charges->discount);
    if (!total || *total < 0) return fail(ErrorKind::invalid_input, "total-overflow", "The total is too large.");
    order.shipping_amount = charges->shipping;
    order.discount_amount = charges->discount;
    order.tax_amount = *tax;
    order.total = *total;
    return {};
}

// The first line that the shelf cannot fill, in SKU order.
const StockMove* shortage(const std::vector<StockMove>& demand, const Shelf& shelf) {
    for (const auto& move : demand) {
        const auto* item = shelf.find(move.sku);
        if (item == nullptr) return &move;
        if (safeguard(Safeguard::stock_check) && item->stock.available() < move.reserve) return &move;
    }
    return nullptr;
}

bool pays_now(const Order& order) { return order.total > 0 && order.draft->payment.mode != PaymentMode::invoice; }

// From accepted to reserved (or confirmed, when there is nothing to pay now).
Decision process(Transition transition, const Shelf& shelf, const Pricing& pricing) {
    auto& order = transition.order();
    if (auto priced = price(order, shelf, pricing); !priced) {
        order.lines.clear();  // all lines have a price, or none: amounts must add up in every order
        return reject(std::move(transition), priced.error().code(), priced.error().detail());
    }
    if (order.draft->expected_total && *order.draft->expected_total != order.total) {
        auto detail = "The total is " + std::to_string(order.total) + " in minor units, " +
                      std::to_string(*order.draft->expected_total) + " was expected.";  // before the order moves away
        return reject(std::move(transition), "price-changed", std::move(detail));
    }
    if (order.status == OrderStatus::accepted) {
        transition.become(OrderStatus::processing);
        transition.event(EventType::order_created);
    }

    const auto demand = demand_of(*order.draft);
    const auto* missing = demand ? shortage(*demand, shelf) : nullptr;
    if (!demand || missing != nullptr) {
        const auto sku = missing != nullptr ? missing->sku.value() : order.draft->lines.front().sku.value();
        return reject(std::move(transition), "out-of-stock", "There is not enough of " + sku + " left.");
    }
    transition.reserve_stock();
    if (!pays_now(order)) {
        order.payment_status = PaymentStatus::not_required;
        transition.become(OrderStatus::confirmed);
        transition.event(EventType::order_confirmed);
        return std::move(transition).finish(Step::Kind::finished);
    }
    transition.become(OrderStatus::reserved);
    order.payment_status = PaymentStatus::started;
    order.charge.emplace(charge_effect(order.id), order.total, transition.now());
    return std::move(transition).charge(false);
}

Decision conflict(const PlaceOrder& change, const Loaded& loaded, WallTime now) {
    const auto& stored = *loaded.order;
    if (stored.conflicting == change.fingerprint) return unchanged(loaded, Step::Kind::finished);
    Transition transition(stored, now);
    transition.order().conflicting = change.fingerprint;
    transition.event(EventType::order_conflict, "idempotency-key-reused",
                     "Another order came with the same key; this one stays as it is.");
    return std::move(transition).finish(Step::Kind::finished);
}

Decision resume_from_hold(const Order& stored, const Shelf& shelf, const Pricing& pricing, WallTime now) {
    Transition transition(stored, now);
    auto& order = transition.order();
    const auto from = order.held_from.value_or(OrderStatus::accepted);
    order.tries = 0;
    order.held_from.reset();
    order.failure.reset();
    transition.become(from == OrderStatus::reserved ? OrderStatus::reserved : OrderStatus::accepted);
    transition.event(EventType::order_resumed);
    if (order.status == OrderStatus::reserved) return std::move(transition).charge(true);
    return process(std::move(transition), shelf, pricing);
}

}  // namespace

Decision decide_place(const PlaceOrder& change, const Loaded& loaded, const Shelf& shelf, const Pricing& pricing,
                      WallTime now) {
    if (loaded.tombstone && safeguard(Safeguard::tombstone_check)) return unchanged(loaded, Step::Kind::finished);
    if (loaded.order == nullptr || !safeguard(Safeguard::place_once)) {
        Transition transition(accepted_order(change), now);
        transition.event_at(change.accepted_at, EventType::order_accepted);
        if (const auto* intent = take_intent(transition, loaded)) return apply_intent(std::move(transition), *intent);
        return process(std::move(transition), shelf, pricing);
    }
    const auto& stored = *loaded.order;
    const bool same = stored.fingerprint == change.fingerprint || !safeguard(Safeguard::fingerprint_check);
    if (!same) return conflict(change, loaded, now);
    switch (stored.status) {
        case OrderStatus::accepted:
        case OrderStatus::processing: return process(Transition(stored, now), shelf, pricing);
        case OrderStatus::reserved: return Decision(charge_step(stored, true));
        case OrderStatus::on_hold: return resume_from_hold(stored, shelf, pricing, now);
        case OrderStatus::confirmed:
        case OrderStatus::completed:
        case OrderStatus::rejected:
        case OrderStatus::cancelling:
        case OrderStatus::cancelled: return unchanged(loaded, Step::Kind::finished);
    }
    return unchanged(loaded, Step::Kind::finished);
}

}  // namespace orderflow::orders
