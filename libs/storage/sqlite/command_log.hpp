// CommandLog: the rows of operator_commands, the audit records of what operators asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/orders/ports/operator_reader.hpp"
#include "libs/sqlite/database.hpp"

namespace orderflow::storage {

// Inside a transaction. Errors: those of libs/sqlite/errors.hpp; "disk.corrupt" for a row whose checksum does not
// match.
class CommandLog {
  public:
    static Result<CommandLog> prepare(sqlite::Database& database);

    Result<std::optional<orders::CommandRecord>> find(std::string_view id);
    // invalid_input "query.starting_after" for an id that has no record.
    Result<orders::CommandPage> page(const orders::CommandQuery& query);

    // Writer: a new record, or the new state of one that is there.
    Result<void> put(const orders::CommandRecord& command);
    // Writer: nothing when one with its id is there, unless that says only that it was stopped before it began.
    Result<void> put_new(const orders::CommandRecord& command);

  private:
    CommandLog() = default;

    sqlite::Statement by_id_;
    sqlite::Statement newest_;
    sqlite::Statement put_;
    sqlite::Statement put_new_;
};

}  // namespace orderflow::storage
