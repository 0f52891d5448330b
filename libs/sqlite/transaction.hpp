// Transaction and Savepoint: what is not committed or released when the guard ends is rolled back.
#pragma once

#include <utility>

#include "libs/sqlite/database.hpp"

namespace orderflow::sqlite {

enum class Locking : std::uint8_t {
    write,  // takes the write lock at once
    read,   // one unchanging view of the file
};

class [[nodiscard]] Transaction {
  public:
    // unavailable "sqlite.busy" when another connection writes. `database` outlives the guard and stays where it is.
    static Result<Transaction> begin(Database& database, Locking locking = Locking::write);

    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    // Writer: on disk when it succeeds. After an error nothing of the transaction is there, except after a fatal one
    // (errors.hpp), which leaves the outcome unknown. May make a checkpoint: see Checkpoints.
    Result<void> commit();

  private:
    explicit Transaction(Database& database) : database_(&database) {}

    Database* database_;
};

// A part of a transaction that can be undone alone. Savepoints do not nest here.
class [[nodiscard]] Savepoint {
  public:
    static Result<Savepoint> begin(Database& database);

    Savepoint(Savepoint&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Savepoint& operator=(Savepoint&&) = delete;
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    ~Savepoint();

    // Keeps the changes as part of the transaction.
    Result<void> release();

  private:
    explicit Savepoint(Database& database) : database_(&database) {}

    Database* database_;
};

}  // namespace orderflow::sqlite
