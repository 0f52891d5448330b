// An event of an order as other systems get it: CloudEvents 1.0, in the HTTP protocol binding's binary or structured
// mode. Small and without personal data: who wants the order asks for it.
//
// An event of a change that was traced has the extension "traceparent": of that change, whenever it is taken anywhere.
//
//   data: {"order":"ord_...","version":3,"type":"order.confirmed","at":"...","code":"...","detail":"..."}
//
// Source: CloudEvents 1.0.2, "HTTP Protocol Binding", "JSON Event Format", and extension "Distributed Tracing".
#pragma once

#include <string>
#include <string_view>

#include "libs/orders/domain/event_endpoint.hpp"
#include "libs/orders/domain/outgoing_event.hpp"

namespace orderflow::contract {

inline constexpr std::string_view event_source = "orderflow/orders";
inline constexpr std::string_view test_event_type = "orderflow.webhook.test";
inline constexpr std::size_t event_body_bytes_max = 16 * 1024;

orders::OutgoingEvent make_event(const orders::OrderId& order, const orders::OrderEvent& event,
                                 orders::ContentMode mode);
// An event that tells nothing; `id` of the lane that asks for it.
orders::OutgoingEvent make_test_event(std::string_view id, WallTime at, orders::ContentMode mode);

}  // namespace orderflow::contract
