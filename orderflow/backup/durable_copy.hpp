// Files that are copied and hashed, byte by byte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "libs/base/result.hpp"

namespace orderflow {

struct FileDigest {
    std::uint64_t bytes = 0;
    std::string sha256;  // 64 hex digits
};

// not_found "file.missing", unavailable "file.not_read"; the detail names the file.
Result<FileDigest> digest_of(const std::filesystem::path& file);

// Writes `from` to a new file `to` with mode 0600 and syncs it; its name in the directory is not synced yet. The digest
// is of what was read. The errors of digest_of(), conflict "file.exists", unavailable "disk.full" and
// "file.not_written". What could not be finished is removed.
Result<FileDigest> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);

// The names in it are on disk when it returns. unavailable "file.not_written".
Result<void> sync_directory(const std::filesystem::path& directory);

}  // namespace orderflow
