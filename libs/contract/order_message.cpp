#include "libs/contract/order_message.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "libs/contract/draft_json.hpp"
#include "libs/contract/fulfillment_request.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/pointer.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {
namespace {

constexpr std::string_view source = "orderflow/api";
constexpr json::ParseLimits parse_limits{.bytes = message_bytes_max, .depth = 40};  // a request and its envelope
constexpr std::size_t id_max = 128;
constexpr std::size_t reason_max = 255;
constexpr std::size_t tenant_max = 64;
constexpr std::size_t traceparent_max = 255;

constexpr json::Place data_place{.parent = &json::whole_document, .name = "data"};

struct Envelope {
    std::string_view id;
    std::string_view type;
    std::string subject;
    WallTime time;
    std::optional<std::string_view> traceparent;
};

void begin_event(json::Writer& out, const Envelope& envelope) {
    out.begin_object().key("specversion").string("1.0");
    out.key("id").string(envelope.id).key("source").string(source).key("type").string(envelope.type);
    out.key("subject").string(envelope.subject).key("time").string(to_timestamp(envelope.time));
    if (envelope.traceparent) out.key("traceparent").string(*envelope.traceparent);
    out.key("data");
}

std::unexpected<Error> malformed(std::string detail) {
    return fail(ErrorKind::invalid_input, "message.malformed", std::move(detail));
}

std::unexpected<Error> malformed(const FieldErrors& errors) {
    const auto& first = errors.reported().front();
    return malformed(first.pointer + ": " + std::string(to_string(first.rule)));
}

// The members of the envelope that have been read, all of them well formed.
struct Head {
    std::string id;
    std::string type;
    orders::OrderId order;
    WallTime time{};
    std::optional<std::string> traceparent;
    const json::Value* data = nullptr;
};

Result<Head> read_head(const json::Value& event) {
    FieldErrors errors;
    ObjectReader reader(event, json::whole_document, errors);
    const auto version = reader.exact("specversion", Presence::required);
    const auto from = reader.exact("source", Presence::required);
    auto id = reader.text("id", Presence::required, {.max = id_max});
    auto type = reader.exact("type", Presence::required);
    const auto subject = reader.exact("subject", Presence::required);
    const auto time = reader.exact("time", Presence::required);
    auto traceparent = reader.text("traceparent", Presence::optional, {.max = traceparent_max});
    const auto* data = reader.member("data", Presence::required);
    reader.finish();
    if (!errors.empty()) return malformed(errors);
    if (version != "1.0" || from != source) return malformed("It is no event of ours.");
    const auto order = orders::OrderId::parse(*subject);
    const auto at = parse_timestamp(*time);
    if (!order || !at) return malformed("subject or time has not its form.");
    Head head;
    head.id = *std::move(id);
    head.type = *std::move(type);
    head.order = *order;
    head.time = *at;
    head.traceparent = std::move(traceparent);
    head.data = data;
    return head;
}

Result<OrderMessage> read_place(Head head) {
    FieldErrors errors;
    ObjectReader data(*head.data, data_place, errors);
    const auto hex = data.exact("fingerprint", Presence::required);
    auto tenant = data.text("tenant", Presence::optional, {.max = tenant_max});
    const auto* order = data.member("order", Presence::required);
    data.finish();
    if (!errors.empty()) return malformed(errors);
    const auto fingerprint = orders::Fingerprint::from_hex(*hex);
    if (!fingerprint) return malformed("/data/fingerprint has not its form.");
    auto draft = decode_draft(*order);
    if (!draft) return malformed("/data/order" + draft.error().detail());
    orders::PlaceOrder place(head.order, *std::move(draft), *fingerprint, head.time);
    if (tenant) place.tenant_id = *std::move(tenant);
    OrderMessage message(std::move(head.id), std::move(place));
    message.traceparent = std::move(head.traceparent);
    return message;
}

Result<OrderMessage> read_cancel(Head head) {
    FieldErrors errors;
    ObjectReader data(*head.data, data_place, errors);
    auto reason = data.text("reason", Presence::required, {.max = reason_max});
    const auto version =
        data.integer("expected_version", Presence::optional, 0, std::numeric_limits<std::int32_t>::max());
    auto tenant = data.text("tenant", Presence::optional, {.max = tenant_max});
    data.finish();
    if (!errors.empty()) return malformed(errors);
    orders::CancelOrder cancel(head.order, head.id, *std::move(reason), head.time);
    cancel.tenant_id = std::move(tenant);
    if (version) cancel.expected_version = static_cast<std::int32_t>(*version);
    OrderMessage message(std::move(head.id), std::move(cancel));
    message.traceparent = std::move(head.traceparent);
    return message;
}

Result<OrderMessage> read_fulfillment(Head head) {
    FieldErrors errors;
    ObjectReader data(*head.data, data_place, errors);
    auto request = read_fulfillment_members(data, errors);
    data.finish();
    if (!errors.empty()) return malformed(errors);
    orders::FulfillOrder command(head.order, head.id, std::move(request.lines), head.time);
    command.carrier = std::move(request.carrier);
    command.tracking_number = std::move(request.tracking_number);
    command.by = std::move(request.by);
    command.reason = std::move(request.reason);
    OrderMessage message(std::move(head.id), std::move(command));
    message.traceparent = std::move(head.traceparent);
    return message;
}

Result<OrderMessage> read_news(Head head) {
    FieldErrors errors;
    ObjectReader data(*head.data, data_place, errors);
    const auto key = data.exact("key", Presence::required);
    data.finish();
    if (!errors.empty()) return malformed(errors);
    orders::PaymentNews news(head.order, orders::EffectKey{*key});
    if (order_of(news.effect) != head.order) return malformed("/data/key is of another order.");
    OrderMessage message(std::move(head.id), std::move(news));
    message.traceparent = std::move(head.traceparent);
    return message;
}

}  // namespace

std::string encode_place(const PlaceHead& head, std::string_view canonical_draft) {
    json::Writer out;
    out.reserve(canonical_draft.size() + 512);
    begin_event(out, {head.message_id, place_type, head.order.to_string(), head.accepted_at, head.traceparent});
    out.begin_object().key("fingerprint").string(head.fingerprint.to_hex());
    if (head.tenant != orders::default_tenant) out.key("tenant").string(head.tenant);
    out.key("order").raw(canonical_draft).end_object().end_object();
    return std::move(out).take();
}

std::string encode_cancel(const orders::CancelOrder& command, std::optional<std::string_view> traceparent) {
    json::Writer out;
    begin_event(
        out, {command.command_id, cancel_type, command.id.to_string(), command.requested_at, std::move(traceparent)});
    out.begin_object().key("reason").string(command.reason);
    if (command.expected_version) out.key("expected_version").integer(*command.expected_version);
    if (command.tenant_id) out.key("tenant").string(*command.tenant_id);
    out.end_object().end_object();
    return std::move(out).take();
}

std::string encode_fulfillment(const orders::FulfillOrder& command, std::optional<std::string_view> traceparent) {
    json::Writer out;
    begin_event(
        out, {command.command_id, fulfill_type, command.id.to_string(), command.requested_at, std::move(traceparent)});
    out.begin_object().key("lines").begin_array();
    for (const auto& line : command.lines) {
        out.begin_object().key("sku").string(line.sku.value()).key("quantity").integer(line.quantity).end_object();
    }
    out.end_array();
    if (command.carrier) out.key("carrier").string(*command.carrier);
    if (command.tracking_number) out.key("tracking_number").string(*command.tracking_number);
    // Left out when nobody said: a worker of the release before refuses members that it does not know.
    if (!command.by.empty()) out.key("by").string(command.by);
    if (!command.reason.empty()) out.key("reason").string(command.reason);
    out.end_object().end_object();
    return std::move(out).take();
}

std::string encode_news(const orders::PaymentNews& news, std::string_view message_id, WallTime at,
                        std::optional<std::string_view> traceparent) {
    json::Writer out;
    begin_event(out, {message_id, payment_type, news.id.to_string(), at, std::move(traceparent)});
    out.begin_object().key("key").string(news.effect.value).end_object().end_object();
    return std::move(out).take();
}

Result<OrderMessage> decode_message(std::string_view body) {
    const auto event = json::parse(body, parse_limits);
    if (!event) return malformed(event.error().code());
    if (!json::duplicate_members(*event).empty()) return malformed("A member stands there twice.");
    auto head = read_head(*event);
    if (!head) return fail(std::move(head).error());
    if (head->type == place_type) return read_place(*std::move(head));
    if (head->type == cancel_type) return read_cancel(*std::move(head));
    if (head->type == fulfill_type) return read_fulfillment(*std::move(head));
    if (head->type == payment_type) return read_news(*std::move(head));
    return fail(ErrorKind::invalid_input, "message.unknown_type", "There is no handler for this type of message.");
}

std::optional<orders::OrderId> subject_of(std::string_view body) {
    const auto event = json::parse(body, parse_limits);
    const auto* subject = event ? event->find("subject") : nullptr;
    const auto* text = subject != nullptr ? subject->string() : nullptr;
    return text != nullptr ? orders::OrderId::parse(*text) : std::nullopt;
}

std::optional<std::string> traceparent_of(std::string_view body) {
    const auto event = json::parse(body, parse_limits);
    const auto* member = event ? event->find("traceparent") : nullptr;
    const auto* text = member != nullptr ? member->string() : nullptr;
    return text != nullptr && text->size() <= traceparent_max ? std::optional(std::string(*text)) : std::nullopt;
}

}  // namespace orderflow::contract
