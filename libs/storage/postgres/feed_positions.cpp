#include "libs/storage/postgres/feed_positions.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/postgres/transaction.hpp"
#include "libs/storage/records/endpoint_record.hpp"

namespace orderflow::storage {
namespace {

using postgres::Connection;
using postgres::Request;
using postgres::Statement;
using postgres::Unit;

// Below the number of every transaction: those begin at 3.
constexpr std::int64_t before_all = 1;

// What is visible has ended, so its number is below the snapshot's end; unless it was written in another cluster. Lanes
// are read first: a cursor stands nowhere beyond what had begun when it was written.
const Statement all_lanes{"all_lanes", "SELECT endpoint, lane, record FROM event_lanes"};
const Statement feed_limits{
    "feed_limits",
    "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
    " coalesce((SELECT xact::text::bigint FROM order_events ORDER BY xact DESC, seq DESC LIMIT 1), 0)"};

const Statement lock_feed{"lock_feed",
                          "LOCK TABLE event_endpoints, event_lanes, order_events IN ACCESS EXCLUSIVE MODE"};
// The newest number of an event of the other cluster and the newest of all; the oldest that was written here since.
const Statement last_numbers{
    "last_numbers",
    "WITH other AS (SELECT coalesce(max(seq), 0) AS last FROM order_events WHERE xact >= ($1::bigint)::text::xid8)"
    " SELECT coalesce((SELECT max(seq) FROM order_events), 0), coalesce((SELECT min(seq) FROM order_events, other"
    " WHERE xact < ($1::bigint)::text::xid8 AND seq > other.last AND other.last > 0), 0)"};
const Statement first_behind{"first_behind",
                             "SELECT coalesce(min(seq), 0) FROM order_events"
                             " WHERE (xact, seq) > (($1::bigint)::text::xid8, $2::bigint)"};
const Statement move_lane{"move_lane", "UPDATE event_lanes SET record = $3 WHERE endpoint = $1 AND lane = $2"};
// Whoever serves an endpoint meanwhile has cursors of the old kind in its memory.
const Statement end_leases{"end_leases", "UPDATE event_endpoints SET owner = '', beat = beat + 1"};
// The rows are written to a new file: as an UPDATE it would leave the table twice as large.
const Statement move_events{"move_events", "ALTER TABLE order_events ALTER COLUMN xact TYPE xid8 USING '1'::xid8"};
const Statement analyze_events{"analyze_events", "ANALYZE order_events"};

struct StoredLane {
    std::string endpoint;
    orders::EventLane lane;
};

struct Positions {
    std::vector<StoredLane> lanes;
    std::string damaged;       // an endpoint, one of whose lanes cannot be read
    std::int64_t to_come = 0;  // the first transaction that has not begun
    bool of_this_cluster = true;
};

Result<Positions> read_positions(Connection& connection) {
    const auto answers = connection.run(Unit{Request(all_lanes), Request(feed_limits)});
    if (!answers) return fail(answers.error());
    Positions found;
    const auto& lanes = answers->front();
    for (std::size_t row = 0; row < lanes.size(); ++row) {
        auto lane = decode_lane(lanes.text(row, 0), lanes.text(row, 1), lanes.blob(row, 2));
        if (lane) {
            found.lanes.push_back({std::string(lanes.text(row, 0)), *std::move(lane)});
        } else {
            found.damaged = lanes.text(row, 0);
        }
    }
    found.to_come = answers->back().integer(0, 0);
    found.of_this_cluster =
        answers->back().integer(0, 1) < found.to_come &&
        std::ranges::all_of(found.lanes, [&](const auto& stored) { return stored.lane.cursor.first <= found.to_come; });
    return found;
}

Result<std::int64_t> number_of(Connection& connection, const Statement& statement, postgres::Parameters parameters) {
    const auto answer = connection.run(statement, std::move(parameters));
    if (!answer) return fail(answer.error());
    return answer->integer(0, 0);
}

// A program without this check may have written here: those events lie before the cursors and nobody has read them.
Result<void> move_lanes(Connection& connection, std::vector<StoredLane> lanes, std::int64_t to_come) {
    postgres::Parameters limit;
    limit.integer(to_come);
    const auto numbers = connection.run(last_numbers, std::move(limit));
    if (!numbers) return fail(numbers.error());
    const auto newest = numbers->integer(0, 0);
    const auto first_here = numbers->integer(0, 1);
    for (auto& [endpoint, lane] : lanes) {
        postgres::Parameters cursor;
        cursor.integer(lane.cursor.first).integer(lane.cursor.second);
        const auto behind = number_of(connection, first_behind, std::move(cursor));
        if (!behind) return fail(behind.error());
        auto unread = *behind == 0 ? newest + 1 : *behind;
        if (first_here != 0) unread = std::min(unread, first_here);
        lane.cursor = {before_all, unread - 1};
        const auto record = encode_lane(endpoint, lane);
        postgres::Parameters changed;
        changed.text(endpoint).text(lane.id).blob(std::as_bytes(std::span(record)));
        if (const auto moved = connection.run(move_lane, std::move(changed)); !moved) return fail(moved.error());
    }
    return {};
}

}  // namespace

Result<void> check_feed_positions(Connection& connection) {
    const auto found = read_positions(connection);
    if (!found) return fail(found.error());
    if (found->of_this_cluster) return {};
    return fail(ErrorKind::unavailable, "postgres.other_cluster",
                "the events of this database were written in another PostgreSQL cluster, which had counted further: "
                "webhooks would miss new ones and repeat old ones. Run orderflow migrate");
}

Result<bool> renew_feed_positions(Connection& connection) {
    const RollBack unless_committed(connection);
    const auto locked = connection.run(Unit{Request(begin_transaction), Request(lock_feed)});
    if (!locked) return fail(locked.error());
    auto found = read_positions(connection);
    if (!found) return fail(found.error());
    if (found->of_this_cluster) return false;
    if (!found->damaged.empty()) return fail(damaged_row("event_lanes of " + found->damaged));
    if (auto moved = move_lanes(connection, std::move(found->lanes), found->to_come); !moved) {
        return fail(std::move(moved).error());
    }
    const auto renewed = connection.run(Unit{Request(end_leases), Request(move_events)});
    if (!renewed) return fail(renewed.error());
    if (auto committed = commit(connection); !committed) return fail(std::move(committed).error());
    (void)connection.run(analyze_events);  // the server learns how the rows are spread; else it does so later
    return true;
}

}  // namespace orderflow::storage
