#include "libs/contract/order_resource.hpp"

#include "libs/contract/draft_json.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {
namespace {

using json::Writer;
using orders::Order;
using orders::OrderEvent;
using orders::OrderId;

constexpr std::size_t accepted_bytes = 384;

void write_links(Writer& out, const OrderId& id) {
    const auto self = order_path(id);
    out.key("links").begin_object().key("self").string(self).key("events").string(self + "/events");
    out.key("stream").string(self + "/stream").key("page").string(order_page(id)).end_object();
}

// As priced, or as asked for while there is no price yet.
void write_items(Writer& out, const Order& order) {
    out.key("items").begin_array();
    for (const auto& line : order.lines) {
        out.begin_object().key("sku").string(line.sku.value()).key("name").string(line.name);
        out.key("quantity").integer(line.quantity).key("unit_price").integer(line.unit_price);
        out.key("discount").integer(line.discount).key("tax").integer(line.tax).end_object();
    }
    if (order.lines.empty()) {
        for (const auto& line : order.draft->lines) {
            out.begin_object().key("sku").string(line.sku.value()).key("quantity").integer(line.quantity).end_object();
        }
    }
    out.end_array();
}

void write_parties(Writer& out, const Order& order) {
    const auto& draft = *order.draft;
    out.key("customer");
    write_customer(out, draft.customer);
    out.key("shipping_address");
    write_address(out, draft.shipping_address);
    if (draft.billing_address) {
        out.key("billing_address");
        write_address(out, *draft.billing_address);
    }
    out.key("payment").begin_object().key("mode").string(to_string(draft.payment.mode));
    if (draft.payment.provider) out.key("provider").string(*draft.payment.provider);
    if (draft.payment.reference) out.key("reference").string(*draft.payment.reference);
    out.end_object();
    if (draft.client_reference) out.key("client_reference").string(*draft.client_reference);
    if (draft.notes) out.key("notes").string(*draft.notes);
    if (!draft.metadata.empty()) {
        out.key("metadata");
        write_metadata(out, draft.metadata);
    }
}

void write_fulfillments(Writer& out, const Order& order) {
    if (order.fulfillments.empty()) return;
    out.key("fulfillments").begin_array();
    for (const auto& fulfillment : order.fulfillments) {
        out.begin_object().key("id").string(fulfillment.command_id).key("at").string(to_timestamp(fulfillment.at));
        out.key("lines").begin_array();
        for (const auto& line : fulfillment.lines) {
            out.begin_object().key("sku").string(line.sku.value()).key("quantity").integer(line.quantity).end_object();
        }
        out.end_array();
        if (fulfillment.carrier) out.key("carrier").string(*fulfillment.carrier);
        if (fulfillment.tracking_number) out.key("tracking_number").string(*fulfillment.tracking_number);
        out.end_object();
    }
    out.end_array();
}

void write_order(Writer& out, const Order& order) {
    out.begin_object().key("id").string(order.id.to_string()).key("number").integer(order.number);
    out.key("tenant_id").string(order.tenant_id).key("version").integer(order.version);
    out.key("status").string(to_string(order.status));
    out.key("payment_status").string(to_string(order.payment_status));
    out.key("fulfillment_status").string(to_string(order.fulfillment_status));
    out.key("currency").string(order.draft->currency.code());
    write_items(out, order);
    out.key("shipping_amount").integer(order.shipping_amount).key("discount_amount").integer(order.discount_amount);
    out.key("tax_amount").integer(order.tax_amount).key("total").integer(order.total);
    write_parties(out, order);
    out.key("fingerprint").string(order.fingerprint.to_hex());
    out.key("created_at").string(to_timestamp(order.created_at));
    out.key("updated_at").string(to_timestamp(order.updated_at));
    if (order.failure) {
        out.key("failure").begin_object().key("code").string(order.failure->code);
        out.key("detail").string(order.failure->detail).end_object();
    }
    if (order.cancel) {
        out.key("cancel").begin_object().key("reason").string(order.cancel->reason);
        out.key("requested_at").string(to_timestamp(order.cancel->requested_at)).end_object();
    }
    write_fulfillments(out, order);
    out.key("stored").boolean(true);
    write_links(out, order.id);
    out.end_object();
}

void write_event(Writer& out, const OrderEvent& event) {
    out.begin_object().key("version").integer(event.version).key("type").string(to_string(event.type));
    out.key("at").string(to_timestamp(event.at)).key("data").begin_object();
    if (!event.code.empty()) out.key("code").string(event.code);
    if (!event.detail.empty()) out.key("detail").string(event.detail);
    out.end_object().end_object();
}

}  // namespace

std::string order_path(const OrderId& id) { return "/v1/orders/" + id.to_string(); }
std::string order_page(const OrderId& id) { return "/orders/" + id.to_string(); }

std::string encode_accepted(const OrderId& id, const orders::Fingerprint& fingerprint) {
    Writer out;
    out.reserve(accepted_bytes);
    out.begin_object().key("id").string(id.to_string()).key("status").string("accepted");
    out.key("fingerprint").string(fingerprint.to_hex());
    write_links(out, id);
    out.end_object();
    return std::move(out).take();
}

std::string encode_not_stored(const OrderId& id) {
    Writer out;
    out.begin_object().key("id").string(id.to_string()).key("status").string("accepted").key("stored").boolean(false);
    write_links(out, id);
    out.end_object();
    return std::move(out).take();
}

std::string encode_cancel_accepted(const OrderId& id) {
    Writer out;
    out.begin_object().key("id").string(id.to_string()).key("requested").string("cancel");
    write_links(out, id);
    out.end_object();
    return std::move(out).take();
}

std::string encode_fulfillment_accepted(const OrderId& id, std::string_view fulfillment) {
    Writer out;
    out.begin_object().key("id").string(id.to_string()).key("requested").string("fulfillment");
    out.key("fulfillment").string(fulfillment);
    write_links(out, id);
    out.end_object();
    return std::move(out).take();
}

std::string encode_order(const Order& order) {
    Writer out;
    write_order(out, order);
    return std::move(out).take();
}

std::string encode_orders(const std::vector<Order>& orders, bool has_more) {
    Writer out;
    out.begin_object().key("data").begin_array();
    for (const auto& order : orders) write_order(out, order);
    out.end_array().key("has_more").boolean(has_more).end_object();
    return std::move(out).take();
}

std::string encode_event(const OrderEvent& event) {
    Writer out;
    write_event(out, event);
    return std::move(out).take();
}

std::string encode_events(const OrderId& id, const std::vector<OrderEvent>& events) {
    Writer out;
    out.begin_object().key("id").string(id.to_string()).key("data").begin_array();
    for (const auto& event : events) write_event(out, event);
    out.end_array().end_object();
    return std::move(out).take();
}

std::string encode_products(const std::vector<orders::ShelfItem>& products) {
    Writer out;
    out.begin_object().key("data").begin_array();
    for (const auto& [product, stock] : products) {
        out.begin_object().key("sku").string(product.sku.value()).key("name").string(product.name);
        out.key("description").string(product.description).key("category").string(product.category);
        out.key("available").integer(stock.available()).key("prices").begin_object();
        for (const auto& price : product.prices) out.key(price.currency.code()).integer(price.minor);
        out.end_object().end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

}  // namespace orderflow::contract
