// FaultVfs: a SQLite VFS over the default one that fails on command and can cut the power.
//
// Method, as in SQLite's own tests: run a workload, let the N-th call fail, reopen, check; then the same for N + 1,
// until the workload ends without reaching N. A power cut drops any choice of the writes that were not synced.
// Nothing is random but the survivors of a power cut, which follow the given Entropy.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "libs/base/entropy.hpp"

namespace orderflow {

// Any thread. Must outlive every connection that was opened through it.
class FaultVfs {
  public:
    enum class Call : std::uint8_t { read, write, sync, truncate, open, remove };

    // Registers a VFS of this name with SQLite; two of the same name must not live at once.
    explicit FaultVfs(std::string name);
    ~FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;

    const std::string& name() const noexcept;

    // The nth call of that kind from now on (1: the next one) gives `sqlite_code` and does nothing.
    // `and_after`: all later ones too.
    void fail(Call call, std::uint64_t nth, int sqlite_code, bool and_after = false);
    // No failures any more; the counts start again.
    void heal();
    // Calls of that kind since the last fail() or heal().
    std::uint64_t calls(Call call) const;
    // True when a failure asked for has happened.
    bool failed() const;

    // A file cannot be written behind this byte: SQLITE_FULL. Nothing lifts the limit.
    void limit_file_bytes(std::optional<std::uint64_t> limit);

    // From now on every call fails, as for a process whose machine is gone: connections can only be closed.
    void power_off();
    // After all connections were closed: each 512-byte sector of each write that was not synced before the power went
    // survives or not as `entropy` says; shared-memory files are gone. Then the VFS works again.
    void power_on(Entropy& entropy);

    struct State;

  private:
    std::unique_ptr<State> state_;
};

}  // namespace orderflow
