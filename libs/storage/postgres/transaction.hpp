// How the writers begin, commit and roll back.
#pragma once

#include <string>

#include "libs/base/result.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

extern const postgres::Statement begin_transaction;

// A cancel that comes before its order is kept in one table, its order in another, so no key makes two workers meet.
// Who inserts orders shares this lock of the transaction; who needs to know that an order is not being inserted owns
// it.
extern const postgres::Statement share_insertion;
extern const postgres::Statement own_insertion;

// Ends what was begun, unless the connection is gone: then the server does.
class RollBack {
  public:
    explicit RollBack(postgres::Connection& connection) : connection_(connection) {}
    ~RollBack();
    RollBack(const RollBack&) = delete;
    RollBack& operator=(const RollBack&) = delete;

  private:
    postgres::Connection& connection_;
};

// Durable when it returns, on the standbys too that the server waits for; without them it waits for Timeouts::answer.
// unavailable "store.outcome_unknown" without an answer, or when the server says that it did not wait for them; after
// any other error nothing was written.
Result<void> commit(postgres::Connection& connection);

// Ends a transaction that wrote nothing, and says whether what it read is durable as above: another worker's commit is
// seen on this server when its wait for a standby was cut off. Errors: those of commit().
Result<void> commit_what_was_read(postgres::Connection& connection);
Error outcome_unknown(std::string why);

}  // namespace orderflow::storage
