// DataDirLock: one process at a time owns a data directory (or one database) as its writer.
#pragma once

#include <string>

#include "libs/base/result.hpp"

namespace orderflow::sqlite {

// An open-file-description lock on a file that holds the owner's pid as text. The operating system gives it back when
// the process ends, however it ends; the file itself stays. Not for network file systems.
class DataDirLock {
  public:
    // `lock_file` is created with mode 0600; its directory must be there.
    // conflict "data_dir.in_use" with the pid of the owner; unavailable "data_dir.inaccessible" with the reason.
    static Result<DataDirLock> acquire(const std::string& lock_file);

    DataDirLock(DataDirLock&& other) noexcept;
    DataDirLock& operator=(DataDirLock&&) = delete;
    DataDirLock(const DataDirLock&) = delete;
    DataDirLock& operator=(const DataDirLock&) = delete;
    // Releases.
    ~DataDirLock();

  private:
    explicit DataDirLock(int file) : file_(file) {}

    int file_;
};

}  // namespace orderflow::sqlite
