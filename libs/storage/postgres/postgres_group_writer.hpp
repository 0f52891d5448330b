// PostgresGroupWriter: reads, decides and writes a group of changes in one transaction.
//
// Nothing is locked while a group is read and decided; the transaction that writes it checks that every row still is
// what was read. A group that met another worker is decided again. Nothing is kept in memory from one group to the
// next: other workers write too.
#pragma once

#include <span>
#include <vector>

#include "libs/orders/domain/decide.hpp"
#include "libs/postgres/connection.hpp"
#include "libs/storage/postgres/group_draft.hpp"

namespace orderflow::storage {

struct WrittenGroup {
    std::vector<Result<orders::Step>> steps;  // one per change, in order
    bool wrote = false;                       // something changed
};

// From the connection's Executor only.
class PostgresGroupWriter {
  public:
    // How often a group is decided again, before it is left to a later call: it met other workers, or a deadlock.
    static constexpr int attempts_max = 8;

    // Outlives it.
    explicit PostgresGroupWriter(const orders::Pricing& pricing) : pricing_(pricing) {}

    // Durable when it returns. When a row of one order is refused, the group is halved until that order is alone; each
    // half is a transaction of its own then.
    // Errors: nothing was written, except after unavailable "store.outcome_unknown": the answer to COMMIT is missing,
    // or a part was written. unavailable "store.contended" after attempts_max; others of libs/postgres/errors.hpp.
    Result<WrittenGroup> apply(postgres::Connection& connection, std::span<const orders::Change* const> changes,
                               WallTime now) const;

    // OrderBurial::bury().
    Result<bool> bury(postgres::Connection& connection, const orders::OrderId& id, std::int32_t version) const;

    // Puts products into an empty catalogue; does nothing when there are any.
    static Result<void> fill_catalogue(postgres::Connection& connection, const std::vector<orders::ShelfItem>& items);

  private:
    Result<WrittenGroup> attempt(postgres::Connection& connection, std::span<const orders::Change* const> changes,
                                 WallTime now) const;
    Result<WrittenGroup> settle(postgres::Connection& connection, std::span<const orders::Change* const> changes,
                                WallTime now) const;

    const orders::Pricing& pricing_;
};

}  // namespace orderflow::storage
