#include "libs/sqlite/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/sqlite/control.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/gathering_vfs.hpp"
#include "libs/sqlite/library.hpp"
#include "libs/sqlite/wal_check.hpp"
#include "libs/sqlite/wal_renewal.hpp"

namespace orderflow::sqlite {

namespace {

// The database holds personal data: SQLite would create it with the umask's mode, and -wal and -shm copy its mode.
void create_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file >= 0) ::close(file);
}

// Cursors and values of a running statement come from here and not from malloc.
constexpr int lookaside_slot_bytes = 2048;
constexpr int lookaside_slots = 64;

// What a dead process left: whole, and on the medium before anybody relies on it.
Result<void> take_over_log(const std::string& path, const std::string& vfs) {
    if (safeguard(Safeguard::log_check)) {
        if (auto intact = check_wal_of(path, vfs); !intact) return intact;
    }
    return safeguard(Safeguard::log_renewal) ? renew_wal_of(path, vfs) : Result<void>();
}

Error cannot_open(sqlite3* connection, int code, const std::string& path) {
    std::string doing = "opening " + path;
    const int system_error = connection == nullptr ? 0 : sqlite3_system_errno(connection);
    if (system_error != 0) doing += " (" + std::string(std::strerror(system_error)) + ")";
    return translate(code, sqlite3_errstr(code), doing);
}

}  // namespace

void Database::Close::operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }

Database::Database(std::unique_ptr<sqlite3, Close> connection, std::string path)
    : connection_(std::move(connection)), path_(std::move(path)) {}

Result<Database> Database::open(const std::string& path, const OpenOptions& options) {
    set_up_library();
    const bool writer = options.role == Role::writer;
    if (writer && path != ":memory:") {
        if (auto ready = take_over_log(path, options.vfs); !ready) return fail(std::move(ready).error());
        if (options.vfs.empty()) create_private(path);
    }
    sqlite3* raw = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (writer ? SQLITE_OPEN_CREATE : 0);
    const auto vfs = writer && options.synced ? gathering_vfs(options.vfs) : options.vfs;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
    Database database(std::unique_ptr<sqlite3, Close>(raw), path);
    if (code != SQLITE_OK) return fail(cannot_open(raw, code, path));
    if (writer && sqlite3_db_readonly(raw, "main") == 1) {
        return fail(ErrorKind::unavailable, "disk.read_only", path + " may not be written: check owner and mode");
    }
    if (auto configured = database.configure(options); !configured) {
        const auto& error = configured.error();
        return fail(error.kind(), error.code(), path + ": " + error.detail());
    }
    return database;
}

Result<void> Database::configure(const OpenOptions& options) {
    const bool writer = options.role == Role::writer;
    sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_LOOKASIDE, nullptr, lookaside_slot_bytes, lookaside_slots);
    sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, writer ? 0 : 1, nullptr);
    sqlite3_busy_timeout(connection_.get(), 0);

    std::string pragmas =
        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
        "PRAGMA foreign_keys=ON; PRAGMA cache_size=-" +
        std::to_string(options.cache_kib) + ";";
    if (writer) {
        if (options.exclusive) pragmas += "PRAGMA locking_mode=EXCLUSIVE;";
        pragmas += "PRAGMA page_size=" + std::to_string(options.page_bytes) + "; PRAGMA journal_mode=WAL;" +
                   (options.synced ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=NORMAL;");
    } else {
        pragmas += "PRAGMA query_only=ON;";
    }
    if (!safeguard(Safeguard::check_constraints)) pragmas += "PRAGMA ignore_check_constraints=ON;";
    pragmas += "PRAGMA wal_autocheckpoint=0;";
    if (auto set = execute(pragmas); !set) return set;
    if (writer && !is_wal())
        return fail(ErrorKind::internal, "sqlite.error", "write-ahead logging is not possible here");

    control_ = std::make_shared<Control>();
    auto prepared = prepare_all({{&control_->begin_write, "BEGIN IMMEDIATE"},
                                 {&control_->begin_read, "BEGIN"},
                                 {&control_->commit, "COMMIT"},
                                 {&control_->rollback, "ROLLBACK"},
                                 {&control_->savepoint, "SAVEPOINT one"},
                                 {&control_->release, "RELEASE one"},
                                 {&control_->undo, "ROLLBACK TO one"},
                                 {&control_->data_version, "PRAGMA data_version"}});
    if (!prepared) return prepared;
    control_->checkpoints = options.checkpoints;
    control_->checkpoint_pages = control_->next_checkpoint_at = options.checkpoint_pages;
    sqlite3_wal_hook(
        connection_.get(),
        [](void* control, sqlite3*, const char*, int pages) {
            static_cast<Control*>(control)->log_pages = pages;
            return SQLITE_OK;
        },
        control_.get());
    return {};
}

bool Database::is_wal() {
    if (path_ == ":memory:") return true;
    auto statement = prepare("PRAGMA journal_mode");
    if (!statement) return false;
    auto cursor = statement->query();
    const auto row = cursor.next();
    return row && *row && cursor.text(0) == "wal";
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return fail(last_error(connection_.get(), "preparing " + std::string(sql)));
    return Statement(statement);
}

Result<void> Database::prepare_all(std::initializer_list<std::pair<Statement*, std::string_view>> statements) {
    for (const auto& [into, sql] : statements) {
        auto prepared = prepare(sql);
        if (!prepared) return fail(std::move(prepared).error());
        *into = *std::move(prepared);
    }
    return {};
}

Result<void> Database::execute(std::string_view sql) {
    if (sqlite3_exec(connection_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        return fail(last_error(connection_.get(), "executing SQL"));
    }
    return {};
}

Result<std::int64_t> Database::query_int(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return fail(std::move(statement).error());
    auto cursor = statement->query();
    auto row = cursor.next();
    if (!row) return fail(std::move(row).error());
    if (!*row) return fail(ErrorKind::not_found, "sqlite.no_row", std::string(sql));
    return cursor.integer(0);
}

bool Database::in_transaction() const noexcept { return sqlite3_get_autocommit(connection_.get()) == 0; }

Result<std::int64_t> Database::data_version() {
    auto cursor = control_->data_version.query();
    auto row = cursor.next();
    if (!row) return fail(std::move(row).error());
    return cursor.integer(0);
}

Result<void> Database::checkpoint() {
    int log_pages = 0;
    int moved_pages = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(connection_.get(), "main", SQLITE_CHECKPOINT_PASSIVE, &log_pages, &moved_pages);
    // A reader in an old part of the log holds the checkpoint up: tried again when the log has grown once more.
    const bool all_moved = code == SQLITE_OK && moved_pages >= log_pages;
    control_->log_pages = all_moved ? 0 : control_->log_pages;
    control_->next_checkpoint_at = control_->log_pages + control_->checkpoint_pages;
    if (code != SQLITE_OK) return fail(last_error(connection_.get(), "checkpoint of " + path_));
    return {};
}

Result<bool> Database::empty_log() {
    const int code = sqlite3_wal_checkpoint_v2(connection_.get(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_BUSY) return false;
    if (code != SQLITE_OK) return fail(last_error(connection_.get(), "checkpoint of " + path_));
    control_->log_pages = 0;
    control_->next_checkpoint_at = control_->checkpoint_pages;
    return true;
}

Result<void> Database::checkpoint_if_due() {
    if (control_->log_pages < control_->next_checkpoint_at) return {};
    return checkpoint();
}

}  // namespace orderflow::sqlite
