#include "libs/storage/postgres/endpoint_requests.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/records/endpoint_record.hpp"
#include "libs/storage/records/history_record.hpp"

namespace orderflow::storage {

namespace {

using orders::EventEndpoint;
using postgres::Bytes;
using postgres::Request;
using postgres::Statement;
using postgres::Unit;

const Statement all_endpoints{"all_endpoints", "SELECT id, owner, beat, record FROM event_endpoints ORDER BY id"};
const Statement find_endpoint{"find_endpoint", "SELECT id, owner, beat, record FROM event_endpoints WHERE id = $1"};
const Statement lock_endpoint{"lock_endpoint",
                              "SELECT id, owner, beat, record FROM event_endpoints WHERE id = $1 FOR UPDATE"};
const Statement count_endpoints{"count_endpoints", "SELECT count(*) FROM event_endpoints"};
const Statement put_endpoint{"put_endpoint",
                             "INSERT INTO event_endpoints (id, owner, beat, record) VALUES ($1, '', 0, $2)"
                             " ON CONFLICT (id) DO UPDATE SET record = excluded.record"};
const Statement remove_endpoint{"remove_endpoint", "DELETE FROM event_endpoints WHERE id = $1"};
const Statement change_lease{
    "change_lease", "UPDATE event_endpoints SET owner = $4, beat = $5 WHERE id = $1 AND owner = $2 AND beat = $3"};
const Statement find_lanes{"find_lanes", "SELECT lane, record FROM event_lanes WHERE endpoint = $1 ORDER BY lane"};
const Statement insert_lane{
    "insert_lane", "INSERT INTO event_lanes (endpoint, lane, record) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};
const Statement update_lane{"update_lane", "UPDATE event_lanes SET record = $3 WHERE endpoint = $1 AND lane = $2"};
const Statement remove_lane{"remove_lane", "DELETE FROM event_lanes WHERE endpoint = $1 AND lane = $2"};
const Statement remove_lanes{"remove_lanes", "DELETE FROM event_lanes WHERE endpoint = $1"};
const Statement log_deliveries{
    "log_deliveries",
    "INSERT INTO event_deliveries (endpoint, order_id, outcome, at, record)"
    " SELECT $1, o, x, a, r FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bytea[]) AS t (o, x, a, r)"};
const Statement tombstones_among{"tombstones_among", "SELECT id FROM orders WHERE id = ANY($1) AND status = 100"};
const Statement remove_log{"remove_log", "DELETE FROM event_deliveries WHERE endpoint = $1"};
const Statement forget_deliveries{
    "forget_deliveries",
    "DELETE FROM event_deliveries WHERE endpoint = $1 AND (at < $2 OR number <= (SELECT number FROM event_deliveries"
    " WHERE endpoint = $1 ORDER BY number DESC LIMIT 1 OFFSET $3))"};
const Statement feed_events{
    "feed_events",
    "SELECT e.xact::text::bigint, e.seq, e.number, e.previous, e.record, o.id, e.trace FROM order_events e"
    " JOIN orders o ON o.number = e.number WHERE (e.xact, e.seq) > (($1::bigint)::text::xid8, $2::bigint)"
    " AND e.xact < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY e.xact, e.seq LIMIT $3"};
const Statement feed_head{"feed_head", "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"};

constexpr const char* deliveries_select =
    "SELECT number, record FROM event_deliveries WHERE endpoint = $1 AND number < $2";
constexpr const char* deliveries_order = " ORDER BY number DESC LIMIT $3";

// One for each choice of criteria.
const Statement deliveries_all{"deliveries_all", std::string(deliveries_select) + deliveries_order};
const Statement deliveries_of_order{"deliveries_of_order",
                                    std::string(deliveries_select) + " AND order_id = $4" + deliveries_order};
const Statement deliveries_of_outcome{"deliveries_of_outcome",
                                      std::string(deliveries_select) + " AND outcome = $4" + deliveries_order};
const Statement deliveries_of_both{
    "deliveries_of_both", std::string(deliveries_select) + " AND order_id = $4 AND outcome = $5" + deliveries_order};

const Statement deliveries_about{
    "deliveries_about",
    "SELECT number, record, endpoint FROM event_deliveries WHERE order_id = $1 ORDER BY number DESC LIMIT $2"};

const Statement& statement_for(const orders::DeliveryQuery& query) {
    if (query.order && query.outcome) return deliveries_of_both;
    if (query.order) return deliveries_of_order;
    return query.outcome ? deliveries_of_outcome : deliveries_all;
}

std::uint32_t page_size(const orders::DeliveryQuery& query) {
    return std::clamp<std::uint32_t>(query.limit, 1, orders::limits::deliveries_page_max);
}

// Columns: id, owner, beat, record.
Result<EventEndpoint> endpoint_of(const postgres::Rows& rows, std::size_t row) {
    auto endpoint = decode_endpoint(rows.text(row, 0), rows.blob(row, 3));
    if (!endpoint) return fail(damaged_row("event_endpoints, id " + std::string(rows.text(row, 0))));
    endpoint->owner = rows.text(row, 1);
    endpoint->beat = rows.integer(row, 2);
    return *std::move(endpoint);
}

Bytes bytes_of(const std::string& record) { return std::as_bytes(std::span(record)); }

}  // namespace

Unit endpoints_request() { return Unit{Request(all_endpoints)}; }

Result<std::vector<EventEndpoint>> read_endpoints(const Answers& answers) {
    std::vector<EventEndpoint> endpoints;
    for (std::size_t row = 0; row < answers[0].size(); ++row) {
        auto endpoint = endpoint_of(answers[0], row);
        if (!endpoint) return fail(std::move(endpoint).error());
        endpoints.push_back(*std::move(endpoint));
    }
    return endpoints;
}

Unit endpoint_request(const std::string& id) {
    Unit unit{Request(find_endpoint)};
    unit.back().parameters.text(id);
    return unit;
}

Result<std::optional<EventEndpoint>> read_endpoint(const Answers& answers) {
    if (answers[0].empty()) return std::nullopt;
    auto endpoint = endpoint_of(answers[0], 0);
    if (!endpoint) return fail(std::move(endpoint).error());
    return *std::move(endpoint);
}

Unit lanes_request(const std::string& endpoint) {
    Unit unit{Request(find_lanes)};
    unit.back().parameters.text(endpoint);
    return unit;
}

Result<std::vector<orders::EventLane>> read_lanes(const Answers& answers, const std::string& endpoint) {
    const auto& rows = answers[0];
    std::vector<orders::EventLane> lanes;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto lane = decode_lane(endpoint, rows.text(row, 0), rows.blob(row, 1));
        if (!lane) return fail(damaged_row("event_lanes of " + endpoint));
        lanes.push_back(*std::move(lane));
    }
    return lanes;
}

Unit deliveries_request(const orders::DeliveryQuery& query) {
    Unit unit{Request(statement_for(query))};
    auto& parameters = unit.back().parameters;
    parameters.text(query.endpoint).integer(query.below.value_or(std::numeric_limits<std::int64_t>::max()));
    parameters.integer(std::int64_t{page_size(query)} + 1);
    if (query.order) parameters.uuid(Bytes(query.order->bytes()));
    if (query.outcome) parameters.integer(std::to_underlying(*query.outcome));
    return unit;
}

Result<orders::DeliveryPage> read_deliveries(const Answers& answers, const orders::DeliveryQuery& query) {
    const auto& rows = answers[0];
    orders::DeliveryPage page;
    page.has_more = rows.size() > page_size(query);
    for (std::size_t row = 0; row < std::min<std::size_t>(rows.size(), page_size(query)); ++row) {
        auto delivery = decode_delivery(rows.integer(row, 0), query.endpoint, rows.blob(row, 1));
        if (!delivery) return fail(damaged_row("event_deliveries, number " + std::to_string(rows.integer(row, 0))));
        page.deliveries.push_back(*std::move(delivery));
    }
    return page;
}

Unit deliveries_of_request(const orders::OrderId& order) {
    Unit unit{Request(deliveries_about)};
    unit.back().parameters.uuid(Bytes(order.bytes())).integer(orders::limits::deliveries_page_max);
    return unit;
}

Result<std::vector<orders::EventDelivery>> read_deliveries_of(const Answers& answers) {
    const auto& rows = answers[0];
    std::vector<orders::EventDelivery> found;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto delivery = decode_delivery(rows.integer(row, 0), rows.text(row, 2), rows.blob(row, 1));
        if (!delivery) return fail(damaged_row("event_deliveries, number " + std::to_string(rows.integer(row, 0))));
        found.push_back(*std::move(delivery));
    }
    return found;
}

Unit feed_request(orders::EventPosition after, std::uint32_t transitions) {
    Unit unit{Request(feed_events)};
    unit.back().parameters.integer(after.first).integer(after.second).integer(transitions);
    return unit;
}

Result<orders::FeedPage> read_feed(const Answers& answers, std::uint32_t transitions) {
    const auto& rows = answers[0];
    orders::FeedPage page;
    for (std::size_t at = 0; at < rows.size(); ++at) {
        const EventRow row{rows.integer(at, 1), rows.integer(at, 2), rows.integer(at, 3), rows.blob(at, 4),
                           rows.text(at, 6)};
        auto events = decode_events(row);
        if (!events) return fail(damaged_row("order_events, seq " + std::to_string(row.seq)));
        const orders::EventPosition position{rows.integer(at, 0), row.seq};
        for (auto& event : *events) page.events.emplace_back(position, read_id(rows, at, 5), std::move(event));
    }
    page.at_end = rows.size() < transitions;
    return page;
}

Unit feed_head_request() { return Unit{Request(feed_head)}; }

// Sequences begin at 1: what a transaction from this one on writes lies behind it.
Result<orders::EventPosition> read_feed_head(const Answers& answers) {
    return orders::EventPosition{answers[0].integer(0, 0), 0};
}

Unit endpoint_lock_request(const std::string& id) {
    Unit unit{Request(lock_endpoint)};
    unit.back().parameters.text(id);
    return unit;
}

Unit endpoint_load_request(const std::string& id) {
    auto unit = endpoint_lock_request(id);
    unit.emplace_back(count_endpoints);
    unit.emplace_back(find_lanes).parameters.text(id);
    unit.emplace_back(feed_head);
    return unit;
}

Result<orders::EndpointLoaded> read_endpoint_loaded(const Answers& answers, const std::string& id) {
    orders::EndpointLoaded loaded;
    if (!answers[0].empty()) {
        auto endpoint = endpoint_of(answers[0], 0);
        if (!endpoint) return fail(std::move(endpoint).error());
        loaded.endpoint = *std::move(endpoint);
    }
    loaded.endpoints = static_cast<std::size_t>(answers[1].integer(0, 0));
    for (std::size_t row = 0; row < answers[2].size(); ++row) {
        const auto lane = decode_lane(id, answers[2].text(row, 0), answers[2].blob(row, 1));
        if (!lane) return fail(damaged_row("event_lanes of " + id));
        if (lane->kind != orders::LaneKind::live) ++loaded.replays;
    }
    loaded.head = {answers[3].integer(0, 0), 0};
    return loaded;
}

void add_endpoint(Unit& unit, const EventEndpoint& endpoint) {
    const auto record = encode_endpoint(endpoint);
    unit.emplace_back(put_endpoint).parameters.text(endpoint.id).blob(bytes_of(record));
}

void add_writes(Unit& unit, const std::string& id, const orders::EndpointDecision& decision) {
    if (decision.put) add_endpoint(unit, *decision.put);
    if (decision.lane) {
        const auto record = encode_lane(id, *decision.lane);
        unit.emplace_back(insert_lane).parameters.text(id).text(decision.lane->id).blob(bytes_of(record));
    }
    if (!decision.remove) return;
    for (const auto* statement : {&remove_endpoint, &remove_lanes, &remove_log}) {
        unit.emplace_back(*statement).parameters.text(id);
    }
}

Request lease_request(const orders::LeaseChange& change) {
    Request request(change_lease);
    request.parameters.text(change.endpoint).text(change.owner).integer(change.beat);
    request.parameters.text(change.new_owner).integer(change.new_beat);
    return request;
}

Request tombstones_request(const std::vector<orders::EventDelivery>& log) {
    auto ids = postgres::Array::of_uuids();
    for (const auto& entry : log) ids.add(Bytes(entry.order.bytes()));
    Request request(tombstones_among);
    request.parameters.array(ids);
    return request;
}

void forget_answers(std::vector<orders::EventDelivery>& log, const postgres::Rows& tombstones) {
    for (std::size_t row = 0; row < tombstones.size(); ++row) {
        const auto gone = read_id(tombstones, row, 0);
        for (auto& entry : log) {
            if (entry.order == gone) entry.answer.clear();
        }
    }
}

void add_progress(Unit& unit, const orders::DeliveryProgress& progress) {
    const auto& id = progress.endpoint;
    for (const auto& lane : progress.lanes) {
        const auto record = encode_lane(id, lane);
        unit.emplace_back(update_lane).parameters.text(id).text(lane.id).blob(bytes_of(record));
    }
    for (const auto& lane : progress.ended) unit.emplace_back(remove_lane).parameters.text(id).text(lane);
    if (!progress.log.empty()) {
        auto order_ids = postgres::Array::of_uuids();
        auto outcomes = postgres::Array::of_integers();
        auto times = postgres::Array::of_integers();
        auto records = postgres::Array::of_blobs();
        for (const auto& entry : progress.log) {
            order_ids.add(Bytes(entry.order.bytes()));
            outcomes.add(std::to_underlying(entry.outcome));
            times.add(to_unix_ms(entry.at));
            const auto record = encode_delivery(entry);
            records.add(bytes_of(record));
        }
        auto& parameters = unit.emplace_back(log_deliveries).parameters;
        parameters.text(id).array(order_ids).array(outcomes).array(times).array(records);
    }
    if (progress.forget_before) {
        auto& parameters = unit.emplace_back(forget_deliveries).parameters;
        parameters.text(id).integer(to_unix_ms(*progress.forget_before)).integer(orders::limits::deliveries_kept);
    }
}

}  // namespace orderflow::storage
