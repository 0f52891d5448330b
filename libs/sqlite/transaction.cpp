#include "libs/sqlite/transaction.hpp"

#include "libs/sqlite/control.hpp"
#include "libs/sqlite/errors.hpp"

namespace orderflow::sqlite {

namespace {

Result<void> done(Result<std::int64_t> ran) {
    if (!ran) return fail(std::move(ran).error());
    return {};
}

}  // namespace

Result<Transaction> Transaction::begin(Database& database, Locking locking) {
    auto& statement = locking == Locking::write ? database.control_->begin_write : database.control_->begin_read;
    auto begun = done(statement.run());
    if (!begun) return fail(std::move(begun).error());
    return Transaction(database);
}

Transaction::~Transaction() {
    // SQLite rolls back by itself after some errors; a second ROLLBACK would only be refused.
    if (database_ != nullptr && database_->in_transaction()) (void)database_->control_->rollback.run();
}

Result<void> Transaction::commit() {
    auto committed = done(database_->control_->commit.run());
    if (!committed) return committed;
    auto& database = *std::exchange(database_, nullptr);
    if (database.control_->checkpoints == Checkpoints::by_owner) return {};
    auto moved = database.checkpoint_if_due();
    // A full disk only holds the checkpoint up: the commit is safe in the log.
    if (!moved && is_fatal(moved.error())) return moved;
    return {};
}

Result<Savepoint> Savepoint::begin(Database& database) {
    auto begun = done(database.control_->savepoint.run());
    if (!begun) return fail(std::move(begun).error());
    return Savepoint(database);
}

Savepoint::~Savepoint() {
    if (database_ == nullptr || !database_->in_transaction()) return;
    (void)database_->control_->undo.run();
    (void)database_->control_->release.run();
}

Result<void> Savepoint::release() {
    auto released = done(database_->control_->release.run());
    if (released) database_ = nullptr;
    return released;
}

}  // namespace orderflow::sqlite
