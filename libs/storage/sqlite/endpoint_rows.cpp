#include "libs/storage/sqlite/endpoint_rows.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/endpoint_record.hpp"
#include "libs/storage/records/history_record.hpp"

namespace orderflow::storage {

namespace {

using orders::EventEndpoint;

// Columns: id, owner, beat, record.
Result<EventEndpoint> endpoint_of(const sqlite::Cursor& row) {
    auto endpoint = decode_endpoint(row.text(0), row.blob(3));
    if (!endpoint) return fail(sqlite::corrupt("event_endpoints, id " + std::string(row.text(0))));
    endpoint->owner = row.text(1);
    endpoint->beat = row.integer(2);
    return *std::move(endpoint);
}

Result<void> only_error(Result<std::int64_t> changed) {
    if (!changed) return fail(std::move(changed).error());
    return {};
}

}  // namespace

Result<EndpointRows> EndpointRows::prepare(sqlite::Database& database) {
    EndpointRows rows;
    auto prepared = database.prepare_all({
        {&rows.all_, "SELECT id, owner, beat, record FROM event_endpoints ORDER BY id"},
        {&rows.find_, "SELECT id, owner, beat, record FROM event_endpoints WHERE id = ?1"},
        {&rows.put_,
         "INSERT INTO event_endpoints (id, owner, beat, record) VALUES (?1, '', 0, ?2)"
         " ON CONFLICT (id) DO UPDATE SET record = excluded.record"},
        {&rows.remove_, "DELETE FROM event_endpoints WHERE id = ?1"},
        {&rows.lease_, "UPDATE event_endpoints SET owner = ?4, beat = ?5 WHERE id = ?1 AND owner = ?2 AND beat = ?3"},
        {&rows.clear_leases_, "UPDATE event_endpoints SET owner = '' WHERE owner <> ''"},
        {&rows.lanes_, "SELECT lane, record FROM event_lanes WHERE endpoint = ?1 ORDER BY lane"},
        {&rows.insert_lane_,
         "INSERT INTO event_lanes (endpoint, lane, record) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"},
        {&rows.update_lane_, "UPDATE event_lanes SET record = ?3 WHERE endpoint = ?1 AND lane = ?2"},
        {&rows.remove_lane_, "DELETE FROM event_lanes WHERE endpoint = ?1 AND lane = ?2"},
        {&rows.remove_lanes_, "DELETE FROM event_lanes WHERE endpoint = ?1"},
        {&rows.log_,
         "INSERT INTO event_deliveries (endpoint, order_id, outcome, at, record) VALUES (?1, ?2, ?3, ?4, ?5)"},
        {&rows.is_tombstone_, "SELECT 1 FROM orders WHERE id = ?1 AND status = 100"},
        {&rows.newest_,
         "SELECT number, record FROM event_deliveries WHERE endpoint = ?1 AND number < ?2 AND (?3 IS NULL OR"
         " order_id = ?3) AND (?4 IS NULL OR outcome = ?4) ORDER BY number DESC LIMIT ?5"},
        {&rows.of_order_,
         "SELECT number, record, endpoint FROM event_deliveries WHERE order_id = ?1 ORDER BY number DESC LIMIT ?2"},
        {&rows.forget_,
         "DELETE FROM event_deliveries WHERE endpoint = ?1 AND (at < ?2 OR number <= (SELECT number FROM"
         " event_deliveries WHERE endpoint = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?3))"},
        {&rows.remove_log_, "DELETE FROM event_deliveries WHERE endpoint = ?1"},
        {&rows.feed_,
         "SELECT e.seq, e.number, e.previous, e.record, o.id, e.trace FROM order_events e JOIN orders o"
         " ON o.number = e.number WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?2"},
        {&rows.head_, "SELECT coalesce(max(seq), 0) FROM order_events"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return rows;
}

Result<std::vector<EventEndpoint>> EndpointRows::all() {
    std::vector<EventEndpoint> endpoints;
    auto rows = all_.query();
    for (;;) {
        const auto there = rows.next();
        if (!there) return fail(there.error());
        if (!*there) return endpoints;
        auto endpoint = endpoint_of(rows);
        if (!endpoint) return fail(std::move(endpoint).error());
        endpoints.push_back(*std::move(endpoint));
    }
}

Result<std::optional<EventEndpoint>> EndpointRows::find(std::string_view id) {
    auto row = find_.query(id);
    const auto there = row.next();
    if (!there) return fail(there.error());
    if (!*there) return std::nullopt;
    auto endpoint = endpoint_of(row);
    if (!endpoint) return fail(std::move(endpoint).error());
    return *std::move(endpoint);
}

Result<std::vector<orders::EventLane>> EndpointRows::lanes(std::string_view endpoint) {
    std::vector<orders::EventLane> lanes;
    auto rows = lanes_.query(endpoint);
    for (;;) {
        const auto there = rows.next();
        if (!there) return fail(there.error());
        if (!*there) return lanes;
        auto lane = decode_lane(endpoint, rows.text(0), rows.blob(1));
        if (!lane) return fail(sqlite::corrupt("event_lanes of " + std::string(endpoint)));
        lanes.push_back(*std::move(lane));
    }
}

Result<orders::DeliveryPage> EndpointRows::deliveries(const orders::DeliveryQuery& query) {
    const auto limit = std::clamp<std::uint32_t>(query.limit, 1, orders::limits::deliveries_page_max);
    std::optional<sqlite::Blob> order;
    if (query.order) order = sqlite::Blob(query.order->bytes());
    std::optional<int> outcome;
    if (query.outcome) outcome = std::to_underlying(*query.outcome);
    const auto below = query.below.value_or(std::numeric_limits<std::int64_t>::max());
    orders::DeliveryPage page;
    auto rows = newest_.query(std::string_view(query.endpoint), below, order, outcome, limit + 1);
    for (;;) {
        const auto there = rows.next();
        if (!there) return fail(there.error());
        if (!*there) return page;
        if (page.deliveries.size() == limit) {
            page.has_more = true;
            return page;
        }
        auto delivery = decode_delivery(rows.integer(0), query.endpoint, rows.blob(1));
        if (!delivery) return fail(sqlite::corrupt("event_deliveries, number " + std::to_string(rows.integer(0))));
        page.deliveries.push_back(*std::move(delivery));
    }
}

Result<std::vector<orders::EventDelivery>> EndpointRows::deliveries_of(const orders::OrderId& order) {
    std::vector<orders::EventDelivery> found;
    auto rows = of_order_.query(sqlite::Blob(order.bytes()), orders::limits::deliveries_page_max);
    for (;;) {
        const auto there = rows.next();
        if (!there) return fail(there.error());
        if (!*there) return found;
        auto delivery = decode_delivery(rows.integer(0), rows.text(2), rows.blob(1));
        if (!delivery) return fail(sqlite::corrupt("event_deliveries, number " + std::to_string(rows.integer(0))));
        found.push_back(*std::move(delivery));
    }
}

// The order of commits is that of the sequence: there is one writer.
Result<orders::FeedPage> EndpointRows::feed(orders::EventPosition after, std::uint32_t transitions) {
    orders::FeedPage page;
    auto rows = feed_.query(after.first, transitions);
    std::uint32_t read = 0;
    for (;; ++read) {
        const auto there = rows.next();
        if (!there) return fail(there.error());
        if (!*there) break;
        const EventRow row{rows.integer(0), rows.integer(1), rows.integer(2), rows.blob(3), rows.text(5)};
        auto events = decode_events(row);
        const auto id = rows.blob(4);
        orders::OrderId::Bytes bytes{};
        if (!events || id.size() != bytes.size()) {
            return fail(sqlite::corrupt("order_events, seq " + std::to_string(row.seq)));
        }
        std::ranges::copy(id, bytes.begin());
        for (auto& event : *events) {
            page.events.emplace_back(orders::EventPosition{row.seq, 0}, orders::OrderId(bytes), std::move(event));
        }
    }
    page.at_end = read < transitions;
    return page;
}

Result<orders::EventPosition> EndpointRows::head() {
    auto row = head_.query();
    const auto there = row.next();
    if (!there) return fail(there.error());
    return orders::EventPosition{row.integer(0), 0};
}

Result<orders::EndpointLoaded> EndpointRows::load(const orders::EndpointCommand& command) {
    orders::EndpointLoaded loaded;
    auto endpoints = all();
    if (!endpoints) return fail(std::move(endpoints).error());
    loaded.endpoints = endpoints->size();
    const auto mine = std::ranges::find(*endpoints, command.endpoint, &EventEndpoint::id);
    if (mine != endpoints->end()) loaded.endpoint = *mine;
    const auto known = lanes(command.endpoint);
    if (!known) return fail(known.error());
    loaded.replays = static_cast<std::size_t>(
        std::ranges::count_if(*known, [](const auto& lane) { return lane.kind != orders::LaneKind::live; }));
    const auto behind = head();
    if (!behind) return fail(behind.error());
    loaded.head = *behind;
    return loaded;
}

Result<void> EndpointRows::write(std::string_view id, const orders::EndpointDecision& decision) {
    if (decision.put) {
        if (auto written = put(*decision.put); !written) return written;
    }
    if (decision.lane) {
        const auto record = encode_lane(id, *decision.lane);
        const auto made = insert_lane_.run(id, std::string_view(decision.lane->id), sqlite::as_blob(record));
        if (!made) return fail(made.error());
    }
    if (!decision.remove) return {};
    for (auto* statement : {&remove_, &remove_lanes_, &remove_log_}) {
        if (const auto removed = statement->run(id); !removed) return fail(removed.error());
    }
    return {};
}

Result<void> EndpointRows::put(const EventEndpoint& endpoint) {
    const auto record = encode_endpoint(endpoint);
    return only_error(put_.run(std::string_view(endpoint.id), sqlite::as_blob(record)));
}

Result<bool> EndpointRows::change_lease(const orders::LeaseChange& change) {
    const auto changed = lease_.run(std::string_view(change.endpoint), std::string_view(change.owner), change.beat,
                                    std::string_view(change.new_owner), change.new_beat);
    if (!changed) return fail(changed.error());
    return *changed == 1;
}

Result<void> EndpointRows::record(const orders::DeliveryProgress& progress, WallTime now) {
    auto endpoint = find(progress.endpoint);
    if (!endpoint) return fail(std::move(endpoint).error());
    if (!*endpoint || (*endpoint)->owner != progress.owner) {
        return fail(ErrorKind::conflict, "webhook.lease_lost", "somebody else serves " + progress.endpoint);
    }
    const std::string_view id = progress.endpoint;
    for (const auto& lane : progress.lanes) {
        const auto record = encode_lane(id, lane);
        const auto updated = update_lane_.run(id, std::string_view(lane.id), sqlite::as_blob(record));
        if (!updated) return fail(updated.error());
    }
    for (const auto& lane : progress.ended) {
        if (const auto ended = remove_lane_.run(id, std::string_view(lane)); !ended) return fail(ended.error());
    }
    for (const auto& entry : progress.log) {
        if (auto logged = log(id, entry); !logged) return logged;
    }
    if (!progress.disable.empty() && (*endpoint)->enabled) {
        orders::disable(**endpoint, progress.disable, now);
        if (auto written = put(**endpoint); !written) return written;
    }
    return progress.forget_before ? forget(id, *progress.forget_before) : Result<void>();
}

// What somebody answered about an order that was erased may say whose it was.
Result<void> EndpointRows::log(std::string_view endpoint, orders::EventDelivery entry) {
    if (!entry.answer.empty()) {
        auto row = is_tombstone_.query(sqlite::Blob(entry.order.bytes()));
        const auto gone = row.next();
        if (!gone) return fail(gone.error());
        if (*gone) entry.answer.clear();
    }
    const auto record = encode_delivery(entry);
    return only_error(log_.run(endpoint, sqlite::Blob(entry.order.bytes()), std::to_underlying(entry.outcome),
                               to_unix_ms(entry.at), sqlite::as_blob(record)));
}

Result<void> EndpointRows::forget(std::string_view endpoint, WallTime before) {
    return only_error(forget_.run(endpoint, to_unix_ms(before), orders::limits::deliveries_kept));
}

Result<void> EndpointRows::clear_leases() { return only_error(clear_leases_.run()); }

}  // namespace orderflow::storage
