#include "libs/storage/postgres/postgres_endpoint_writer.hpp"

#include <utility>

#include "libs/storage/postgres/endpoint_requests.hpp"
#include "libs/storage/postgres/transaction.hpp"

namespace orderflow::storage {

Result<bool> change_endpoint_lease(postgres::Connection& connection, const orders::LeaseChange& change) {
    const RollBack unless_committed(connection);
    const postgres::Unit unit{postgres::Request(begin_transaction), lease_request(change)};
    const auto answers = connection.run(unit);
    if (!answers) return fail(answers.error());
    const bool changed = answers->back().changed() == 1;
    if (auto committed = commit(connection); !committed) return fail(std::move(committed).error());
    return changed;
}

Result<void> record_progress(postgres::Connection& connection, orders::DeliveryProgress progress, WallTime now) {
    const RollBack unless_committed(connection);
    auto unit = endpoint_lock_request(progress.endpoint);
    unit.insert(unit.begin(), postgres::Request(begin_transaction));
    unit.push_back(tombstones_request(progress.log));
    auto answers = connection.run(unit);
    if (!answers) return fail(std::move(answers).error());
    forget_answers(progress.log, answers->back());
    answers->erase(answers->begin());
    auto endpoint = read_endpoint(*answers);
    if (!endpoint) return fail(std::move(endpoint).error());
    if (!*endpoint || (*endpoint)->owner != progress.owner) {
        return fail(ErrorKind::conflict, "webhook.lease_lost", "somebody else serves " + progress.endpoint);
    }
    postgres::Unit writes;
    add_progress(writes, progress);
    if (!progress.disable.empty() && (*endpoint)->enabled) {
        orders::disable(**endpoint, progress.disable, now);
        add_endpoint(writes, **endpoint);
    }
    if (writes.empty()) return {};
    if (const auto written = connection.run(writes); !written) return fail(written.error());
    return commit(connection);
}

}  // namespace orderflow::storage
