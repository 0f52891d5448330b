#include "libs/contract/draft_json.hpp"

#include "libs/contract/order_request.hpp"

namespace orderflow::contract {
namespace {

void write_text(json::Writer& out, std::string_view name, const std::optional<std::string>& text) {
    if (text) out.key(name).string(*text);
}

// What is left out of a request is 0: both forms of it are the same order.
void write_amount(json::Writer& out, std::string_view name, std::int64_t amount) {
    if (amount != 0) out.key(name).integer(amount);
}

void write_line_amounts(json::Writer& out, const orders::LineAmounts& amounts) {
    out.key("unit_price").integer(amounts.unit_price);
    write_amount(out, "discount", amounts.discount);
    write_amount(out, "tax", amounts.tax);
}

void write_payment(json::Writer& out, const orders::PaymentMethod& payment) {
    out.begin_object().key("mode").string(to_string(payment.mode));
    write_text(out, "token", payment.token);
    write_text(out, "provider", payment.provider);
    write_text(out, "reference", payment.reference);
    out.end_object();
}

}  // namespace

void write_customer(json::Writer& out, const orders::Customer& customer) {
    out.begin_object();
    write_text(out, "id", customer.id);
    out.key("name").string(customer.name).key("email").string(customer.email);
    write_text(out, "phone", customer.phone);
    out.end_object();
}

void write_address(json::Writer& out, const orders::Address& address) {
    out.begin_object();
    write_text(out, "name", address.name);
    out.key("line1").string(address.line1);
    write_text(out, "line2", address.line2);
    out.key("city").string(address.city);
    write_text(out, "region", address.region);
    if (!address.postal_code.empty()) out.key("postal_code").string(address.postal_code);
    out.key("country").string(address.country.code());
    out.end_object();
}

void write_metadata(json::Writer& out, const orders::Metadata& metadata) {
    out.begin_object();
    for (const auto& [key, value] : metadata) out.key(key).string(value);
    out.end_object();
}

std::string encode_draft(const orders::OrderDraft& draft) {
    json::Writer out;
    out.reserve(512);
    out.begin_object().key("currency").string(draft.currency.code());
    out.key("items").begin_array();
    for (std::size_t i = 0; i < draft.lines.size(); ++i) {
        const auto& line = draft.lines[i];
        out.begin_object().key("sku").string(line.sku.value()).key("quantity").integer(line.quantity);
        if (draft.amounts) write_line_amounts(out, draft.amounts->lines.at(i));
        out.end_object();
    }
    out.end_array();
    out.key("customer");
    write_customer(out, draft.customer);
    out.key("shipping_address");
    write_address(out, draft.shipping_address);
    if (draft.billing_address) {
        out.key("billing_address");
        write_address(out, *draft.billing_address);
    }
    out.key("payment");
    write_payment(out, draft.payment);
    if (draft.amounts) {
        write_amount(out, "shipping_amount", draft.amounts->shipping);
        write_amount(out, "discount_amount", draft.amounts->discount);
        out.key("tax_amount").integer(draft.amounts->tax);  // also 0: left out it would be the tax of the lines
    }
    if (draft.expected_total) out.key("expected_total").integer(*draft.expected_total);
    write_text(out, "client_reference", draft.client_reference);
    write_text(out, "notes", draft.notes);
    if (!draft.metadata.empty()) {
        out.key("metadata");
        write_metadata(out, draft.metadata);
    }
    out.end_object();
    return std::move(out).take();
}

Result<orders::OrderDraft> decode_draft(const json::Value& value) {
    auto draft = read_order_request(value, Amounts::taken);  // whether it may have them, the API has judged
    if (draft) return *std::move(draft);
    const auto& first = draft.error().reported().front();
    return fail(ErrorKind::invalid_input, "draft.malformed",
                first.pointer + ": " + std::string(to_string(first.rule)) + ". " + first.detail);
}

}  // namespace orderflow::contract
