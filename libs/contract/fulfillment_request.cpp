#include "libs/contract/fulfillment_request.hpp"

#include <algorithm>
#include <utility>

#include "libs/json/pointer.hpp"
#include "libs/orders/domain/limits.hpp"
#include "libs/orders/domain/operator_command.hpp"

namespace orderflow::contract {
namespace {

constexpr std::size_t carrier_max = 100;
constexpr std::size_t tracking_number_max = 100;

void read_line(const json::Value& value, json::Place place, std::vector<orders::ShippedLine>& lines,
               FieldErrors& errors) {
    ObjectReader reader(value, place, errors);
    const auto text = reader.exact("sku", Presence::required);
    const auto quantity = reader.integer("quantity", Presence::required, 1, orders::limits::quantity_max);
    reader.finish();
    auto sku = text ? orders::Sku::parse(*text) : std::nullopt;
    if (text && !sku) reader.report("sku", Rule::invalid_format, "Must be a SKU.");
    if (!sku || !quantity) return;
    const bool twice = std::ranges::find(lines, *sku, &orders::ShippedLine::sku) != lines.end();
    if (twice) return reader.report("sku", Rule::duplicate_key, "This SKU has a line already.");
    lines.emplace_back(*std::move(sku), *quantity);
}

}  // namespace

FulfillmentRequest read_fulfillment_members(ObjectReader& reader, FieldErrors& errors) {
    FulfillmentRequest request;
    request.carrier = reader.text("carrier", Presence::optional, {.max = carrier_max});
    request.tracking_number = reader.text("tracking_number", Presence::optional, {.max = tracking_number_max});
    request.by = reader.text("by", Presence::optional, {.max = orders::limits::operator_name_max}).value_or("");
    request.reason =
        reader.text("reason", Presence::optional, {.max = orders::limits::operator_reason_max}).value_or("");
    const auto* lines = reader.member("lines", Presence::required);
    const auto* items = lines != nullptr ? lines->array() : nullptr;
    if (lines != nullptr && items == nullptr) reader.report("lines", Rule::wrong_type, "Must be a list.");
    if (items == nullptr) return request;
    if (items->empty()) reader.report("lines", Rule::required, "Must have a line.");
    if (items->size() > orders::limits::lines_max) {
        reader.report("lines", Rule::too_many_items, "May have 100 lines.");
        return request;
    }
    const auto place = reader.place_of("lines");
    std::size_t index = 0;
    for (const auto& item : *items) {
        read_line(item, {.parent = &place, .index = index++, .in_array = true}, request.lines, errors);
    }
    std::ranges::sort(request.lines, {}, &orders::ShippedLine::sku);
    return request;
}

std::expected<FulfillmentRequest, FieldErrors> read_fulfillment_request(const json::Value& body) {
    FieldErrors errors;
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), Rule::duplicate_key, "The member stands here twice.");
    }
    ObjectReader reader(body, json::whole_document, errors);
    FulfillmentRequest request;
    if (reader.is_object()) {
        request = read_fulfillment_members(reader, errors);
        reader.finish();
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return request;
}

}  // namespace orderflow::contract
