// SimDisk: a disk in memory as a SQLite VFS: several files in one directory, with locks and shared memory, that loses
// what was not synced when the power goes, fails, fills up, lies and rots on command.
//
// The choices (what survives, how much of an interrupted write was done) follow the given Entropy, so that a seed
// replays them. Torn writes, survivors: sim_file.hpp. A file's creation or removal is on the medium after the directory
// was synced, which SQLite does with the first sync of a new log and with the removal of a journal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/entropy.hpp"

namespace orderflow {

// One thread. Outlives every connection that was opened through it. While it lives, SQLite's own random numbers follow
// the Entropy too, in the whole process.
class SimDisk {
  public:
    enum class Call : std::uint8_t { read, write, sync, truncate, open, remove };

    // What the disk was asked to do and what came of it. The views are valid during the call only.
    struct Operation {
        Call call;
        std::string_view file;  // without its directory
        std::uint64_t at;       // of a truncate: the new size
        std::size_t length;
        std::span<const std::byte> written;
        int result;  // of SQLite
    };
    using Watcher = std::function<void(const Operation&)>;

    // Registers a VFS of this name with SQLite. `entropy` outlives the disk.
    SimDisk(std::string vfs_name, Entropy& entropy, Watcher watcher = {});
    ~SimDisk();
    SimDisk(const SimDisk&) = delete;
    SimDisk& operator=(const SimDisk&) = delete;

    const std::string& vfs_name() const noexcept;

    // The nth call of that kind from now on (1: the next) fails with the code of SQLite. A write may be done in part; a
    // sync that fails loses what it should have brought to the medium (SimFile::fail_sync).
    void fail(Call call, std::uint64_t nth, int sqlite_code);
    // All files together cannot grow beyond this. A write that does not fit is done as far as there is room.
    void limit_bytes(std::optional<std::uint64_t> limit);
    std::uint64_t bytes_used() const;
    // How often calls have failed so, and how many writes did not fit, since the disk was made.
    std::uint64_t failures() const;
    std::uint64_t full_writes() const;
    // No failures and no limit any more.
    void heal();

    enum class Lie : std::uint8_t { none, about_logs, about_all, about_repeats };
    // A sync succeeds and does nothing; about_logs is what synchronous=NORMAL does to the write-ahead log.
    // about_repeats: a write of what is there already is left out, as far as readers can see no difference.
    void lie(Lie about);

    // Whoever uses the disk is gone: every later call fails and does nothing, connections can only be closed.
    void stop();
    // The same in the middle of the nth call from now on that changes anything.
    void stop_at_change(std::uint64_t nth);
    bool stopped() const;

    // After all connections are closed. What was written is there, synced or not: only the process had ended. Except
    // after a sync that failed: what that left behind is there only while the kernel keeps it in memory.
    void restart_process();
    // The power was gone: of what was not synced, about `survivors` of 256 sectors and directory entries are there.
    void restart_machine(std::uint64_t survivors);

    // Damages one bit of a database at rest; not of a log, whose end cannot be told from one that was torn. nullopt
    // when there is no database with content; else what was damaged, for a trace.
    std::optional<std::string> flip_random_bit();
    // The content of a file that is there. `name` is without its directory.
    std::optional<std::span<const std::byte>> content(std::string_view name) const;

    struct State;

  private:
    std::unique_ptr<State> state_;
};

}  // namespace orderflow
