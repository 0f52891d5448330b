// How an order lies in its rows: `orders` (what changes), `order_bodies` (what rarely does), or as a tombstone.
// Described in docs/formats/order-store.md.
//
// encode_x() gives the bytes of a row with their checksum; decode_x() gives the value back, or nothing when the
// checksum does not match or the bytes are not understood. What identifies the row is part of the checksum, so that
// one row cannot stand in for another.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "libs/orders/domain/order.hpp"

namespace orderflow::storage {

using Bytes = std::span<const std::byte>;

// A row of `orders`.
struct OrderRow {
    std::int64_t number = 0;
    orders::OrderId id;
    std::int64_t version = 0;
    std::int64_t status = 0;         // OrderStatus, or tombstone_status
    std::int64_t created_bound = 0;  // unix ms: no order with this or a lower number was created later
    std::int64_t last_event = 0;     // order_events.seq of its newest row; 0 for none
    Bytes record;                    // not the row's own memory
};

// The value of `status` for what stays of an order that was archived, erased or discarded.
inline constexpr std::int64_t tombstone_status = 100;

std::string encode_state(const OrderRow& row, const orders::Order& order);
std::string encode_body(const orders::Order& order);
// Whether both have the same body; of orders with the same id.
bool same_body(const orders::Order& a, const orders::Order& b);
std::optional<orders::Order> decode_order(const OrderRow& row, Bytes body);

std::string encode_tombstone(const OrderRow& row, orders::OrderStatus last_status, const orders::Fingerprint& content);
std::optional<orders::OrderStatus> decode_tombstone(const OrderRow& row);

// Of an order or a tombstone, without decoding the rest.
std::optional<orders::Fingerprint> decode_fingerprint(const OrderRow& row);

// The record of the row with another `created_bound`, whatever it holds; nothing when its checksum does not match.
std::optional<std::string> with_created_bound(const OrderRow& row, std::int64_t created_bound);

}  // namespace orderflow::storage
