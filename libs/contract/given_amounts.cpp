#include "libs/contract/given_amounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "libs/orders/domain/given_amounts.hpp"

namespace orderflow::contract {
namespace {

constexpr auto of_order = std::to_array<std::string_view>({"shipping_amount", "discount_amount", "tax_amount"});
constexpr auto of_item = std::to_array<std::string_view>({"unit_price", "discount", "tax"});
constexpr auto amount_max = std::numeric_limits<std::int64_t>::max();

bool has_one_of(const json::Value& object, std::span<const std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return object.find(name) != nullptr; });
}

std::optional<std::int64_t> amount(ObjectReader& from, std::string_view name, Presence presence = Presence::optional) {
    return from.integer(name, presence, 0, amount_max);
}

}  // namespace

bool names_amounts(const json::Value& order) {
    if (has_one_of(order, of_order)) return true;
    const auto* items = order.find("items");
    const auto* list = items != nullptr ? items->array() : nullptr;
    return list != nullptr && std::ranges::any_of(*list, [](const auto& item) { return has_one_of(item, of_item); });
}

orders::LineAmounts read_line_amounts(ObjectReader& item) {
    orders::LineAmounts amounts;
    amounts.unit_price = amount(item, "unit_price", Presence::required).value_or(0);
    amounts.discount = amount(item, "discount").value_or(0);
    amounts.tax = amount(item, "tax").value_or(0);
    return amounts;
}

void read_order_amounts(ObjectReader& order, orders::GivenAmounts& amounts) {
    amounts.shipping = amount(order, "shipping_amount").value_or(0);
    amounts.discount = amount(order, "discount_amount").value_or(0);
    const auto of_lines = orders::tax_of_lines(amounts).value_or(amount_max);  // too much is found by check_amounts()
    amounts.tax = amount(order, "tax_amount").value_or(of_lines);
}

void check_amounts(std::span<const orders::DraftLine> lines, const orders::GivenAmounts& amounts, FieldErrors& errors) {
    const auto wrong = [&](std::string pointer, std::string detail) {
        errors.add(std::move(pointer), Rule::out_of_range, std::move(detail));
    };
    for (const auto& [fault, line] : orders::add_up(lines, amounts).faults) {
        switch (fault) {
            case orders::AmountsFault::line_too_large:
                wrong(fmt::format("/items/{}/unit_price", line), "Times the quantity it does not fit 64 bits.");
                break;
            case orders::AmountsFault::line_discount:
                wrong(fmt::format("/items/{}/discount", line), "Must not be more than unit_price times quantity.");
                break;
            case orders::AmountsFault::tax: wrong("/tax_amount", "Must not be less than the tax of the items."); break;
            case orders::AmountsFault::order_discount:
                wrong("/discount_amount", "Must not be more than the items, shipping and tax together.");
                break;
            case orders::AmountsFault::total: wrong("/items", "The total does not fit 64 bits."); break;
        }
    }
}

}  // namespace orderflow::contract
