// Lines of a confirmed order leave the warehouse: what was reserved goes, and with the last piece the order is
// completed.
#include <algorithm>
#include <string>

#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"
#include "libs/orders/domain/transition.hpp"

namespace orderflow::orders {
namespace {

std::int64_t pieces(const std::vector<ShippedLine>& lines) {
    std::int64_t sum = 0;
    for (const auto& line : lines) sum += line.quantity;
    return sum;
}

// It is an operator's command as well as a change of an order, and it is decided here once.
CommandRecord record_of(const FulfillOrder& change, WallTime now) {
    CommandRecord record(change.command_id, "order.fulfill",
                         "order " + change.id.to_string() + ", " + std::to_string(pieces(change.lines)) + " pieces",
                         change.requested_at, now);
    record.by = change.by.empty() ? default_operator : change.by;
    record.reason = change.reason;
    record.finished_at = now;
    record.state = CommandState::done;
    return record;
}

CommandRecord refused(CommandRecord record, std::string code, std::string detail) {
    record.state = CommandState::refused;
    record.code = std::move(code);
    record.detail = std::move(detail);
    return record;
}

Decision refuse(const FulfillOrder& change, const Order& stored, WallTime now, std::string code, std::string detail) {
    Transition transition(stored, now);
    transition.order().refused_fulfillment = change.command_id;
    transition.record(refused(record_of(change, now), code, detail));
    transition.event(EventType::fulfillment_refused, std::move(code), std::move(detail));
    return std::move(transition).finish(Step::Kind::finished);
}

bool is_known(const FulfillOrder& change, const Order& stored) {
    if (!safeguard(Safeguard::fulfill_once)) return false;
    return stored.refused_fulfillment == change.command_id ||
           std::ranges::find(stored.fulfillments, change.command_id, &Fulfillment::command_id) !=
               stored.fulfillments.end();
}

// The order was archived or erased: there is nothing that a line could leave.
Decision refuse_gone(const FulfillOrder& change, const Loaded& loaded, WallTime now) {
    auto decision = unchanged(loaded, Step::Kind::finished);
    decision.audit = refused(record_of(change, now), "order-gone", "The order is archived or erased.");
    return decision;
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
    auto record = record_of(change, now);
    record.changed = pieces(change.lines);
    record.detail = std::to_string(record.changed) + " shipped, " + std::to_string(left) + " to follow.";
    transition.event(EventType::fulfillment_created, {}, record.detail);
    transition.record(std::move(record));
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
    if (loaded.tombstone) return refuse_gone(change, loaded, now);
    // It may be on its way: the queue's receive count says for how long.
    if (loaded.order == nullptr) return unchanged(loaded, Step::Kind::retry);
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
