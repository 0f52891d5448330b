#include "libs/audit/snapshot.hpp"

#include "libs/orders/domain/hold_limit.hpp"

namespace orderflow::audit {

StoredOrder stored_order(const orders::Order& order, std::span<const orders::OrderEvent> events,
                         std::span<const orders::LedgerPosting> postings) {
    StoredOrder stored;
    stored.id = order.id;
    stored.version = order.version;
    stored.status = order.status;
    stored.payment_status = order.payment_status;
    stored.payment_mode = order.draft->payment.mode;
    stored.holds_stock = order.holds_stock;
    stored.cancelled_by_time = order.cancel && order.cancel->reason == orders::hold_time_limit_reason;
    stored.client_reference = order.draft->client_reference.value_or(std::string());
    stored.asked.reserve(order.draft->lines.size());
    for (const auto& line : order.draft->lines) stored.asked.push_back({line.sku.value(), line.quantity});
    for (const auto& fulfillment : order.fulfillments) {
        for (const auto& line : fulfillment.lines) stored.shipped.push_back({line.sku.value(), line.quantity});
    }
    stored.given = order.draft->amounts;
    stored.lines.reserve(order.lines.size());
    for (const auto& line : order.lines) {
        stored.lines.push_back({line.sku.value(), line.quantity, line.unit_price, line.discount, line.tax});
    }
    stored.currency = order.draft->currency.code();
    stored.shipping = order.shipping_amount;
    stored.discount = order.discount_amount;
    stored.tax = order.tax_amount;
    stored.total = order.total;
    stored.events.reserve(events.size());
    for (const auto& event : events) stored.events.push_back({event.version, event.type});
    stored.postings.reserve(postings.size());
    for (const auto& posting : postings) {
        stored.postings.push_back({posting.effect.value, posting.debit, posting.credit, posting.amount});
    }
    return stored;
}

}  // namespace orderflow::audit
