#include "libs/contract/catalogue.hpp"

#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "libs/contract/object_reader.hpp"
#include "libs/json/parse.hpp"
#include "libs/orders/domain/limits.hpp"

namespace orderflow::contract {
namespace {

constexpr TextRule name_rule{.max = orders::limits::name_max};
constexpr TextRule description_rule{.max = 1000};
constexpr TextRule category_rule{.max = 100};

std::vector<orders::Money> read_prices(const json::Value& value, json::Place place, FieldErrors& errors) {
    ObjectReader reader(value, place, errors);
    std::vector<orders::Money> prices;
    if (!reader.is_object()) return prices;
    for (const auto& member : *value.object()) {
        const auto currency = orders::Currency::parse(member.name);
        const auto amount =
            reader.integer(member.name, Presence::required, 0, std::numeric_limits<std::int64_t>::max());
        if (!currency) reader.report(member.name, Rule::unsupported_currency, "This is no ISO 4217 currency.");
        if (currency && amount) prices.emplace_back(*amount, *currency);
    }
    return prices;
}

std::optional<orders::ShelfItem> read_item(const json::Value& value, json::Place place, FieldErrors& errors) {
    ObjectReader reader(value, place, errors);
    const auto sku_text = reader.exact("sku", Presence::required);
    auto name = reader.text("name", Presence::required, name_rule);
    auto description = reader.text("description", Presence::optional, description_rule);
    auto category = reader.text("category", Presence::optional, category_rule);
    const auto stock = reader.integer("stock", Presence::required, 0, stock_max);
    const auto* prices = reader.member("prices", Presence::required);
    reader.finish();
    const auto sku = sku_text ? orders::Sku::parse(*sku_text) : std::nullopt;
    if (sku_text && !sku) reader.report("sku", Rule::invalid_format, "A SKU has 1 to 64 of A-Z a-z 0-9 . _ -");
    if (!sku || !name || !stock || prices == nullptr) return std::nullopt;
    orders::Product product(*sku);
    product.name = *std::move(name);
    product.description = std::move(description).value_or("");
    product.category = std::move(category).value_or("");
    product.prices = read_prices(*prices, reader.place_of("prices"), errors);
    return orders::ShelfItem(std::move(product), orders::Stock{*stock, 0});
}

std::string joined(const FieldErrors& errors) {
    std::string text;
    for (const auto& error : errors.reported())
        text += (text.empty() ? "" : "; ") + error.pointer + ": " + error.detail;
    return text;
}

}  // namespace

Result<std::vector<orders::ShelfItem>> read_catalogue(std::string_view text) {
    const auto document = json::parse(text, {.bytes = catalogue_bytes_max});
    if (!document) return fail(ErrorKind::invalid_input, "catalogue.invalid", document.error().detail());
    FieldErrors errors;
    ObjectReader reader(*document, json::whole_document, errors);
    const auto* products = reader.member("products", Presence::required);
    reader.finish();
    if (products != nullptr && products->array() == nullptr) {
        reader.report("products", Rule::wrong_type, "This has to be an array.");
    }
    std::vector<orders::ShelfItem> items;
    std::set<orders::Sku> seen;
    if (products != nullptr && products->array() != nullptr) {
        const auto list = reader.place_of("products");
        for (std::size_t i = 0; i < products->array()->size(); ++i) {
            const json::Place place{.parent = &list, .index = i, .in_array = true};
            auto item = read_item((*products->array())[i], place, errors);
            if (!item) continue;
            if (!seen.insert(item->product.sku).second) {
                errors.add(place.pointer() + "/sku", Rule::duplicate_key, "This SKU stands here twice.");
            }
            items.push_back(*std::move(item));
        }
    }
    if (!errors.empty()) return fail(ErrorKind::invalid_input, "catalogue.invalid", joined(errors));
    return items;
}

}  // namespace orderflow::contract
