// The messages on the queues: CloudEvents 1.0 in JSON, one event a message, compact because Amazon SQS bills by 64 KB.
//
//   {"specversion":"1.0","id":"<message id>","source":"orderflow/api","type":"orderflow.order.place.v1",
//    "subject":"ord_...","time":"...","traceparent":"...",
//    "data":{"fingerprint":"<hex>","tenant":"acme","order":{canonical draft}}}
// The tenant is left out when it is the shop's own, "default".
//
//   {... "type":"orderflow.order.cancel.v1", "data":{"reason":"customer","expected_version":4,"tenant":"acme"}}
//   {... "type":"orderflow.order.fulfill.v1",
//    "data":{"lines":[{"sku":"mug","quantity":2}],"carrier":"DHL","by":"kim"}}
//   {... "type":"orderflow.payment.changed.v1", "data":{"key":"ord_...:charge"}}
//
// Source: CloudEvents specification 1.0.2 with its JSON format, and the Distributed Tracing extension.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "libs/base/result.hpp"
#include "libs/orders/domain/change.hpp"
#include "libs/orders/domain/order.hpp"

namespace orderflow::contract {

inline constexpr std::string_view place_type = "orderflow.order.place.v1";
inline constexpr std::string_view cancel_type = "orderflow.order.cancel.v1";
inline constexpr std::string_view fulfill_type = "orderflow.order.fulfill.v1";
inline constexpr std::string_view payment_type = "orderflow.payment.changed.v1";

// No message is longer: the limit of Amazon SQS until 2025, which older queues and emulators still have.
inline constexpr std::size_t message_bytes_max = 256 * 1024;

struct OrderMessage {
    using Command = std::variant<orders::PlaceOrder, orders::CancelOrder, orders::FulfillOrder, orders::PaymentNews>;
    OrderMessage(std::string i, Command c) : id(std::move(i)), command(std::move(c)) {}
    std::string id;  // CloudEvents id: new for every request; a repeated send of one message keeps it
    Command command;
    std::optional<std::string> traceparent;  // W3C Trace Context, as sent; its form is not checked here
};

// What a place message says beside the draft, which the caller has in canonical form already.
struct PlaceHead {
    std::string_view message_id;
    orders::OrderId order;
    orders::Fingerprint fingerprint;
    WallTime accepted_at;
    std::optional<std::string_view> traceparent;
    std::string_view tenant = orders::default_tenant;
};
std::string encode_place(const PlaceHead& head, std::string_view canonical_draft);

// The message id is the command's id.
std::string encode_cancel(const orders::CancelOrder& command, std::optional<std::string_view> traceparent);

// The message id is the command's id.
std::string encode_fulfillment(const orders::FulfillOrder& command, std::optional<std::string_view> traceparent);

std::string encode_news(const orders::PaymentNews& news, std::string_view message_id, WallTime at,
                        std::optional<std::string_view> traceparent);

// Strict and total: any bytes give a message or invalid_input "message.malformed" / "message.unknown_type".
// A member at the top or in `data` that is not known is refused: a newer form has a newer type.
Result<OrderMessage> decode_message(std::string_view body);

// The order a message is about when at least that much can be read: for a dead letter that decode_message() refuses.
std::optional<orders::OrderId> subject_of(std::string_view body);

// The W3C traceparent of a message of any type, as sent, when at least that much can be read.
std::optional<std::string> traceparent_of(std::string_view body);

}  // namespace orderflow::contract
