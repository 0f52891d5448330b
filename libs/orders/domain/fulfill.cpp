// Lines of a confirmed order leave the warehouse: what was reserved goes, and with the last piece the order is
// completed.
#include <algorithm>
#include <string>

#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"
#include "libs/orders/domain/transition.hpp"

namespace orderflow::orders {
namespace {

Decision refuse(const FulfillOrder& change, const Order& stored, WallTime now, std::string code, std::string detail) {
    Transition transition(stored, now);
    transition.order().refused_fulfillment = change.command_id;
    transition.event(EventType::fulfillment_refused, std::move(code), std::move(detail));
    return std::move(transition).finish(Step::Kind::finished);
}

bool is_known(const FulfillOrder& change, const Order& stored) {
    if (!safeguard(Safeguard::fulfill_once)) return false;
    return stored.refused_fulfillment == change.command_id ||
           std::ranges::find(stored.fulfillments, change.command_id, &Fulfillment::command_id) !=
               stored.fulfillments.end();
}

std::int64_t pieces(const std::vector<ShippedLine>& lines) {
    std::int64_t sum = 0;
    for (const auto& line : lines) sum += line.quantity;
    return sum;
}

const ShippedLine* find(const std::vector<ShippedLine>& lines, const Sku& sku) {
    const auto found = std::ranges::find(lines, sku, &ShippedLine::sku);
    return found == lines.end() ? nullptr : &*found;
}

Decision ship(const FulfillOrder& change, const Order& stored, const std::vector<ShippedLine>& open, WallTime now) {
    Transition transition(stored, now);
    auto& order = transition.order();
    auto& fulfillment = order.fulfillments.emplace_back(change.command_id, change.lines, now);
    fulfillment.carrier = change.carrier;
    fulfillment.tracking_number = change.tracking_number;
    transition.ship_stock(change.lines);
    const auto left = pieces(open) - pieces(change.lines);
    transition.event(EventType::fulfillment_created, {},
                     std::to_string(pieces(change.lines)) + " shipped, " + std::to_string(left) + " to follow.");
    order.fulfillment_status = left > 0 ? FulfillmentStatus::partially_fulfilled : FulfillmentStatus::fulfilled;
    if (left == 0) {
        order.holds_stock = false;
        transition.become(OrderStatus::completed);
        transition.event(EventType::order_completed);
    }
    return std::move(transition).finish(Step::Kind::finished);
}

}  // namespace

std::vector<ShippedLine> open_lines(const Order& order) {
    const auto demand = demand_of(*order.draft);
    ORDERFLOW_INVARIANT(demand.has_value());
    std::vector<ShippedLine> open;
    for (const auto& move : *demand) {
        auto quantity = move.reserve;
        for (const auto& fulfillment : order.fulfillments) {
            const auto* shipped = find(fulfillment.lines, move.sku);
            if (shipped != nullptr) quantity -= shipped->quantity;
        }
        if (quantity > 0) open.emplace_back(move.sku, quantity);
    }
    return open;
}

Decision decide_fulfillment(const FulfillOrder& change, const Loaded& loaded, WallTime now) {
    if (loaded.order == nullptr) {  // it may be on its way: the queue's receive count says for how long
        return unchanged(loaded, loaded.tombstone ? Step::Kind::finished : Step::Kind::retry);
    }
    const auto& stored = *loaded.order;
    if (is_known(change, stored)) return unchanged(loaded, Step::Kind::finished);
    if (stored.status != OrderStatus::confirmed) {
        return refuse(change, stored, now, "not-fulfillable",
                      "The order is " + std::string(to_string(stored.status)) + ", not confirmed.");
    }
    if (stored.fulfillments.size() >= limits::fulfillments_max) {
        return refuse(change, stored, now, "too-many-fulfillments", "It has as many as an order may have.");
    }
    const auto open = open_lines(stored);
    for (const auto& line : change.lines) {
        const auto& ordered = stored.draft->lines;
        if (std::ranges::find(ordered, line.sku, &DraftLine::sku) == ordered.end()) {
            return refuse(change, stored, now, "unknown-line", "The order has no line with " + line.sku.value() + ".");
        }
        const auto* left = find(open, line.sku);
        const auto most = left != nullptr ? left->quantity : 0;
        if (line.quantity < 1 || line.quantity > most) {
            return refuse(change, stored, now, "more-than-ordered",
                          std::to_string(most) + " of " + line.sku.value() + " are still to be shipped, not " +
                              std::to_string(line.quantity) + ".");
        }
    }
    return ship(change, stored, open, now);
}

}  // namespace orderflow::orders
