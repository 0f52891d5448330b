// FrozenDatabase: one unchanging state of a database file that another process may be writing, to be copied.
//
// A reader like any other (database.hpp): it writes nothing, makes no checkpoint and holds up no writer. While it is
// frozen, the source's write-ahead log cannot be started anew and grows by what is written: thaw it soon.
// Source: https://www.sqlite.org/isolation.html, https://www.sqlite.org/backup.html
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/sqlite/database.hpp"

struct sqlite3;

namespace orderflow::sqlite {

struct CopyOptions {
    std::string vfs{};         // of the copy; empty: the operating system's
    int pages_per_step = 256;  // read and written at once
    // Called after each step but the last with the pages that are done and all pages; false ends the copy.
    std::function<bool(int done, int all)> go_on{};
};

// From one thread at a time.
class FrozenDatabase {
  public:
    // The file must be there; it is not frozen yet. Errors as of Database::open().
    static Result<FrozenDatabase> open(const std::string& path);

    // From now on every read sees the state of this moment. unavailable "sqlite.busy" for a moment while a writer
    // opens the file.
    Result<void> freeze();
    void thaw() noexcept;

    // Changes with every commit of others, also while it is frozen.
    Result<std::int64_t> commits_seen();
    // While it is frozen: PRAGMA user_version.
    Result<std::int64_t> schema_version();

    // While it is frozen: the state as a new file (mode 0600) that needs no log beside it. On disk when it returns, all
    // but its name in the directory. conflict "sqlite.copy_exists"; unavailable "sqlite.copy_ended" when go_on() said
    // so; the errors of errors.hpp. An unfinished file stays.
    Result<void> copy_to(const std::string& path, const CopyOptions& options = {});

    const std::string& path() const noexcept { return watch_.path(); }

  private:
    struct Close {
        void operator()(sqlite3* connection) const noexcept;
    };
    FrozenDatabase(std::unique_ptr<sqlite3, Close> view, Database watch)
        : view_(std::move(view)), watch_(std::move(watch)) {}

    std::unique_ptr<sqlite3, Close> view_;
    Database watch_;  // a frozen connection does not see that others commit
};

// Freezes all at one moment: while they were frozen one after the other, nothing was committed to any of them. Tries
// again until `deadline`; then unavailable "sqlite.no_common_moment" and none is frozen. For files that are written
// thousands of times a second some tries are enough: one takes a fraction of a millisecond.
Result<void> freeze_together(std::span<FrozenDatabase* const> databases, const Clock& clock, Instant deadline);

}  // namespace orderflow::sqlite
