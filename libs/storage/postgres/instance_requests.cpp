#include "libs/storage/postgres/instance_requests.hpp"

#include <span>
#include <string>
#include <utility>

#include "libs/instances/instance_store.hpp"
#include "libs/instances/retention.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/postgres/transaction.hpp"
#include "libs/storage/records/instance_record.hpp"

namespace orderflow::storage {

namespace {

using instances::InstanceRow;
using postgres::Request;
using postgres::Statement;
using postgres::Unit;

const Statement newest_instances{
    "newest_instances",
    "SELECT id, last_at, record FROM instances WHERE last_at > $1 ORDER BY last_at DESC, id DESC LIMIT $2"};
const Statement instance_rows{"instance_rows",
                              "SELECT instance, ends_at, record FROM instance_rows WHERE ends_at > $1 AND ends_at <= $2"
                              " ORDER BY ends_at, instance LIMIT $3"};
// Nobody depends on a row that a crash of the server takes.
const Statement without_sync{"instances_without_sync", "SELECT set_config('synchronous_commit', 'off', true)"};
const Statement insert_row{"insert_instance_row",
                           "INSERT INTO instance_rows (ends_at, instance, minute, record) VALUES ($1, $2, 0, $3)"
                           " ON CONFLICT DO NOTHING"};
const Statement put_instance{"put_instance",
                             "INSERT INTO instances AS known (id, last_at, record) VALUES ($1, $2, $3)"
                             " ON CONFLICT (id) DO UPDATE SET last_at = excluded.last_at, record = excluded.record"
                             " WHERE excluded.last_at > known.last_at"};
const Statement drop_rows{"drop_instance_rows", "DELETE FROM instance_rows WHERE ends_at <= $1"};
const Statement drop_instances{"drop_instances", "DELETE FROM instances WHERE last_at <= $1"};
// Ten minutes at a time. Who comes second finds the rows gone.
const Statement take_fine_rows{"take_fine_instance_rows",
                               "DELETE FROM instance_rows WHERE minute = 0 AND ends_at < least($1,"
                               " (SELECT min(ends_at) / 60000 * 60000 + 600000 FROM instance_rows WHERE minute = 0))"
                               " RETURNING instance, ends_at, record"};
const Statement insert_minutes{"insert_instance_minutes",
                               "INSERT INTO instance_rows (ends_at, instance, minute, record)"
                               " SELECT ends_at, instance, 1, record FROM unnest($1::bigint[], $2::text[], $3::bytea[])"
                               " AS r (ends_at, instance, record) ON CONFLICT DO NOTHING"};

// Columns: instance, ends_at, record.
Result<std::vector<InstanceRow>> rows_of(const postgres::Rows& rows) {
    std::vector<InstanceRow> found;
    found.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto row = decode_instance(rows.text(i, 0), from_unix_ms(rows.integer(i, 1)), rows.blob(i, 2));
        if (!row) return fail(damaged_row("instance_rows, instance " + std::string(rows.text(i, 0))));
        found.push_back(*std::move(row));
    }
    return found;
}

Request minutes_request(const std::vector<InstanceRow>& minutes) {
    auto ends = postgres::Array::of_integers();
    auto ids = postgres::Array::of_texts();
    auto records = postgres::Array::of_blobs();
    for (const auto& row : minutes) {
        const auto record = encode_instance(row);
        ends.add(to_unix_ms(row.until));
        ids.add(std::string_view(row.id));
        records.add(std::as_bytes(std::span(record)));
    }
    Request request(insert_minutes);
    request.parameters.array(ends).array(ids).array(records);
    return request;
}

}  // namespace

Unit newest_instances_request(WallTime since) {
    Unit unit{Request(newest_instances)};
    unit.back().parameters.integer(to_unix_ms(since)).integer(instances::instances_max);
    return unit;
}

Unit instance_rows_request(WallTime after, WallTime until) {
    Unit unit{Request(instance_rows)};
    unit.back().parameters.integer(to_unix_ms(after)).integer(to_unix_ms(until)).integer(instances::rows_max);
    return unit;
}

Result<std::vector<InstanceRow>> read_instances(const std::vector<postgres::Rows>& answers) {
    return rows_of(answers[0]);
}

Result<void> keep_instance(postgres::Connection& connection, const InstanceRow& row) {
    const RollBack unless_committed(connection);
    const auto record = encode_instance(row);
    const auto bytes = std::as_bytes(std::span(record));
    Unit unit{Request(begin_transaction), Request(without_sync), Request(insert_row), Request(put_instance)};
    unit[2].parameters.integer(to_unix_ms(row.until)).text(row.id).blob(bytes);
    unit[3].parameters.text(row.id).integer(to_unix_ms(row.until)).blob(bytes);
    if (const auto written = connection.run(unit); !written) return fail(written.error());
    return commit(connection);
}

Result<void> tidy_instances(postgres::Connection& connection, WallTime now) {
    const RollBack unless_committed(connection);
    Unit unit{Request(begin_transaction), Request(without_sync), Request(drop_rows), Request(drop_instances),
              Request(take_fine_rows)};
    for (const auto drop : {std::size_t{2}, std::size_t{3}}) {
        unit[drop].parameters.integer(to_unix_ms(instances::kept_since(now)));
    }
    unit[4].parameters.integer(to_unix_ms(instances::fine_since(now)));
    const auto taken = connection.run(unit);
    if (!taken) return fail(taken.error());
    auto fine = rows_of(taken->back());
    if (!fine) return fail(std::move(fine).error());
    const auto minutes = instances::thinned(*std::move(fine));
    if (!minutes.empty()) {
        if (const auto written = connection.run(Unit{minutes_request(minutes)}); !written) return fail(written.error());
    }
    return commit(connection);
}

}  // namespace orderflow::storage
