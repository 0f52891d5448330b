// Orders, events and products as the HTTP API shows them (components/schemas of contracts/openapi.yaml).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::contract {

std::string order_path(const orders::OrderId& id);  // "/v1/orders/ord_..."
std::string order_page(const orders::OrderId& id);  // "/orders/ord_..."

// Schema OrderAccepted: the body of a 202.
std::string encode_accepted(const orders::OrderId& id, const orders::Fingerprint& fingerprint);
// Schema OrderNotStored.
std::string encode_not_stored(const orders::OrderId& id);
// Schema CancelAccepted.
std::string encode_cancel_accepted(const orders::OrderId& id);
std::string encode_fulfillment_accepted(const orders::OrderId& id, std::string_view fulfillment);

// Schema Order. Payment tokens are never shown.
std::string encode_order(const orders::Order& order);
// A page of orders: {"data":[Order...],"has_more":true}.
std::string encode_orders(const std::vector<orders::Order>& orders, bool has_more);

// Schema Event, on one line.
std::string encode_event(const orders::OrderEvent& event);
// Schema EventList.
std::string encode_events(const orders::OrderId& id, const std::vector<orders::OrderEvent>& events);

// Schema ProductList.
std::string encode_products(const std::vector<orders::ShelfItem>& products);

}  // namespace orderflow::contract
