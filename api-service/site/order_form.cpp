#include "api-service/site/order_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "libs/contract/text_rules.hpp"
#include "libs/net/percent.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::api {
namespace {

constexpr std::string_view quantity_prefix = "qty_";
constexpr std::string_view key_field = "idempotency_key";

struct FormField {
    std::string_view name;
    std::string_view object;  // of the order request; empty: at its top
    std::string_view member;
};

constexpr auto form_fields = std::to_array<FormField>({
    {"customer_name", "customer", "name"},
    {"customer_email", "customer", "email"},
    {"customer_phone", "customer", "phone"},
    {"line1", "shipping_address", "line1"},
    {"line2", "shipping_address", "line2"},
    {"city", "shipping_address", "city"},
    {"region", "shipping_address", "region"},
    {"postal_code", "shipping_address", "postal_code"},
    {"country", "shipping_address", "country"},
    {"currency", "", "currency"},
    {"payment_token", "payment", "token"},
});

bool is_field(std::string_view name) {
    if (name.starts_with(quantity_prefix)) return orders::Sku::parse(name.substr(quantity_prefix.size())).has_value();
    return name == key_field || std::ranges::find(form_fields, name, &FormField::name) != form_fields.end();
}

std::unexpected<Error> malformed() {
    return fail(ErrorKind::invalid_input, "malformed-form", "The body is not this form.");
}

// A quantity is a number when it looks like one; else it stays a text and the rules of the request refuse it.
void write_quantity(json::Writer& out, std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
    const bool number = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
    if (!number) {
        out.string(text);
        return;
    }
    const auto first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    out.raw((text.starts_with('-') ? "-" : "") + std::string(digits.substr(first)));
}

bool is_ordered(std::string_view text) {
    text = contract::trimmed(text);
    return text.find_first_not_of('0') != text.npos;
}

}  // namespace

Result<OrderForm> OrderForm::parse(std::string_view body) {
    OrderForm form;
    while (!body.empty()) {
        const auto end = std::min(body.find('&'), body.size());
        const auto pair = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = net::decode_form(pair.substr(0, equals));
        auto value = net::decode_form(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value || !is_field(*name)) return malformed();
        if (std::ranges::find(form.fields_, *name, &std::pair<std::string, std::string>::first) != form.fields_.end()) {
            return malformed();
        }
        form.fields_.emplace_back(*std::move(name), *std::move(value));
    }
    return form;
}

std::string_view OrderForm::value(std::string_view name) const {
    const auto found = std::ranges::find(fields_, name, &std::pair<std::string, std::string>::first);
    return found == fields_.end() ? std::string_view() : found->second;
}

void OrderForm::set(std::string_view name, std::string value) {
    const auto found = std::ranges::find(fields_, name, &std::pair<std::string, std::string>::first);
    if (found == fields_.end()) {
        fields_.emplace_back(name, std::move(value));
    } else {
        found->second = std::move(value);
    }
}

std::vector<std::string> OrderForm::ordered_skus() const {
    std::vector<std::string> skus;
    for (const auto& [name, text] : fields_) {
        if (name.starts_with(quantity_prefix) && is_ordered(text)) skus.push_back(name.substr(quantity_prefix.size()));
    }
    return skus;
}

void OrderForm::write_members(json::Writer& out, std::string_view object) const {
    for (const auto& field : form_fields) {
        if (field.object != object) continue;
        const auto text = contract::trimmed(value(field.name));
        if (!text.empty()) out.key(field.member).string(text);
    }
}

std::string OrderForm::to_request() const {
    json::Writer out;
    out.begin_object();
    write_members(out, "");
    out.key("items").begin_array();
    for (const auto& sku : ordered_skus()) {
        out.begin_object().key("sku").string(sku).key("quantity");
        write_quantity(out, contract::trimmed(value(std::string(quantity_prefix) + sku)));
        out.end_object();
    }
    out.end_array();
    out.key("customer").begin_object();
    write_members(out, "customer");
    out.end_object().key("shipping_address").begin_object();
    write_members(out, "shipping_address");
    if (const auto name = contract::trimmed(value("customer_name")); !name.empty()) out.key("name").string(name);
    out.end_object().key("payment").begin_object().key("mode").string("token");
    write_members(out, "payment");
    out.end_object().end_object();
    return std::move(out).take();
}

std::optional<std::string> OrderForm::control_of(std::string_view pointer) const {
    constexpr std::string_view line_prefix = "/items/";
    if (pointer == "/items") return "items";
    if (pointer.starts_with(line_prefix)) {
        const auto text = pointer.substr(line_prefix.size());
        std::size_t index = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), index);
        const auto skus = ordered_skus();
        if (parsed.ec == std::errc{} && index < skus.size()) return std::string(quantity_prefix) + skus[index];
        return "items";
    }
    for (const auto& field : form_fields) {
        const auto place = field.object.empty() ? "/" + std::string(field.member)
                                                : "/" + std::string(field.object) + "/" + std::string(field.member);
        if (place == pointer) return std::string(field.name);
    }
    return std::nullopt;
}

}  // namespace orderflow::api
