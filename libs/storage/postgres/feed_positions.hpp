// The order of all events on PostgreSQL is that of the transactions that wrote them (schema.hpp), and their numbers are
// the cluster's own. A database that pg_restore, a logical replica or the like has brought into another cluster holds
// numbers that this one has not come to: new events would stand before the cursors of all lanes, and the old ones
// behind them until the cluster has counted so far (docs/adr/0029-another-cluster.md).
#pragma once

#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// unavailable "postgres.other_cluster": an event or the cursor of a lane is of a transaction that is still to come
// here. Cheap: to be asked in each new session. A lane that cannot be read is the matter of those who serve it.
Result<void> check_feed_positions(postgres::Connection& connection);

// Mends that, in one transaction that keeps everybody else out of the feed. All events get one position before those
// of every transaction and keep the order of their numbers; each lane goes on before the first of them that it may not
// have read, so that it misses none and may see a few twice. False: there was nothing to mend. The tables' owner alone
// can do it: the table of events is written anew. internal "store.damaged_row".
Result<bool> renew_feed_positions(postgres::Connection& connection);

}  // namespace orderflow::storage
