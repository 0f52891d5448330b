#include "libs/contract/product_row.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "libs/contract/object_reader.hpp"
#include "libs/orders/domain/limits.hpp"
#include "libs/orders/domain/operator_command.hpp"

namespace orderflow::contract {
namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr TextRule name_rule{.max = orders::limits::name_max};
constexpr TextRule description_rule{.max = 1000};
constexpr TextRule category_rule{.max = 100};

// By currency, so that the same prices are the same product.
std::vector<orders::Money> read_prices(const json::Value& value, json::Place place, FieldErrors& errors) {
    ObjectReader reader(value, place, errors);
    std::vector<orders::Money> prices;
    if (!reader.is_object()) return prices;
    for (const auto& member : *value.object()) {
        const auto currency = orders::Currency::parse(member.name);
        const auto amount = reader.integer(member.name, Presence::required, 0, most);
        if (!currency) reader.report(member.name, Rule::unsupported_currency, "This is no ISO 4217 currency.");
        if (currency && amount) prices.emplace_back(*amount, *currency);
    }
    const auto code = [](const orders::Money& price) { return std::string_view(price.currency.code()); };
    std::ranges::sort(prices, {}, code);
    if (std::ranges::adjacent_find(prices, {}, code) != prices.end()) {
        errors.add(place.pointer(), Rule::duplicate_key, "A currency stands here twice.");
    }
    return prices;
}

}  // namespace

std::optional<orders::ProductRow> read_product_row(const json::Value& value, json::Place place, FieldErrors& errors,
                                                   std::optional<std::int64_t> line) {
    const auto before = errors.count();
    ObjectReader reader(value, place, errors);
    if (!reader.is_object()) return std::nullopt;
    if (!line) line = reader.integer("line", Presence::required, 1, most);
    const auto text = reader.exact("sku", Presence::required);
    auto name = reader.text("name", Presence::required, name_rule);
    auto description = reader.text("description", Presence::optional, description_rule);
    auto category = reader.text("category", Presence::optional, category_rule);
    const auto on_hand = reader.integer("on_hand", Presence::optional, 0, orders::limits::on_hand_max);
    const auto* prices = reader.member("prices", Presence::required);
    reader.finish();
    auto sku = text ? orders::Sku::parse(*text) : std::nullopt;
    if (text && !sku) reader.report("sku", Rule::invalid_format, "A SKU has 1 to 64 of A-Z a-z 0-9 . _ -");
    auto list =
        prices != nullptr ? read_prices(*prices, reader.place_of("prices"), errors) : std::vector<orders::Money>();
    if (errors.count() != before) return std::nullopt;
    orders::Product product(*std::move(sku));
    product.name = *std::move(name);
    product.description = std::move(description).value_or("");
    product.category = std::move(category).value_or("");
    product.prices = std::move(list);
    orders::ProductRow row(*line, std::move(product));
    row.on_hand = on_hand;
    return row;
}

void write_product_row(json::Writer& out, const orders::ProductRow& row) {
    const auto& product = row.product;
    out.begin_object().key("line").integer(row.line).key("sku").string(product.sku.value());
    out.key("name").string(product.name);
    if (!product.description.empty()) out.key("description").string(product.description);
    if (!product.category.empty()) out.key("category").string(product.category);
    out.key("prices").begin_object();
    for (const auto& price : product.prices) out.key(price.currency.code()).integer(price.minor);
    out.end_object();
    if (row.on_hand) out.key("on_hand").integer(*row.on_hand);
    out.end_object();
}

}  // namespace orderflow::contract
