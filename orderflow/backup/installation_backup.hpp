// Backup and restore of an installation: queues, orders, the payment ledger and the secrets, as they were at one
// moment, while the programs run. docs/adr/0021-care.md says why one moment, docs/formats/backup.md what lies where.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "libs/audit/report.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "orderflow/backup/manifest.hpp"
#include "orderflow/data_files.hpp"

namespace orderflow {

// The logs of the sources grow while they are copied; a copy that takes longer is given up.
inline constexpr auto copy_time_max = std::chrono::hours(2);
// For finding a moment in which nobody commits.
inline constexpr auto freeze_time_max = std::chrono::seconds(30);
// Of a file in the data directory that is no database; larger ones are not ours.
inline constexpr std::uintmax_t small_file_bytes_max = 64 * 1024;

struct BackupPlace {
    std::filesystem::path data_dir;
    DataFiles files;
};

// Copies everything to `directory`, which is made (mode 0700) or is empty, syncs it, and writes the manifest last.
// Every order that was acknowledged before it began is in the copy. Writes nothing to the data directory, and takes
// locks only for the blink in which it finds that no program runs. `tell` gets a line for people now and then.
//
// conflict "backup.target_not_empty"; not_found "backup.no_installation"; unavailable "backup.no_room",
// "backup.too_slow", "disk.full"; those of sqlite::FrozenDatabase and of durable_copy.hpp. What was written is removed.
Result<Manifest> make_backup(const BackupPlace& place, const std::filesystem::path& directory,
                             const std::string& program_version, const Clock& clock,
                             const std::function<void(const std::string&)>& tell);

struct CheckedBackup {
    Manifest manifest;
    audit::Report::Seen seen;
    std::uint64_t waiting = 0;  // messages in the queues
};

// Reads every byte and every row: sizes and SHA-256 of all files, SQLite's own check, the checksums of all rows, and
// what `orderflow audit` finds without ledgers of clients. Writes nothing.
//
// not_found "backup.incomplete", "backup.missing_file"; invalid_input "backup.manifest"; internal "backup.damaged",
// "backup.not_sound"; conflict "sqlite.older_version" and the others of sqlite::open_at_rest().
Result<CheckedBackup> check_backup(const std::filesystem::path& directory, const Clock& clock);

// check_backup(), then copies it to a data directory that is missing or empty, and syncs that. A start on what an
// interrupted restore left is refused: the seal goes first (programs/installation.hpp).
//
// conflict "restore.target_not_empty", "restore.other_store", "data_dir.in_use"; those of check_backup() and of
// durable_copy.hpp.
Result<CheckedBackup> restore_backup(const std::filesystem::path& directory, const BackupPlace& place,
                                     const Clock& clock);

}  // namespace orderflow
