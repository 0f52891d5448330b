#include "libs/storage/records/endpoint_record.hpp"

#include <utility>

#include "libs/sqlite/statement.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t endpoint_format = 1;
constexpr std::uint8_t lane_format = 1;
constexpr std::uint8_t delivery_format = 1;

std::string lane_key(std::string_view endpoint, std::string_view id) {
    return std::string(endpoint) + "\n" + std::string(id);
}

void write_time(ByteWriter& out, const std::optional<WallTime>& time) {
    out.optional(time, [&](WallTime at) { out.time(at); });
}

std::optional<WallTime> read_time(ByteReader& in) {
    if (!in.flag()) return std::nullopt;
    return in.time();
}

void write_held(ByteWriter& out, const orders::HeldOrder& held) {
    out.raw(held.order.bytes());
    out.integer(held.next);
    out.integer(held.through);
    out.integer(held.attempts);
    out.integer(held.wait_ms);
    out.time(held.due);
    out.time(held.first_failed_at);
    out.time(held.event_at);
}

orders::HeldOrder read_held(ByteReader& in) {
    orders::HeldOrder held;
    held.order = orders::OrderId(in.raw<orders::OrderId::size>());
    held.next = static_cast<std::int32_t>(in.integer());
    held.through = static_cast<std::int32_t>(in.integer());
    held.attempts = static_cast<std::int32_t>(in.integer());
    held.wait_ms = in.integer();
    held.due = in.time();
    held.first_failed_at = in.time();
    held.event_at = in.time();
    return held;
}

}  // namespace

std::string encode_endpoint(const orders::EventEndpoint& endpoint) {
    const auto& settings = endpoint.settings;
    ByteWriter out(endpoint_format);
    out.text(settings.url);
    out.byte(std::to_underlying(settings.mode));
    out.natural(settings.events.size());
    for (const auto type : settings.events) out.byte(std::to_underlying(type));
    out.text(settings.description);
    out.natural(endpoint.secrets.size());
    for (const auto& secret : endpoint.secrets) {
        out.text(secret.text);
        out.time(secret.created_at);
        write_time(out, secret.valid_until);
    }
    out.flag(endpoint.enabled);
    out.text(endpoint.disabled_code);
    out.time(endpoint.created_at);
    out.time(endpoint.changed_at);
    out.integer(endpoint.revision);
    return std::move(out).sealed(sqlite::as_blob(endpoint.id));
}

std::optional<orders::EventEndpoint> decode_endpoint(std::string_view id, Bytes record) {
    ByteReader in(record, sqlite::as_blob(id), endpoint_format);
    orders::EndpointSettings settings;
    settings.url = in.text();
    settings.mode = static_cast<orders::ContentMode>(in.limited(orders::content_mode_count));
    for (auto left = in.count(); left > 0; --left) {
        settings.events.push_back(static_cast<orders::EventType>(in.limited(orders::event_type_count)));
    }
    settings.description = in.text();
    orders::EventEndpoint endpoint(std::string(id), std::move(settings), {});
    for (auto left = in.count(); left > 0; --left) {
        auto& secret = endpoint.secrets.emplace_back();
        secret.text = in.text();
        secret.created_at = in.time();
        secret.valid_until = read_time(in);
    }
    endpoint.enabled = in.flag();
    endpoint.disabled_code = in.text();
    endpoint.created_at = in.time();
    endpoint.changed_at = in.time();
    endpoint.revision = in.integer();
    if (!in.finished()) return std::nullopt;
    return endpoint;
}

std::string encode_lane(std::string_view endpoint, const orders::EventLane& lane) {
    ByteWriter out(lane_format);
    out.byte(std::to_underlying(lane.kind));
    out.integer(lane.cursor.first);
    out.integer(lane.cursor.second);
    out.flag(lane.found_start);
    out.flag(lane.read_all);
    write_time(out, lane.since);
    write_time(out, lane.until);
    out.natural(lane.held.size());
    for (const auto& held : lane.held) write_held(out, held);
    out.integer(lane.failures);
    write_time(out, lane.last_success_at);
    out.integer(lane.delivered);
    out.integer(lane.given_up);
    out.integer(lane.seen_revision);
    return std::move(out).sealed(sqlite::as_blob(lane_key(endpoint, lane.id)));
}

std::optional<orders::EventLane> decode_lane(std::string_view endpoint, std::string_view id, Bytes record) {
    const auto key = lane_key(endpoint, id);
    ByteReader in(record, sqlite::as_blob(key), lane_format);
    orders::EventLane lane(std::string(id), static_cast<orders::LaneKind>(in.limited(orders::lane_kind_count)));
    lane.cursor.first = in.integer();
    lane.cursor.second = in.integer();
    lane.found_start = in.flag();
    lane.read_all = in.flag();
    lane.since = read_time(in);
    lane.until = read_time(in);
    for (auto left = in.count(); left > 0; --left) lane.held.push_back(read_held(in));
    lane.failures = static_cast<std::int32_t>(in.integer());
    lane.last_success_at = read_time(in);
    lane.delivered = in.integer();
    lane.given_up = in.integer();
    lane.seen_revision = in.integer();
    if (!in.finished()) return std::nullopt;
    return lane;
}

std::string encode_delivery(const orders::EventDelivery& delivery) {
    ByteWriter out(delivery_format);
    out.raw(delivery.order.bytes());
    out.integer(delivery.version);
    out.optional(delivery.type, [&](orders::EventType type) { out.byte(std::to_underlying(type)); });
    out.byte(std::to_underlying(delivery.lane));
    out.integer(delivery.attempt);
    out.time(delivery.at);
    out.integer(delivery.duration_ms);
    out.integer(delivery.status);
    out.byte(std::to_underlying(delivery.outcome));
    out.text(delivery.code);
    out.text(delivery.answer);
    write_time(out, delivery.next_attempt_at);
    return std::move(out).sealed(sqlite::as_blob(delivery.endpoint));
}

std::optional<orders::EventDelivery> decode_delivery(std::int64_t number, std::string_view endpoint, Bytes record) {
    ByteReader in(record, sqlite::as_blob(endpoint), delivery_format);
    const orders::OrderId order(in.raw<orders::OrderId::size>());
    orders::EventDelivery delivery(std::string(endpoint), order, static_cast<std::int32_t>(in.integer()));
    delivery.number = number;
    if (in.flag()) delivery.type = static_cast<orders::EventType>(in.limited(orders::event_type_count));
    delivery.lane = static_cast<orders::LaneKind>(in.limited(orders::lane_kind_count));
    delivery.attempt = static_cast<std::int32_t>(in.integer());
    delivery.at = in.time();
    delivery.duration_ms = in.integer();
    delivery.status = static_cast<std::int32_t>(in.integer());
    delivery.outcome = static_cast<orders::DeliveryOutcome>(in.limited(orders::delivery_outcome_count));
    delivery.code = in.text();
    delivery.answer = in.text();
    delivery.next_attempt_at = read_time(in);
    if (!in.finished()) return std::nullopt;
    return delivery;
}

}  // namespace orderflow::storage
