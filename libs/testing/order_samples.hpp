// Orders, products and a shelf for tests: small, valid, and different where a test says so.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/orders/domain/decide.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/orders/domain/table_pricing.hpp"

namespace orderflow::orders::samples {

// 2026-01-01T00:00:00Z, the start of FakeClock.
inline constexpr std::int64_t epoch_ms = 1'767'225'600'000;
inline WallTime at(std::int64_t seconds) { return from_unix_ms(epoch_ms + seconds * 1000); }

inline OrderId order_id(std::uint32_t number) {
    OrderId::Bytes bytes{};
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::byte>(number >> (8 * i));
    return OrderId(bytes);
}

inline Sku sku(std::string_view text) { return Sku::parse(text).value(); }
inline Currency eur() { return Currency::parse("EUR").value(); }
inline Currency gbp() { return Currency::parse("GBP").value(); }
inline Country germany() { return Country::parse("DE").value(); }

inline PaymentMethod token(std::string value) {
    PaymentMethod method;
    method.mode = PaymentMode::token;
    method.token = std::move(value);
    return method;
}
inline PaymentMethod preauthorized(std::string reference) {
    PaymentMethod method;
    method.mode = PaymentMode::preauthorized;
    method.provider = "simulated";
    method.reference = std::move(reference);
    return method;
}
inline PaymentMethod invoice() {
    PaymentMethod method;
    method.mode = PaymentMode::invoice;
    return method;
}

using Lines = std::vector<std::pair<std::string, std::int64_t>>;

inline OrderDraft draft(const Lines& lines, PaymentMethod payment = token("tok_ok")) {
    Address address(germany());
    address.name = "Ada Muster";
    address.line1 = "Hauptstrasse 1";
    address.city = "Berlin";
    address.postal_code = "10115";
    OrderDraft result(eur(), std::move(address));
    for (const auto& [name, quantity] : lines) result.lines.emplace_back(sku(name), quantity);
    result.customer.name = "Ada Muster";
    result.customer.email = "ada@example.org";
    result.payment = std::move(payment);
    return result;
}
inline OrderDraft draft() { return draft({{"mug", 2}}); }

// Content is told apart by one byte; a real fingerprint is a digest.
inline Fingerprint fingerprint(std::uint8_t content) {
    Fingerprint result;
    result.bytes[0] = std::byte{content};
    return result;
}

inline PlaceOrder place(const OrderId& id, OrderDraft content = draft()) {
    return {id, std::move(content), fingerprint(1), at(0)};
}

inline DeadLetter letter(std::string message_id, std::string code = "payment.unavailable") {
    DeadLetter result(std::move(message_id), "orders", "{}", std::move(code));
    result.detail = "The payment provider did not answer.";
    result.sent_at = at(0);
    return result;
}

// mug 12.50 EUR / 11.00 GBP, lamp 45.00 EUR, print 0.00 EUR (given away), gold: a price near the end of 64 bits.
class SampleShelf final : public Shelf {
  public:
    SampleShelf() {
        add("mug", {Money(1250, eur()), Money(1100, gbp())}, 10);
        add("lamp", {Money(4500, eur())}, 3);
        add("print", {Money(0, eur())}, 1000);
        add("gold", {Money(9'000'000'000'000'000'000, eur())}, 1'000'000);
    }

    void add(std::string_view name, std::vector<Money> prices, std::int64_t on_hand) {
        Product product(sku(name));
        product.name = std::string(name);
        product.category = "sample";
        product.prices = std::move(prices);
        items_.insert_or_assign(product.sku, ShelfItem(product, Stock{on_hand, 0}));
    }

    const ShelfItem* find(const Sku& wanted) const override {
        const auto found = items_.find(wanted);
        return found == items_.end() ? nullptr : &found->second;
    }

    Stock& stock(std::string_view name) { return items_.at(sku(name)).stock; }
    const std::map<Sku, ShelfItem>& items() const { return items_; }

    void apply(const std::vector<StockMove>& moves) {
        for (const auto& move : moves) {
            auto& stock = items_.at(move.sku).stock;
            stock.reserved += move.reserve;
            stock.on_hand -= move.ship;
        }
    }

  private:
    std::map<Sku, ShelfItem> items_;
};

// Germany pays 19 % and 5.00 EUR of shipping; no other country or currency is served otherwise.
inline TablePricing pricing() {
    CountryCharges home;
    home.tax_basis_points = 1900;
    home.shipping = {{"EUR", 500}};
    return TablePricing({{germany(), home}}, CountryCharges{});
}

// No tax, no shipping: what the lines cost is what is paid.
inline TablePricing plain_pricing() {
    CountryCharges everywhere;
    everywhere.shipping = {{"EUR", 0}, {"GBP", 0}};
    return TablePricing({}, everywhere);
}

}  // namespace orderflow::orders::samples
