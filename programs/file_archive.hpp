// FileArchive: archived orders as lines of JSON in files of a directory, one file for each day of archiving (UTC):
// orders-2026-01-31.ndjson, mode 0600. docs/formats/export.md describes a line.
#pragma once

#include <filesystem>
#include <memory>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/orders/ports/order_archive.hpp"
#include "libs/sqlite/data_dir_lock.hpp"

namespace orderflow {

class FileArchive final : public orders::OrderArchive {
  public:
    // Makes the directory (mode 0700) when it is not there, and holds its lock: one worker, one archive. `executor`
    // does the waiting for the disk; it and `clock` outlive the archive. conflict "data_dir.in_use"; unavailable
    // "archive.not_written".
    static Result<std::unique_ptr<FileArchive>> open(Executor& executor, const Clock& clock,
                                                     std::filesystem::path directory);

    // Written behind the last whole line of today's file and synced, the file's name too.
    task<Result<void>> keep(std::string lines) override;

  private:
    FileArchive(Executor& executor, const Clock& clock, std::filesystem::path directory, sqlite::DataDirLock lock)
        : executor_(executor), clock_(clock), directory_(std::move(directory)), lock_(std::move(lock)) {}

    Executor& executor_;
    const Clock& clock_;
    std::filesystem::path directory_;
    sqlite::DataDirLock lock_;
};

}  // namespace orderflow
