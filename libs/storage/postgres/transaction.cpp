#include "libs/storage/postgres/transaction.hpp"

#include <string>
#include <utility>

#include "libs/base/safeguard.hpp"

namespace orderflow::storage {

using postgres::Statement;

const Statement begin_transaction{"begin_transaction", "BEGIN"};
// "orderflo" + 1.
const Statement share_insertion{"share_insertion", "SELECT pg_advisory_xact_lock_shared(8030606865177898096)"};
const Statement own_insertion{"own_insertion", "SELECT pg_advisory_xact_lock(8030606865177898096)"};

namespace {

const Statement commit_transaction{"commit_transaction", "COMMIT"};
// With standbys: something to commit, behind everything that was read in the log.
const Statement mark_the_log{"mark_the_log",
                             "SELECT CASE WHEN current_setting('synchronous_standby_names') <> ''"
                             " THEN pg_logical_emit_message(true, 'orderflow', '') END"};
const Statement roll_back{"roll_back", "ROLLBACK"};

}  // namespace

RollBack::~RollBack() {
    if (connection_.in_transaction()) (void)connection_.run(roll_back);
}

Error outcome_unknown(std::string why) {
    return Error(ErrorKind::unavailable, "store.outcome_unknown", std::move(why));
}

// With an open connection the server has answered that it did not commit.
Result<void> commit(postgres::Connection& connection) {
    const auto warnings = connection.warnings();
    const auto committed = connection.run(commit_transaction);
    if (committed && connection.warnings() != warnings && safeguard(Safeguard::commit_warning)) {
        return fail(outcome_unknown("the server has committed without its standbys"));
    }
    if (committed) return {};
    if (connection.is_open() || !safeguard(Safeguard::commit_answer)) return fail(committed.error());
    return fail(outcome_unknown("no answer to COMMIT: " + committed.error().detail()));
}

Result<void> commit_what_was_read(postgres::Connection& connection) {
    if (!safeguard(Safeguard::durable_reads)) return {};
    if (const auto marked = connection.run(mark_the_log); !marked) return fail(marked.error());
    return commit(connection);
}

}  // namespace orderflow::storage
