#include "libs/audit/legal_path.hpp"

#include <algorithm>

#include "libs/audit/checks.hpp"

namespace orderflow::audit {

using orders::EventType;
using orders::OrderStatus;

bool LegalPath::is_at(std::initializer_list<OrderStatus> places) const {
    return at_ && std::ranges::find(places, *at_) != places.end();
}

bool LegalPath::go(bool allowed, OrderStatus to) {
    if (allowed) at_ = to;
    return allowed;
}

// One answer per charge; it may come while the order waits on hold or is being cancelled.
bool LegalPath::settle_charge(bool& outcome) {
    using enum OrderStatus;
    const bool allowed = !captured_ && !declined_ && holds_stock_ && is_at({reserved, on_hold, cancelling});
    if (allowed) outcome = true;
    return allowed;
}

bool LegalPath::step(EventType type) {
    using enum OrderStatus;
    switch (type) {
        case EventType::order_accepted: return go(!at_, accepted);
        case EventType::order_created: return go(is_at({accepted}), processing);
        case EventType::inventory_reserved:
            if (!go(is_at({processing}) && !holds_stock_, reserved)) return false;
            holds_stock_ = true;
            return true;
        case EventType::payment_captured: return settle_charge(captured_);
        case EventType::payment_declined: return settle_charge(declined_);
        case EventType::order_confirmed: return go(is_at({reserved}) && !declined_, confirmed);
        case EventType::fulfillment_created:
            if (!is_at({confirmed}) || !holds_stock_) return false;
            return shipped_ = true;
        case EventType::order_completed:
            if (!go(is_at({confirmed}) && shipped_, completed)) return false;
            holds_stock_ = false;
            return true;
        case EventType::order_rejected:
            return go(!holds_stock_ && (is_at({accepted, processing}) || (is_at({reserved}) && declined_)), rejected);
        case EventType::cancel_requested:
            return go(is_at({accepted, processing, reserved, confirmed, on_hold}) && !shipped_, cancelling);
        case EventType::payment_refunded:
        case EventType::payment_voided:
            if (!is_at({cancelling}) || paid_back_) return false;
            if (type == EventType::payment_refunded && !captured_) return false;
            return paid_back_ = true;
        case EventType::inventory_released:
            if (!holds_stock_ || !(is_at({cancelling}) || (is_at({reserved}) && declined_))) return false;
            holds_stock_ = false;
            return true;
        case EventType::order_cancelled:
            return go(is_at({cancelling}) && !holds_stock_ && (!captured_ || paid_back_), cancelled);
        case EventType::order_on_hold: return go(is_at({accepted, processing, reserved}), on_hold);
        case EventType::order_resumed: return go(is_at({on_hold}), holds_stock_ ? reserved : accepted);
        case EventType::payment_refund_failed: return is_at({cancelling}) && !paid_back_;
        case EventType::cancel_refused:
        case EventType::fulfillment_refused:
        case EventType::order_conflict: return at_.has_value();
    }
    return false;
}

bool happens_once(EventType type) noexcept {
    switch (type) {
        case EventType::order_accepted:
        case EventType::inventory_reserved:
        case EventType::payment_captured:
        case EventType::payment_declined:
        case EventType::order_confirmed:
        case EventType::order_completed:
        case EventType::order_rejected:
        case EventType::cancel_requested:
        case EventType::payment_voided:
        case EventType::payment_refunded:
        case EventType::inventory_released:
        case EventType::order_cancelled: return true;
        case EventType::order_created:  // again after a hold that began before the stock was reserved
        case EventType::cancel_refused:
        case EventType::order_on_hold:
        case EventType::order_resumed:
        case EventType::order_conflict:
        case EventType::payment_refund_failed:
        case EventType::fulfillment_created:
        case EventType::fulfillment_refused: return false;
    }
    return false;
}

namespace {

void check_once(const StoredOrder& order, Report& report) {
    for (int i = 0; i < orders::event_type_count; ++i) {
        const auto type = static_cast<EventType>(i);
        const auto count = count_events(order, type);
        if (!happens_once(type) || count < 2) continue;
        report.add(FindingKind::doubled, order.id.to_string(),
                   std::string(to_string(type)) + " happened " + std::to_string(count) + " times");
    }
}

std::string name_of(const LegalPath& path) {
    return path.at() ? std::string(to_string(*path.at())) : std::string("no order yet");
}

// The first thing that is wrong with the history of an order; empty when nothing is.
std::string wrong_with(const StoredOrder& order) {
    LegalPath path;
    std::int64_t version = 0;
    for (const auto& event : order.events) {
        const auto name = std::string(to_string(event.type));
        if (event.version != ++version) {
            return name + " has version " + std::to_string(event.version) + ", " + std::to_string(version) + " was due";
        }
        const auto before = name_of(path);
        if (!path.step(event.type)) return name + " (version " + std::to_string(version) + ") after " + before;
    }
    if (version != order.version) {
        return "the order is at version " + std::to_string(order.version) + ", its last event at " +
               std::to_string(version);
    }
    if (path.at() != order.status) {
        return "the order is " + std::string(to_string(order.status)) + ", its events lead to " + name_of(path);
    }
    if (path.holds_stock() != order.holds_stock) {
        return order.holds_stock ? "it holds stock that its events do not reserve"
                                 : "its events reserve stock that it does not hold";
    }
    return {};
}

}  // namespace

void check_histories(const Evidence& evidence, Report& report) {
    for (const auto& order : evidence.snapshot.orders) {
        check_once(order, report);
        if (auto wrong = wrong_with(order); !wrong.empty()) {
            report.add(FindingKind::illegal_history, order.id.to_string(), std::move(wrong));
        }
    }
}

}  // namespace orderflow::audit
