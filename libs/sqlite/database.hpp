// Database: one connection to one SQLite file, opened for one of two roles.
//
// Rules (the reasons are in docs/formats/order-store.md): per file one connection writes and makes all checkpoints;
// every other connection only reads. The writer commits with synchronous=FULL in WAL mode: a committed transaction is
// on disk. Before the writer opens, the write-ahead log is checked (wal_check.hpp).
//
// A Database and everything made from it is used from one Executor (thread) at a time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "libs/base/result.hpp"
#include "libs/sqlite/statement.hpp"

struct sqlite3;

namespace orderflow::sqlite {

enum class Role : std::uint8_t {
    writer,  // creates the file when it is not there; the only one that checkpoints
    reader,  // query_only; the file must be there; never checkpoints; keep its transactions short
};

// SQLite's own automatic checkpoint drops its errors, also a failed sync; so it is off and these take its place.
enum class Checkpoints : std::uint8_t {
    on_commit,  // Transaction::commit() makes the one that is due
    by_owner,   // the owner calls checkpoint_if_due(), after it has answered those who wait for the commit
};

struct OpenOptions {
    Role role = Role::writer;
    std::string vfs;              // name of a registered SQLite VFS; empty: the operating system's
    int page_bytes = 4096;        // only for a new file
    int cache_kib = 8192;         // page cache of this connection
    int checkpoint_pages = 4000;  // writer: a checkpoint is due when the log has this many pages
    Checkpoints checkpoints = Checkpoints::on_commit;
    bool exclusive = false;  // writer only: no other connection may open the file; needs no -shm file
    bool synced = true;      // writer: a commit is on disk when it returns. Only a Safeguard may say otherwise
};

class Database {
  public:
    // unavailable "sqlite.cannot_open", "disk.read_only"; internal "disk.corrupt", "disk.wal_damaged" and the others of
    // errors.hpp. The file is created with mode 0600. A path of ":memory:" is not for a reader.
    static Result<Database> open(const std::string& path, const OpenOptions& options);

    Database(Database&&) noexcept = default;
    Database& operator=(Database&&) noexcept = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() = default;  // every Statement is gone by then

    // Prepares once for repeated use. internal "sqlite.error" when the SQL is wrong.
    Result<Statement> prepare(std::string_view sql);
    Result<void> prepare_all(std::initializer_list<std::pair<Statement*, std::string_view>> statements);

    // Runs one or more statements that give no rows.
    Result<void> execute(std::string_view sql);

    // First column of the first row of a pragma or query.
    Result<std::int64_t> query_int(std::string_view sql);

    // False when no transaction is open, also after SQLite itself rolled one back (full disk, I/O error).
    bool in_transaction() const noexcept;

    // Changes with every commit of another connection to the same file; cheap.
    Result<std::int64_t> data_version();

    // Writer, outside a transaction: moves the log into the database file as far as readers allow, and starts the log
    // anew with the next commit when all was moved. Acknowledged commits are safe whatever it returns; a fatal error
    // (errors.hpp) still has to end the process.
    Result<void> checkpoint();
    // Moves all of the log and leaves an empty file: what it held, also of rows that are deleted, is gone from it.
    // False while a reader still needs a part of it; then only what checkpoint() does is done. Errors: those of
    // checkpoint().
    Result<bool> empty_log();
    // The first when the log has grown to checkpoint_pages since the last one; else nothing.
    Result<void> checkpoint_if_due();

    const std::string& path() const noexcept { return path_; }

  private:
    friend class Transaction;
    friend class Savepoint;

    struct Close {
        void operator()(sqlite3* connection) const noexcept;
    };
    struct Control;  // BEGIN, COMMIT and their kin, prepared once

    Database(std::unique_ptr<sqlite3, Close> connection, std::string path);
    Result<void> configure(const OpenOptions& options);
    bool is_wal();

    std::unique_ptr<sqlite3, Close> connection_;
    std::string path_;
    std::shared_ptr<Control> control_;  // shared_ptr: its deleter knows the incomplete type
};

}  // namespace orderflow::sqlite
