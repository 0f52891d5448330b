// StoreLock: another writer holds a SQLite file, so that its owner can read and not write.
#pragma once

#include <filesystem>

struct sqlite3;

namespace orderflow::chaos {

class StoreLock {
  public:
    // Waits for the owner's transaction to end. Throws std::runtime_error when it cannot be had.
    explicit StoreLock(const std::filesystem::path& file);
    ~StoreLock();
    StoreLock(const StoreLock&) = delete;
    StoreLock& operator=(const StoreLock&) = delete;

  private:
    sqlite3* database_ = nullptr;
};

}  // namespace orderflow::chaos
