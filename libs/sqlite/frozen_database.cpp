#include "libs/sqlite/frozen_database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "libs/sqlite/errors.hpp"

namespace orderflow::sqlite {
namespace {

using Connection = std::unique_ptr<sqlite3, decltype([](sqlite3* connection) { sqlite3_close_v2(connection); })>;
using Backup = std::unique_ptr<sqlite3_backup, decltype([](sqlite3_backup* backup) { sqlite3_backup_finish(backup); })>;

Result<void> run(sqlite3* connection, const char* sql, const std::string& doing) {
    if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return fail(last_error(connection, doing));
}

// SQLite would write over what is there, and create it with the umask's mode.
Result<void> create_new(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file >= 0) {
        ::close(file);
        return {};
    }
    const int why = errno;
    if (why == EEXIST) return fail(ErrorKind::conflict, "sqlite.copy_exists", path + " is there already");
    return fail(ErrorKind::unavailable, why == ENOSPC ? "disk.full" : "sqlite.cannot_open",
                "making " + path + ": " + std::strerror(why));
}

Result<Connection> open_copy(const std::string& path, const std::string& vfs) {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
    Connection copy(raw);
    if (code != SQLITE_OK) return fail(translate(code, sqlite3_errstr(code), "opening " + path));
    // A copy that is cut off is worth nothing: no journal to undo it, and one sync at its end.
    constexpr auto pragmas = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF; PRAGMA synchronous=FULL";
    if (auto set = run(raw, pragmas, "preparing " + path); !set) return fail(std::move(set).error());
    return copy;
}

Result<void> copy_pages(sqlite3* from, sqlite3* to, const std::string& doing, const CopyOptions& options) {
    Backup backup(sqlite3_backup_init(to, "main", from, "main"));
    if (backup == nullptr) return fail(last_error(to, doing));
    for (;;) {
        const int code = sqlite3_backup_step(backup.get(), options.pages_per_step);
        if (code == SQLITE_DONE) break;
        if (code != SQLITE_OK) return fail(translate(code, sqlite3_errstr(code), doing));
        const int all = sqlite3_backup_pagecount(backup.get());
        if (options.go_on && !options.go_on(all - sqlite3_backup_remaining(backup.get()), all)) {
            return fail(ErrorKind::unavailable, "sqlite.copy_ended", doing + " was ended");
        }
    }
    const int code = sqlite3_backup_finish(backup.release());
    return code == SQLITE_OK ? Result<void>() : fail(translate(code, sqlite3_errstr(code), doing));
}

}  // namespace

void FrozenDatabase::Close::operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }

Result<FrozenDatabase> FrozenDatabase::open(const std::string& path) {
    OpenOptions options;
    options.role = Role::reader;
    auto watch = Database::open(path, options);
    if (!watch) return fail(std::move(watch).error());
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    std::unique_ptr<sqlite3, Close> view(raw);
    if (code != SQLITE_OK) return fail(translate(code, sqlite3_errstr(code), "opening " + path));
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    constexpr auto pragmas = "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0";
    if (auto set = run(raw, pragmas, "preparing " + path); !set) return fail(std::move(set).error());
    return FrozenDatabase(std::move(view), *std::move(watch));
}

// BEGIN alone reads nothing yet.
Result<void> FrozenDatabase::freeze() {
    if (auto begun = run(view_.get(), "BEGIN", "freezing " + path()); !begun) return begun;
    const auto read = schema_version();
    if (read) return {};
    thaw();
    return fail(read.error());
}

void FrozenDatabase::thaw() noexcept {
    if (sqlite3_get_autocommit(view_.get()) == 0) sqlite3_exec(view_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<std::int64_t> FrozenDatabase::commits_seen() { return watch_.data_version(); }

Result<std::int64_t> FrozenDatabase::schema_version() {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(view_.get(), "PRAGMA user_version", -1, &raw, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype([](sqlite3_stmt* each) { sqlite3_finalize(each); })> statement(raw);
    if (code != SQLITE_OK || sqlite3_step(raw) != SQLITE_ROW) {
        return fail(last_error(view_.get(), "reading " + path()));
    }
    return sqlite3_column_int64(raw, 0);
}

// The header of the copy says "write-ahead log", as that of the source does. Without, the copy can be read where
// nothing may be written beside it; the writer that opens it sets it again.
Result<void> FrozenDatabase::copy_to(const std::string& to, const CopyOptions& options) {
    if (auto made = create_new(to); !made) return made;
    auto copy = open_copy(to, options.vfs);
    if (!copy) return fail(std::move(copy).error());
    if (auto copied = copy_pages(view_.get(), copy->get(), "copying " + path() + " to " + to, options); !copied) {
        return copied;
    }
    return run(copy->get(), "PRAGMA journal_mode=DELETE", "finishing " + to);
}

namespace {

Result<std::vector<std::int64_t>> commits_of(std::span<FrozenDatabase* const> databases) {
    std::vector<std::int64_t> commits;
    for (auto* database : databases) {
        const auto seen = database->commits_seen();
        if (!seen) return fail(seen.error());
        commits.push_back(*seen);
    }
    return commits;
}

Result<void> freeze_all(std::span<FrozenDatabase* const> databases) {
    for (auto* database : databases) {
        if (auto frozen = database->freeze(); !frozen) return frozen;
    }
    return {};
}

}  // namespace

Result<void> freeze_together(std::span<FrozenDatabase* const> databases, const Clock& clock, Instant deadline) {
    for (;;) {
        const auto before = commits_of(databases);
        if (!before) return fail(before.error());
        if (clock.now() >= deadline) {
            return fail(ErrorKind::unavailable, "sqlite.no_common_moment",
                        "every try to see all files at one moment met a commit; try again when less is written");
        }
        const auto frozen = freeze_all(databases);
        const auto after = commits_of(databases);
        if (frozen && after && *before == *after) return {};
        for (auto* database : databases) database->thaw();
        if (!after) return fail(after.error());
        if (!frozen && frozen.error().code() != "sqlite.busy") return frozen;
    }
}

}  // namespace orderflow::sqlite
