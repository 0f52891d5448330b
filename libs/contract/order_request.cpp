#include "libs/contract/order_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "libs/contract/given_amounts.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/contract/text_rules.hpp"
#include "libs/json/pointer.hpp"
#include "libs/orders/domain/limits.hpp"

namespace orderflow::contract {
namespace {

namespace limits = orders::limits;
using orders::Address;
using orders::Country;
using orders::Currency;
using orders::Customer;
using orders::DraftLine;
using orders::GivenAmounts;
using orders::Metadata;
using orders::OrderDraft;
using orders::PaymentMethod;
using orders::PaymentMode;
using orders::Sku;

// What is refused by its name from callers that may give no amounts. Those who may are told that there is no such
// member: they might take `total` for one that is heeded.
constexpr auto amount_names =
    std::to_array<std::string_view>({"unit_price", "price", "amount", "discount", "tax", "shipping", "shipping_amount",
                                     "discount_amount", "tax_amount", "subtotal", "total"});

std::optional<Currency> read_currency(ObjectReader& order) {
    const auto code = order.exact("currency", Presence::required);
    if (!code) return std::nullopt;
    auto currency = Currency::parse(*code);
    const bool formed = code->size() == 3 && std::ranges::all_of(*code, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!formed) {
        order.report("currency", Rule::invalid_format, "Must be a currency of ISO 4217 in upper case, such as EUR.");
    } else if (!currency) {
        order.report("currency", Rule::unsupported_currency, "Is no currency of ISO 4217.");
    }
    return currency;
}

// How the amounts of one request are read.
struct AmountsReading {
    std::span<const std::string_view> refused;  // names
    std::optional<GivenAmounts> given;          // when the request has amounts and may
};

AmountsReading reading_of(const json::Value& body, Amounts amounts) {
    switch (amounts) {
        case Amounts::refused: return {.refused = amount_names, .given = std::nullopt};
        case Amounts::taken:
            return {.refused = {}, .given = names_amounts(body) ? std::optional(GivenAmounts()) : std::nullopt};
    }
    std::unreachable();
}

std::optional<DraftLine> read_line(const json::Value& value, json::Place place, AmountsReading& amounts,
                                   FieldErrors& errors) {
    ObjectReader line(value, place, errors);
    const auto text = line.exact("sku", Presence::required);
    auto sku = text ? Sku::parse(*text) : std::nullopt;
    if (text && !sku) {
        line.report("sku", Rule::invalid_format, "Must have 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-'.");
    }
    const auto quantity = line.integer("quantity", Presence::required, 1, limits::quantity_max);
    if (amounts.given) amounts.given->lines.push_back(read_line_amounts(line));
    line.finish(amounts.refused);
    if (!sku || !quantity) return std::nullopt;
    return DraftLine(*std::move(sku), *quantity);
}

std::vector<DraftLine> read_lines(ObjectReader& order, AmountsReading& amounts, FieldErrors& errors) {
    std::vector<DraftLine> lines;
    const auto* value = order.member("items", Presence::required);
    if (value == nullptr) return lines;
    const auto* items = value->array();
    if (items == nullptr) {
        order.report("items", Rule::wrong_type, "Must be a list.");
    } else if (items->empty()) {
        order.report("items", Rule::required, "Must have at least one line.");
    } else if (items->size() > limits::lines_max) {
        order.report("items", Rule::too_many_items, fmt::format("May have {} lines.", limits::lines_max));
    } else {
        const auto list = order.place_of("items");
        lines.reserve(items->size());
        for (std::size_t i = 0; i < items->size(); ++i) {
            auto line = read_line((*items)[i], {.parent = &list, .index = i, .in_array = true}, amounts, errors);
            if (line) lines.push_back(*std::move(line));
        }
    }
    return lines;
}

Customer read_customer(ObjectReader& order, FieldErrors& errors) {
    Customer customer;
    const auto* value = order.member("customer", Presence::required);
    if (value == nullptr) return customer;
    ObjectReader reader(*value, order.place_of("customer"), errors);
    customer.id = reader.text("id", Presence::optional, {.max = limits::customer_id_max});
    customer.name = reader.text("name", Presence::required, {.max = limits::name_max}).value_or("");
    const auto email = reader.text("email", Presence::required, {.min = 3, .max = limits::email_max});
    if (email && !is_email(*email)) reader.report("email", Rule::invalid_format, "Must be an e-mail address.");
    customer.email = email.value_or("");
    customer.phone = reader.text("phone", Presence::optional, {.min = 5, .max = limits::phone_max});
    if (customer.phone && !is_phone(*customer.phone)) {
        reader.report("phone", Rule::invalid_format, "Must be a phone number: digits, blanks and ()./- only.");
    }
    reader.finish();
    return customer;
}

std::optional<Address> read_address(ObjectReader& order, std::string_view name, Presence presence,
                                    FieldErrors& errors) {
    const auto* value = order.member(name, presence);
    if (value == nullptr) return std::nullopt;
    ObjectReader reader(*value, order.place_of(name), errors);
    auto name_line = reader.text("name", Presence::optional, {.max = limits::name_max});
    auto line1 = reader.text("line1", Presence::required, {.max = limits::address_line_max});
    auto line2 = reader.text("line2", Presence::optional, {.max = limits::address_line_max});
    auto city = reader.text("city", Presence::required, {.max = limits::city_max});
    auto region = reader.text("region", Presence::optional, {.max = limits::region_max});
    auto postal_code = reader.text("postal_code", Presence::optional, {.max = limits::postal_code_max});
    const auto code = reader.exact("country", Presence::required);
    const auto country = code ? Country::parse(*code) : std::nullopt;
    if (code && !country) {
        reader.report("country", Rule::invalid_format, "Must be a country of ISO 3166-1 alpha-2, such as DE.");
    }
    reader.finish();
    if (!country) return std::nullopt;
    Address address(*country);
    address.name = std::move(name_line);
    address.line1 = std::move(line1).value_or("");
    address.line2 = std::move(line2);
    address.city = std::move(city).value_or("");
    address.region = std::move(region);
    address.postal_code = std::move(postal_code).value_or("");
    return address;
}

PaymentMethod read_payment(ObjectReader& order, FieldErrors& errors) {
    PaymentMethod payment;
    const auto* value = order.member("payment", Presence::required);
    if (value == nullptr) return payment;
    ObjectReader reader(*value, order.place_of("payment"), errors);
    const auto mode = reader.exact("mode", Presence::required);
    if (mode == "token") {
        payment.mode = PaymentMode::token;
        payment.token = reader.text("token", Presence::required, {.max = limits::token_max});
    } else if (mode == "preauthorized") {
        payment.mode = PaymentMode::preauthorized;
        payment.provider = reader.text("provider", Presence::required, {.max = limits::provider_max});
        payment.reference = reader.text("reference", Presence::required, {.max = limits::token_max});
    } else if (mode == "invoice") {
        payment.mode = PaymentMode::invoice;
        payment.reference = reader.text("reference", Presence::optional, {.max = limits::token_max});
    } else {
        // Which other members belong here depends on the mode: without one they cannot be judged.
        if (mode) reader.report("mode", Rule::invalid_format, "Must be token, preauthorized or invoice.");
        return payment;
    }
    reader.finish();
    return payment;
}

Metadata read_metadata(ObjectReader& order, FieldErrors& errors) {
    Metadata metadata;
    const auto* value = order.member("metadata", Presence::optional);
    if (value == nullptr) return metadata;
    const auto* entries = value->object();
    if (entries == nullptr) {
        order.report("metadata", Rule::wrong_type, "Must be an object.");
        return metadata;
    }
    if (entries->size() > limits::metadata_entries_max) {
        order.report("metadata", Rule::out_of_range, fmt::format("May have {} entries.", limits::metadata_entries_max));
        return metadata;
    }
    for (const auto& [key, entry] : *entries) {
        const auto pointer = [&] { return json::pointer_to(order.pointer_of("metadata"), key); };
        const auto length = code_points(key);
        if (length == 0) {
            errors.add(pointer(), Rule::too_short, "The key must not be empty.");
        } else if (length > limits::metadata_key_max) {
            errors.add(pointer(), Rule::too_long,
                       fmt::format("The key may have {} characters.", limits::metadata_key_max));
        } else if (has_control_character(key, false)) {
            errors.add(pointer(), Rule::invalid_format, "The key must not contain control characters.");
        }
        auto text = read_text(entry, Presence::optional, {.min = 0, .max = limits::metadata_value_max});
        if (text) {
            metadata.emplace_back(key, *std::move(text));
        } else {
            errors.add(pointer(), text.error().rule, std::move(text.error().detail));
        }
    }
    std::ranges::sort(metadata);
    return metadata;
}

}  // namespace

std::expected<OrderDraft, FieldErrors> read_order_request(const json::Value& body, Amounts amounts) {
    FieldErrors errors;
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), Rule::duplicate_key, "The member stands here twice.");
    }
    ObjectReader order(body, json::whole_document, errors);
    const auto currency = read_currency(order);
    auto reading = reading_of(body, amounts);
    const auto errors_before = errors.count();
    auto lines = read_lines(order, reading, errors);
    if (reading.given) read_order_amounts(order, *reading.given);
    if (reading.given && errors.count() == errors_before) check_amounts(lines, *reading.given, errors);
    auto customer = read_customer(order, errors);
    auto shipping = read_address(order, "shipping_address", Presence::required, errors);
    auto billing = read_address(order, "billing_address", Presence::optional, errors);
    auto payment = read_payment(order, errors);
    const auto expected_total =
        order.integer("expected_total", Presence::optional, 0, std::numeric_limits<std::int64_t>::max());
    auto reference = order.text("client_reference", Presence::optional, {.max = limits::client_reference_max});
    auto notes = order.text("notes", Presence::optional, {.max = limits::notes_max, .allow_line_feed = true});
    auto metadata = read_metadata(order, errors);
    order.finish(reading.refused);
    if (!errors.empty() || !currency || !shipping) return std::unexpected(std::move(errors));

    OrderDraft draft(*currency, *std::move(shipping));
    draft.lines = std::move(lines);
    draft.customer = std::move(customer);
    draft.billing_address = std::move(billing);
    draft.payment = std::move(payment);
    draft.amounts = std::move(reading.given);
    draft.expected_total = expected_total;
    draft.client_reference = std::move(reference);
    draft.notes = std::move(notes);
    draft.metadata = std::move(metadata);
    return draft;
}

}  // namespace orderflow::contract
