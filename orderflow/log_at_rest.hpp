// A reader of a database takes a damaged write-ahead log for a short one. The program that writes it has looked at the
// log when it started; when none does, who reads has to.
#pragma once

#include <filesystem>

#include "libs/sqlite/data_dir_lock.hpp"
#include "libs/sqlite/wal_check.hpp"

namespace orderflow {

// Nothing to do while a program holds the lock of `database`. internal "disk.wal_damaged".
inline Result<void> check_log_at_rest(const std::filesystem::path& database) {
    const auto nobody_writes = sqlite::DataDirLock::acquire(database.string() + ".lock");
    return nobody_writes ? sqlite::check_wal_of(database.string(), {}) : Result<void>();
}

}  // namespace orderflow
