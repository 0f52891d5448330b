// Fulfillment: what left the warehouse for an order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

namespace limits {
inline constexpr std::size_t fulfillments_max = 100;  // of one order
}  // namespace limits

// Pieces of one product.
struct ShippedLine {
    ShippedLine(Sku s, std::int64_t q) : sku(std::move(s)), quantity(q) {}
    Sku sku;
    std::int64_t quantity;
    friend bool operator==(const ShippedLine&, const ShippedLine&) = default;
};

// What left the warehouse for an order, in one parcel or more.
struct Fulfillment {
    Fulfillment(std::string command, std::vector<ShippedLine> l, WallTime when)
        : command_id(std::move(command)), lines(std::move(l)), at(when) {}
    std::string command_id;          // a repeated delivery of it changes nothing
    std::vector<ShippedLine> lines;  // by SKU, each once
    std::optional<std::string> carrier;
    std::optional<std::string> tracking_number;
    WallTime at;
    friend bool operator==(const Fulfillment&, const Fulfillment&) = default;
};

}  // namespace orderflow::orders
