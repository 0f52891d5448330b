// Detection of damage in the middle of a write-ahead log.
//
// SQLite ends recovery at the first bad frame of a log and silently drops all that follows, because after a power cut
// a bad frame is normally the torn tail of the last, never acknowledged transaction. A bad frame in front of
// transactions that were acknowledged is damage, and dropping them would lose orders. The two can be told apart:
// with synchronous=FULL nothing is written behind a commit frame before that commit is on disk. So if somewhere at or
// behind the first bad frame a commit frame is followed by a frame that continues its checksum, the bad frame was once
// on disk and has been damaged since.
// What remains: damage inside the last two transactions of a log can look like a torn tail.
// Format: https://www.sqlite.org/fileformat2.html, section 4, "The Write-Ahead Log".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "libs/base/result.hpp"

namespace orderflow::sqlite {

struct WalDamage {
    std::uint64_t offset;  // of the first bad frame, or 0 for the header
    std::uint64_t frame;   // its number, counted from 0
};

// Pure. `wal` is the whole content of a -wal file. Nothing for a log that is intact, empty or only torn at its end.
// One pass, about 1 GB/s.
std::optional<WalDamage> find_wal_damage(std::span<const std::byte> wal);

// Reads `database_path`-wal through the named VFS (empty: the default one) and checks it. No such file is fine.
// internal "disk.wal_damaged": the detail names file and offset and the commands that accept the loss.
// To be called before the writer opens the database: opening it runs SQLite's own recovery.
Result<void> check_wal_of(const std::string& database_path, const std::string& vfs);

}  // namespace orderflow::sqlite
