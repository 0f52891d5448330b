// OrderDraft: what a buyer asked for, after validation and before the shop's prices. Values that are in it are within
// limits.hpp; whether a SKU exists or stock is there is the worker's question.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/orders/domain/country.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/money.hpp"

namespace orderflow::orders {

struct DraftLine {
    DraftLine(Sku s, std::int64_t q) : sku(std::move(s)), quantity(q) {}
    Sku sku;
    std::int64_t quantity;
    friend bool operator==(const DraftLine&, const DraftLine&) = default;
};

struct Customer {
    std::optional<std::string> id;
    std::string name;
    std::string email;
    std::optional<std::string> phone;
    friend bool operator==(const Customer&, const Customer&) = default;
};

struct Address {
    explicit Address(Country c) : country(c) {}
    std::optional<std::string> name;
    std::string line1;
    std::optional<std::string> line2;
    std::string city;
    std::optional<std::string> region;
    std::string postal_code;
    Country country;
    friend bool operator==(const Address&, const Address&) = default;
};

enum class PaymentMode : std::uint8_t { token, preauthorized, invoice };
std::string_view to_string(PaymentMode mode) noexcept;

struct PaymentMethod {
    PaymentMode mode = PaymentMode::token;
    std::optional<std::string> token;      // mode token
    std::optional<std::string> provider;   // mode preauthorized
    std::optional<std::string> reference;  // mode preauthorized; invoice: the buyer's own, optional
    friend bool operator==(const PaymentMethod&, const PaymentMethod&) = default;
};

// Amounts that a trusted program gives in place of the catalogue's prices, for the whole order. In minor units, none
// below zero, and they add up: given_amounts.hpp.
struct LineAmounts {
    std::int64_t unit_price = 0;  // net
    std::int64_t discount = 0;    // on the whole line
    std::int64_t tax = 0;
    friend bool operator==(const LineAmounts&, const LineAmounts&) = default;
};
struct GivenAmounts {
    std::vector<LineAmounts> lines;  // one for each line of the order, in their order
    std::int64_t shipping = 0;
    std::int64_t discount = 0;
    std::int64_t tax = 0;  // of the whole order: that of its lines, and what is on shipping
    friend bool operator==(const GivenAmounts&, const GivenAmounts&) = default;
};

using Metadata = std::vector<std::pair<std::string, std::string>>;  // sorted by key, keys distinct

struct OrderDraft {
    OrderDraft(Currency c, Address ship_to) : currency(c), shipping_address(std::move(ship_to)) {}

    Currency currency;
    std::vector<DraftLine> lines;
    Customer customer;
    Address shipping_address;
    std::optional<Address> billing_address;
    PaymentMethod payment;
    std::optional<GivenAmounts> amounts;         // none: prices, shipping and tax are the shop's
    std::optional<std::int64_t> expected_total;  // minor units; another total rejects the order
    std::optional<std::string> client_reference;
    std::optional<std::string> notes;
    Metadata metadata;
    friend bool operator==(const OrderDraft&, const OrderDraft&) = default;
};

}  // namespace orderflow::orders
