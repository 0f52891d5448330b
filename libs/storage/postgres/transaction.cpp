#include "libs/storage/postgres/transaction.hpp"

#include <string>
#include <utility>

namespace orderflow::storage {

using postgres::Statement;

const Statement begin_transaction{"begin_transaction", "BEGIN"};
// "orderflo" + 1.
const Statement share_insertion{"share_insertion", "SELECT pg_advisory_xact_lock_shared(8030606865177898096)"};
const Statement own_insertion{"own_insertion", "SELECT pg_advisory_xact_lock(8030606865177898096)"};

namespace {

const Statement commit_transaction{"commit_transaction", "COMMIT"};
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
    const auto committed = connection.run(commit_transaction);
    if (committed) return {};
    if (connection.is_open()) return fail(committed.error());
    return fail(outcome_unknown("no answer to COMMIT: " + committed.error().detail()));
}

}  // namespace orderflow::storage
