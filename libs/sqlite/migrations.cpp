#include "libs/sqlite/migrations.hpp"

#include <filesystem>
#include <string>

#include "libs/sqlite/transaction.hpp"
#include "libs/sqlite/wal_check.hpp"

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

// The version of a file that is ours and not of a program to come.
Result<std::size_t> version_of(Database& database, std::int32_t application_id, std::size_t newest) {
    if (auto ours = check_owner(database, application_id); !ours) return fail(std::move(ours).error());
    const auto found = database.query_int("PRAGMA user_version");
    if (!found) return fail(found.error());
    const auto version = static_cast<std::size_t>(*found);
    if (version <= newest) return version;
    return fail(ErrorKind::conflict, "sqlite.newer_version",
                database.path() + " has schema version " + std::to_string(version) + ", this program knows up to " +
                    std::to_string(newest) +
                    ": start the newer program that wrote it, or restore the backup from before the upgrade");
}

// All of it or nothing, with one sync: most stores begin empty and need every step.
Result<void> take(Database& database, std::int32_t application_id, std::span<const Migration> due,
                  std::size_t version) {
    auto transaction = Transaction::begin(database);
    if (!transaction) return fail(std::move(transaction).error());
    for (const auto& step : due) {
        if (auto done = database.execute(step.sql); !done) return done;
    }
    auto marked = database.execute("PRAGMA application_id=" + std::to_string(application_id) +
                                   "; PRAGMA user_version=" + std::to_string(version));
    if (!marked) return marked;
    return transaction->commit();
}

// What the checksums of rows do not cover: indexes against their tables, pages that nobody would read.
Result<void> check_integrity(Database& database) {
    auto check = database.prepare("PRAGMA integrity_check(1)");
    if (!check) return fail(std::move(check).error());
    auto row = check->query();
    const auto found = row.next();
    if (!found) return fail(found.error());
    if (*found && row.text(0) == "ok") return {};
    return fail(ErrorKind::internal, "disk.corrupt",
                *found ? std::string(row.text(0)) : "no answer of integrity_check");
}

}  // namespace

Result<void> migrate(Database& database, std::int32_t application_id, std::span<const Migration> steps) {
    const auto found = version_of(database, application_id, steps.size());
    if (!found) return fail(found.error());
    if (*found == steps.size()) return {};
    return take(database, application_id, steps.subspan(*found), steps.size());
}

Result<Database> open_at_rest(const std::string& path, std::int32_t application_id, std::span<const Migration> steps) {
    std::error_code unreadable;
    if (!std::filesystem::exists(path, unreadable)) {
        return fail(ErrorKind::not_found, "sqlite.missing", path + " is not there");
    }
    // A reader would take a damaged log for a short one.
    if (auto intact = check_wal_of(path, {}); !intact) return fail(std::move(intact).error());
    constexpr int cache_kib = 64 * 1024;
    auto database = Database::open(path, {.role = Role::reader, .vfs = {}, .cache_kib = cache_kib});
    if (!database) return database;
    const auto version = version_of(*database, application_id, steps.size());
    if (!version) return fail(version.error());
    if (*version != steps.size()) {
        return fail(ErrorKind::conflict, "sqlite.older_version",
                    path + " was written by an older program: start this one on it once");
    }
    if (auto whole = check_integrity(*database); !whole) return fail(std::move(whole).error());
    return database;
}

}  // namespace orderflow::sqlite
