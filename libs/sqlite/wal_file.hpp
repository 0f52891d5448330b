// WalFile: the log of a database as a plain file, through SQLite's VFS, so that a simulated disk is met like a real
// one. Internal to libs/sqlite; for before a writer opens the database.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/result.hpp"

struct sqlite3_file;

namespace orderflow::sqlite {

class WalFile {
  public:
    enum class Use : std::uint8_t { read, rewrite };

    // `database_path`-wal through the named VFS (empty: the default one). Nothing when there is no such file. A file
    // that may only be read is opened so, also for `rewrite`.
    static Result<std::optional<WalFile>> open(const std::string& database_path, const std::string& vfs, Use use);

    bool read_only() const noexcept { return read_only_; }
    Result<std::uint64_t> size() const;
    Result<void> read(std::uint64_t at, std::span<std::byte> into) const;
    Result<void> write(std::uint64_t at, std::span<const std::byte> bytes);
    Result<void> sync();

  private:
    struct Close {
        void operator()(sqlite3_file* file) const noexcept;
    };
    WalFile(std::string path, std::size_t file_bytes);
    Result<void> told(int code, const char* doing) const;

    std::string path_;
    std::unique_ptr<const char, void (*)(const char*)> name_;  // outlives the open file
    std::vector<std::max_align_t> memory_;
    std::unique_ptr<sqlite3_file, Close> file_;
    bool read_only_ = false;
};

}  // namespace orderflow::sqlite
