// RunMark: a file in the data directory that is there while a program runs, so that the next start knows whether the
// last run came to its end or was killed.
#pragma once

#include <filesystem>
#include <optional>

#include "libs/sqlite/data_dir_lock.hpp"

namespace orderflow {

// Best effort: the file is not synced, so a power cut may take it along, and a start after it may look clean.
class RunMark {
  public:
    // `<program>.running` in the directory, which is there. Another process of the same program in the same directory
    // has the mark: then this one has none.
    RunMark(const std::filesystem::path& directory, std::string_view program);
    RunMark(const RunMark&) = delete;
    RunMark& operator=(const RunMark&) = delete;

    bool last_run_was_cut_short() const noexcept { return cut_short_; }

    // This run came to its end. Idempotent.
    void end() noexcept;

  private:
    std::filesystem::path file_;
    bool cut_short_ = false;
    std::optional<sqlite::DataDirLock> lock_;
};

}  // namespace orderflow
