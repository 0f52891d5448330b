// A small history and snapshot without a fault: an order that was paid, one that was declined, one that was cancelled
// after it was paid, and one by invoice. Each test breaks one thing.
#pragma once

#include <string>

#include "libs/audit/check.hpp"

namespace orderflow::audit {

using orders::EffectState;
using orders::EventType;
using orders::OrderStatus;
using orders::PaymentStatus;

inline orders::OrderId id_of(int number) {
    orders::OrderId::Bytes bytes{};
    bytes[0] = static_cast<std::byte>(number);
    return orders::OrderId(bytes);
}

inline std::vector<StoredEvent> events_of(std::initializer_list<EventType> types) {
    std::vector<StoredEvent> events;
    for (const auto type : types) events.push_back({static_cast<std::int64_t>(events.size()) + 1, type});
    return events;
}

struct SoundShop {
    static constexpr std::int64_t price = 100;
    static constexpr std::int64_t shipping = 50;
    static constexpr std::int64_t tax = 19;
    static constexpr std::int64_t total = price + shipping + tax;

    History history;
    Snapshot snapshot;

    SoundShop() {
        using enum EventType;
        paid = add(1, OrderStatus::confirmed, PaymentStatus::captured,
                   {order_accepted, order_created, inventory_reserved, payment_captured, order_confirmed});
        declined = add(
            2, OrderStatus::rejected, PaymentStatus::declined,
            {order_accepted, order_created, inventory_reserved, payment_declined, inventory_released, order_rejected});
        cancelled = add(3, OrderStatus::cancelled, PaymentStatus::refunded,
                        {order_accepted, order_created, inventory_reserved, payment_captured, order_confirmed,
                         cancel_requested, payment_refunded, inventory_released, order_cancelled});
        invoiced = add(4, OrderStatus::confirmed, PaymentStatus::not_required,
                       {order_accepted, order_created, inventory_reserved, order_confirmed});
        order(invoiced).payment_mode = orders::PaymentMode::invoice;
        order(paid).holds_stock = true;
        order(invoiced).holds_stock = true;
        for (const auto at : {paid, cancelled}) {
            order(at).postings.push_back({"charge", orders::provider_account, orders::sales_account, total});
            effect(at, ProviderEffect::Kind::charge, EffectState::captured);
        }
        effect(declined, ProviderEffect::Kind::charge, EffectState::declined);
        order(cancelled).postings.push_back({"refund", orders::sales_account, orders::provider_account, total});
        effect(cancelled, ProviderEffect::Kind::refund, EffectState::refunded);
        Attempt cancel;
        cancel.kind = AttemptKind::cancel;
        cancel.outcome = Outcome::ok;
        cancel.order = order(cancelled).id;
        history.attempts.push_back(cancel);
        cancel_attempt = history.attempts.size() - 1;
        snapshot.products.push_back({"PEN", 10, 10, 2});
        snapshot.queues.push_back({.name = "orders", .flow = QueueFlow{.sent = 5, .removed = 5}});
    }

    StoredOrder& order(std::size_t at) { return snapshot.orders[at]; }
    Attempt& attempt(std::size_t at) { return history.attempts[at]; }
    Report judge(const CheckOptions& options = {}) const { return check(history, snapshot, options); }

    std::size_t paid, declined, cancelled, invoiced;  // places in snapshot.orders and history.attempts
    std::size_t cancel_attempt;

  private:
    std::size_t add(int number, OrderStatus status, PaymentStatus payment, std::initializer_list<EventType> types) {
        Attempt asked;
        asked.outcome = Outcome::ok;
        asked.http_status = 202;
        asked.key = "key-" + std::to_string(number);
        asked.lines.push_back({"PEN", 1});
        asked.order = id_of(number);
        history.attempts.push_back(asked);

        StoredOrder stored;
        stored.id = id_of(number);
        stored.status = status;
        stored.payment_status = payment;
        stored.client_reference = asked.key;
        stored.asked = asked.lines;
        stored.lines.push_back({.sku = "PEN", .quantity = 1, .unit_price = price, .tax = tax});
        stored.currency = "EUR";
        stored.shipping = shipping;
        stored.tax = tax;
        stored.total = total;
        stored.events = events_of(types);
        stored.version = static_cast<std::int64_t>(stored.events.size());
        snapshot.orders.push_back(stored);
        return snapshot.orders.size() - 1;
    }

    void effect(std::size_t at, ProviderEffect::Kind kind, EffectState state) {
        snapshot.provider.push_back({.key = kind == ProviderEffect::Kind::charge ? "charge" : "refund",
                                     .kind = kind,
                                     .order = order(at).id,
                                     .amount = total,
                                     .currency = "EUR",
                                     .state = state});
    }
};

}  // namespace orderflow::audit
