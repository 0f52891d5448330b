#include "libs/storage/sqlite/id_scan.hpp"

#include <algorithm>

#include "libs/base/invariant.hpp"
#include "libs/sqlite/errors.hpp"

namespace orderflow::storage {

Result<IdScan> IdScan::prepare(sqlite::Database& database, std::int64_t ids_per_step) {
    ORDERFLOW_INVARIANT(ids_per_step >= 2);  // the last of a step is the first of the next
    IdScan scan(ids_per_step);
    auto statement = database.prepare("SELECT id FROM orders WHERE id >= ?1 ORDER BY id LIMIT ?2");
    if (!statement) return fail(std::move(statement).error());
    scan.next_ids_ = *std::move(statement);
    return scan;
}

Result<bool> IdScan::step(StoredIds& ids) {
    auto rows = next_ids_.query(sqlite::Blob(last_.bytes()), ids_per_step_);
    std::int64_t read = 0;
    for (;; ++read) {
        const auto there = rows.next();
        if (!there) return fail(there.error());
        if (!*there) return read < ids_per_step_;
        const auto id = rows.blob(0);
        orders::OrderId::Bytes bytes{};
        if (id.size() != bytes.size()) return fail(sqlite::corrupt("orders_by_id"));
        std::ranges::copy(id, bytes.begin());
        last_ = orders::OrderId(bytes);
        ids.add(last_);
    }
}

}  // namespace orderflow::storage
