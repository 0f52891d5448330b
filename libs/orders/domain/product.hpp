// What the shop sells, and how much of it there is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/money.hpp"

namespace orderflow::orders {

struct Product {
    explicit Product(Sku s) : sku(std::move(s)) {}

    // Net unit price in minor units; nothing when the product is not sold in that currency.
    std::optional<std::int64_t> price_in(const Currency& currency) const {
        for (const auto& price : prices) {
            if (price.currency == currency) return price.minor;
        }
        return std::nullopt;
    }

    Sku sku;
    std::string name;
    std::string description;
    std::string category;
    std::vector<Money> prices;  // one per currency
    friend bool operator==(const Product&, const Product&) = default;
};

struct Stock {
    std::int64_t on_hand = 0;
    std::int64_t reserved = 0;  // held by orders that are not fulfilled yet; 0 <= reserved <= on_hand
    std::int64_t available() const noexcept { return on_hand - reserved; }
    friend bool operator==(const Stock&, const Stock&) = default;
};

struct ShelfItem {
    ShelfItem(Product p, Stock s) : product(std::move(p)), stock(s) {}
    Product product;
    Stock stock;
};

// A product as a file of products has it; it takes the place of what there was under its SKU.
struct ProductRow {
    ProductRow(std::int64_t l, Product p) : line(l), product(std::move(p)) {}
    std::int64_t line;  // of the file, from 1
    Product product;
    std::optional<std::int64_t> on_hand;  // nothing: what is there; none of a new product
    friend bool operator==(const ProductRow&, const ProductRow&) = default;
};

// The catalogue with stock as it stands inside one transaction: what earlier orders of the same group took is already
// taken.
class Shelf {
  public:
    virtual ~Shelf() = default;
    // Null for a SKU that is not sold. The pointer is good until the decision is written.
    virtual const ShelfItem* find(const Sku& sku) const = 0;
};

}  // namespace orderflow::orders
