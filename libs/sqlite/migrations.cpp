#include "libs/sqlite/migrations.hpp"

#include <string>

#include "libs/sqlite/transaction.hpp"

namespace orderflow::sqlite {

namespace {

Result<void> check_owner(Database& database, std::int32_t application_id) {
    const auto found = database.query_int("PRAGMA application_id");
    if (!found) return fail(found.error());
    const auto objects = database.query_int("SELECT count(*) FROM sqlite_schema");
    if (!objects) return fail(objects.error());
    if (*found == application_id || (*found == 0 && *objects == 0)) return {};
    return fail(ErrorKind::conflict, "sqlite.other_application",
                database.path() + " is a database of another program (application_id " + std::to_string(*found) +
                    "); name another file");
}

Result<void> step_to(Database& database, std::int32_t application_id, std::size_t version, const Migration& step) {
    auto transaction = Transaction::begin(database);
    if (!transaction) return fail(std::move(transaction).error());
    if (auto done = database.execute(step.sql); !done) return done;
    auto marked = database.execute("PRAGMA application_id=" + std::to_string(application_id) +
                                   "; PRAGMA user_version=" + std::to_string(version));
    if (!marked) return marked;
    return transaction->commit();
}

}  // namespace

Result<void> migrate(Database& database, std::int32_t application_id, std::span<const Migration> steps) {
    if (auto ours = check_owner(database, application_id); !ours) return ours;
    const auto found = database.query_int("PRAGMA user_version");
    if (!found) return fail(found.error());
    if (*found > static_cast<std::int64_t>(steps.size())) {
        return fail(ErrorKind::conflict, "sqlite.newer_version",
                    database.path() + " has schema version " + std::to_string(*found) + ", this program knows up to " +
                        std::to_string(steps.size()) +
                        ": start the newer program that wrote it, or restore the backup from before the upgrade");
    }
    for (auto version = static_cast<std::size_t>(*found); version < steps.size(); ++version) {
        if (auto stepped = step_to(database, application_id, version + 1, steps[version]); !stepped) return stepped;
    }
    return {};
}

}  // namespace orderflow::sqlite
