#include "libs/storage/records/order_record.hpp"

#include <utility>

#include "libs/storage/records/bytes.hpp"
#include "libs/storage/records/draft_record.hpp"

namespace orderflow::storage {

namespace {

using orders::EffectKey;
using orders::Order;
using orders::PaymentEffect;

constexpr std::uint8_t state_format = 1;
constexpr std::uint8_t shipped_state_format = 2;  // with fulfillments behind it
constexpr std::uint8_t body_format = 1;
constexpr std::uint8_t priced_body_format = 2;  // with the amounts that came with the order behind it

std::array<std::byte, 56> key_of_row(const OrderRow& row) {
    std::array<std::byte, 56> key{};
    const auto numbers = key_of(row.number, row.version, row.status, row.created_bound, row.last_event);
    std::copy(numbers.begin(), numbers.end(), key.begin());
    std::copy(row.id.bytes().begin(), row.id.bytes().end(), key.begin() + numbers.size());
    return key;
}

void write(ByteWriter& out, const PaymentEffect& effect) {
    out.text(effect.key.value);
    out.integer(effect.amount);
    out.time(effect.started_at);
    out.byte(std::to_underlying(effect.state));
    out.text(effect.provider_reference);
}

PaymentEffect read_effect(ByteReader& in) {
    EffectKey key{std::string(in.text())};
    const auto amount = in.integer();
    PaymentEffect effect(std::move(key), amount, in.time());
    effect.state = orders::EffectState{in.limited(std::to_underlying(orders::EffectState::voided) + 1)};
    effect.provider_reference = in.text();
    return effect;
}

orders::OrderStatus read_status(ByteReader& in) {
    return orders::OrderStatus{in.limited(std::to_underlying(orders::OrderStatus::on_hold) + 1)};
}

void read_state(ByteReader& in, Order& order) {
    order.payment_status = orders::PaymentStatus{in.limited(std::to_underlying(orders::PaymentStatus::refunded) + 1)};
    order.fulfillment_status =
        orders::FulfillmentStatus{in.limited(std::to_underlying(orders::FulfillmentStatus::partially_fulfilled) + 1)};
    order.updated_at = in.time();
    order.holds_stock = in.flag();
    if (in.flag()) order.charge = read_effect(in);
    if (in.flag()) order.refund = read_effect(in);
    order.tries = static_cast<std::int32_t>(in.natural());
    if (in.flag()) order.held_from = read_status(in);
    if (in.flag()) {
        std::string code(in.text());
        order.failure.emplace(std::move(code), std::string(in.text()));
    }
    if (in.flag()) {
        std::string command(in.text());
        std::string reason(in.text());
        order.cancel.emplace(std::move(command), std::move(reason), in.time());
    }
    if (in.flag()) order.conflicting = orders::Fingerprint{in.raw<32>()};
}

void write_fulfillments(ByteWriter& out, const Order& order) {
    out.text(order.refused_fulfillment);
    out.natural(order.fulfillments.size());
    for (const auto& fulfillment : order.fulfillments) {
        out.text(fulfillment.command_id);
        out.time(fulfillment.at);
        out.optional_text(fulfillment.carrier);
        out.optional_text(fulfillment.tracking_number);
        out.natural(fulfillment.lines.size());
        for (const auto& line : fulfillment.lines) {
            out.text(line.sku.value());
            out.integer(line.quantity);
        }
    }
}

std::vector<orders::ShippedLine> read_shipped(ByteReader& in) {
    std::vector<orders::ShippedLine> lines;
    const auto count = in.count();
    for (std::size_t i = 0; i < count; ++i) {
        auto sku = orders::Sku::parse(in.text());
        const auto quantity = in.integer();
        if (!sku) in.spoil();
        if (sku) lines.emplace_back(*std::move(sku), quantity);
    }
    return lines;
}

void read_fulfillments(ByteReader& in, Order& order) {
    order.refused_fulfillment = in.text();
    const auto count = in.count();
    for (std::size_t i = 0; i < count; ++i) {
        std::string command(in.text());
        const auto at = in.time();
        auto carrier = in.optional_text();
        auto tracking_number = in.optional_text();
        auto& fulfillment = order.fulfillments.emplace_back(std::move(command), read_shipped(in), at);
        fulfillment.carrier = std::move(carrier);
        fulfillment.tracking_number = std::move(tracking_number);
    }
}

// Which of two formats a record is to be read in; one that has neither is read in the first, and is refused there.
std::uint8_t format_of(Bytes record, std::uint8_t first, std::uint8_t second) {
    return !record.empty() && std::to_integer<std::uint8_t>(record[0]) == second ? second : first;
}
std::uint8_t format_of_state(Bytes record) { return format_of(record, state_format, shipped_state_format); }

void write_lines(ByteWriter& out, const std::vector<orders::OrderLine>& lines) {
    out.natural(lines.size());
    for (const auto& line : lines) {
        out.text(line.sku.value());
        out.integer(line.quantity);
        out.text(line.name);
        out.integer(line.unit_price);
        out.integer(line.discount);
        out.integer(line.tax);
    }
}

void read_lines(ByteReader& in, std::vector<orders::OrderLine>& lines) {
    const auto count = in.count();
    lines.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto sku = orders::Sku::parse(in.text());
        const auto quantity = in.integer();
        if (!sku) return in.spoil();
        auto& line = lines.emplace_back(*std::move(sku), quantity);
        line.name = in.text();
        line.unit_price = in.integer();
        line.discount = in.integer();
        line.tax = in.integer();
    }
}

struct Body {
    explicit Body(orders::OrderDraft d) : draft(std::move(d)) {}
    orders::OrderDraft draft;
    std::string tenant;
    WallTime created_at{};
    std::vector<orders::OrderLine> lines;
    std::int64_t shipping = 0;
    std::int64_t discount = 0;
    std::int64_t tax = 0;
    std::int64_t total = 0;
};

std::optional<Body> decode_body(const orders::OrderId& id, Bytes record) {
    const auto format = format_of(record, body_format, priced_body_format);
    ByteReader in(record, id.bytes(), format);
    const std::string tenant(in.text());
    const auto created_at = in.time();
    auto draft = read_draft(in);
    if (!draft) return std::nullopt;
    Body body(*std::move(draft));
    body.tenant = tenant;
    body.created_at = created_at;
    read_lines(in, body.lines);
    body.shipping = in.integer();
    body.discount = in.integer();
    body.tax = in.integer();
    body.total = in.integer();
    if (format == priced_body_format) body.draft.amounts = read_amounts(in, body.draft.lines.size());
    if (!in.finished()) return std::nullopt;
    return body;
}

}  // namespace

// The fingerprint comes first in states and tombstones alike: decode_fingerprint() reads no further.
std::string encode_state(const OrderRow& row, const Order& order) {
    const bool shipped = !order.fulfillments.empty() || !order.refused_fulfillment.empty();
    ByteWriter out(shipped ? shipped_state_format : state_format);
    out.raw(order.fingerprint.bytes);
    out.byte(std::to_underlying(order.payment_status));
    out.byte(std::to_underlying(order.fulfillment_status));
    out.time(order.updated_at);
    out.flag(order.holds_stock);
    out.optional(order.charge, [&](const PaymentEffect& effect) { write(out, effect); });
    out.optional(order.refund, [&](const PaymentEffect& effect) { write(out, effect); });
    out.natural(static_cast<std::uint64_t>(order.tries));
    out.optional(order.held_from, [&](orders::OrderStatus status) { out.byte(std::to_underlying(status)); });
    out.optional(order.failure, [&](const orders::Failure& failure) {
        out.text(failure.code);
        out.text(failure.detail);
    });
    out.optional(order.cancel, [&](const orders::Cancel& cancel) {
        out.text(cancel.command_id);
        out.text(cancel.reason);
        out.time(cancel.requested_at);
    });
    out.optional(order.conflicting, [&](const orders::Fingerprint& other) { out.raw(other.bytes); });
    if (shipped) write_fulfillments(out, order);
    return std::move(out).sealed(key_of_row(row));
}

std::string encode_body(const Order& order) {
    ByteWriter out(order.draft->amounts ? priced_body_format : body_format);
    out.text(order.tenant_id);
    out.time(order.created_at);
    write_draft(out, *order.draft);
    write_lines(out, order.lines);
    out.integer(order.shipping_amount);
    out.integer(order.discount_amount);
    out.integer(order.tax_amount);
    out.integer(order.total);
    if (const auto& amounts = order.draft->amounts) write_amounts(out, *amounts);
    return std::move(out).sealed(order.id.bytes());
}

bool same_body(const Order& a, const Order& b) {
    return a.total == b.total && a.shipping_amount == b.shipping_amount && a.discount_amount == b.discount_amount &&
           a.tax_amount == b.tax_amount && a.created_at == b.created_at && a.tenant_id == b.tenant_id &&
           a.lines == b.lines && a.draft == b.draft;
}

std::optional<Order> decode_order(const OrderRow& row, Bytes body_record) {
    if (row.status > std::to_underlying(orders::OrderStatus::on_hold)) return std::nullopt;
    auto body = decode_body(row.id, body_record);
    if (!body) return std::nullopt;
    const auto format = format_of_state(row.record);
    ByteReader in(row.record, key_of_row(row), format);
    Order order(row.id, std::move(body->draft), orders::Fingerprint{in.raw<32>()}, body->created_at);
    order.number = row.number;
    order.tenant_id = std::move(body->tenant);
    order.version = static_cast<std::int32_t>(row.version);
    order.status = orders::OrderStatus{static_cast<std::uint8_t>(row.status)};
    order.lines = std::move(body->lines);
    order.shipping_amount = body->shipping;
    order.discount_amount = body->discount;
    order.tax_amount = body->tax;
    order.total = body->total;
    read_state(in, order);
    if (format == shipped_state_format) read_fulfillments(in, order);
    if (!in.finished()) return std::nullopt;
    return order;
}

std::string encode_tombstone(const OrderRow& row, orders::OrderStatus last_status, const orders::Fingerprint& content) {
    ByteWriter out(state_format);
    out.raw(content.bytes);
    out.byte(std::to_underlying(last_status));
    return std::move(out).sealed(key_of_row(row));
}

std::optional<orders::OrderStatus> decode_tombstone(const OrderRow& row) {
    ByteReader in(row.record, key_of_row(row), state_format);
    in.raw<32>();
    const auto status = read_status(in);
    if (!in.finished()) return std::nullopt;
    return status;
}

std::optional<orders::Fingerprint> decode_fingerprint(const OrderRow& row) {
    ByteReader in(row.record, key_of_row(row), format_of_state(row.record));
    const orders::Fingerprint fingerprint{in.raw<32>()};
    if (!in.ok()) return std::nullopt;
    return fingerprint;
}

std::optional<std::string> with_created_bound(const OrderRow& row, std::int64_t created_bound) {
    auto other = row;
    other.created_bound = created_bound;
    return reseal(row.record, key_of_row(row), key_of_row(other));
}

}  // namespace orderflow::storage
