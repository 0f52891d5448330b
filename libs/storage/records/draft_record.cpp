#include "libs/storage/records/draft_record.hpp"

#include <utility>

namespace orderflow::storage {

namespace {

using orders::Address;
using orders::Customer;
using orders::GivenAmounts;
using orders::OrderDraft;
using orders::PaymentMethod;

void write_code(ByteWriter& out, std::string_view code) {
    for (const char letter : code) out.byte(static_cast<std::uint8_t>(letter));
}

template <std::size_t n>
std::string read_code(ByteReader& in) {
    std::string code;
    for (std::size_t i = 0; i < n; ++i) code.push_back(static_cast<char>(in.byte()));
    return code;
}

void write(ByteWriter& out, const Customer& customer) {
    out.optional_text(customer.id);
    out.text(customer.name);
    out.text(customer.email);
    out.optional_text(customer.phone);
}

Customer read_customer(ByteReader& in) {
    Customer customer;
    customer.id = in.optional_text();
    customer.name = in.text();
    customer.email = in.text();
    customer.phone = in.optional_text();
    return customer;
}

void write(ByteWriter& out, const Address& address) {
    write_code(out, address.country.code());
    out.optional_text(address.name);
    out.text(address.line1);
    out.optional_text(address.line2);
    out.text(address.city);
    out.optional_text(address.region);
    out.text(address.postal_code);
}

std::optional<Address> read_address(ByteReader& in) {
    const auto country = orders::Country::parse(read_code<2>(in));
    if (!country) {
        in.spoil();
        return std::nullopt;
    }
    Address address(*country);
    address.name = in.optional_text();
    address.line1 = in.text();
    address.line2 = in.optional_text();
    address.city = in.text();
    address.region = in.optional_text();
    address.postal_code = in.text();
    return address;
}

void write(ByteWriter& out, const PaymentMethod& payment) {
    out.byte(std::to_underlying(payment.mode));
    out.optional_text(payment.token);
    out.optional_text(payment.provider);
    out.optional_text(payment.reference);
}

PaymentMethod read_payment(ByteReader& in) {
    PaymentMethod payment;
    payment.mode = orders::PaymentMode{in.limited(std::to_underlying(orders::PaymentMode::invoice) + 1)};
    payment.token = in.optional_text();
    payment.provider = in.optional_text();
    payment.reference = in.optional_text();
    return payment;
}

void read_lines(ByteReader& in, std::vector<orders::DraftLine>& lines) {
    const auto count = in.count();
    lines.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto sku = orders::Sku::parse(in.text());
        if (!sku) return in.spoil();
        lines.emplace_back(*std::move(sku), in.integer());
    }
}

void read_metadata(ByteReader& in, orders::Metadata& metadata) {
    const auto count = in.count();
    metadata.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::string key(in.text());
        metadata.emplace_back(std::move(key), std::string(in.text()));
    }
}

}  // namespace

void write_draft(ByteWriter& out, const OrderDraft& draft) {
    write_code(out, draft.currency.code());
    write(out, draft.shipping_address);
    out.natural(draft.lines.size());
    for (const auto& line : draft.lines) {
        out.text(line.sku.value());
        out.integer(line.quantity);
    }
    write(out, draft.customer);
    out.optional(draft.billing_address, [&](const Address& address) { write(out, address); });
    write(out, draft.payment);
    out.optional(draft.expected_total, [&](std::int64_t total) { out.integer(total); });
    out.optional_text(draft.client_reference);
    out.optional_text(draft.notes);
    out.natural(draft.metadata.size());
    for (const auto& [key, value] : draft.metadata) {
        out.text(key);
        out.text(value);
    }
}

void write_amounts(ByteWriter& out, const GivenAmounts& amounts) {
    out.integer(amounts.shipping);
    out.integer(amounts.discount);
    out.integer(amounts.tax);
    for (const auto& line : amounts.lines) {
        out.integer(line.unit_price);
        out.integer(line.discount);
        out.integer(line.tax);
    }
}

GivenAmounts read_amounts(ByteReader& in, std::size_t lines) {
    GivenAmounts amounts;
    amounts.shipping = in.integer();
    amounts.discount = in.integer();
    amounts.tax = in.integer();
    amounts.lines.resize(lines);
    for (auto& line : amounts.lines) {
        line.unit_price = in.integer();
        line.discount = in.integer();
        line.tax = in.integer();
    }
    return amounts;
}

std::optional<OrderDraft> read_draft(ByteReader& in) {
    const auto currency = orders::Currency::parse(read_code<3>(in));
    auto ship_to = read_address(in);
    if (!currency || !ship_to) {
        in.spoil();
        return std::nullopt;
    }
    OrderDraft draft(*currency, *std::move(ship_to));
    read_lines(in, draft.lines);
    draft.customer = read_customer(in);
    if (in.flag()) draft.billing_address = read_address(in);
    draft.payment = read_payment(in);
    if (in.flag()) draft.expected_total = in.integer();
    draft.client_reference = in.optional_text();
    draft.notes = in.optional_text();
    read_metadata(in, draft.metadata);
    if (!in.ok()) return std::nullopt;
    return draft;
}

}  // namespace orderflow::storage
