// Manifest: what a backup holds, written when all of it is on the disk. A directory without one is no backup.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"

namespace orderflow {

struct BackupPart {
    std::string name;  // of the file, in the backup and in the data directory
    std::uint64_t bytes = 0;
    std::string sha256;               // 64 hex digits
    std::int64_t schema_version = 0;  // of a database; 0: it is none
    friend bool operator==(const BackupPart&, const BackupPart&) = default;
};

struct Manifest {
    std::string program_version;
    WallTime made_at{};      // the moment that it shows
    bool has_store = true;   // false: the orders are in PostgreSQL
    bool has_ledger = true;  // of the simulated payment provider; false: the provider is elsewhere
    std::vector<BackupPart> parts{};

    const BackupPart* find(std::string_view name) const;
    friend bool operator==(const Manifest&, const Manifest&) = default;
};

inline constexpr auto manifest_file = "manifest.json";

// docs/formats/backup.md
std::string manifest_json(const Manifest& manifest);
// invalid_input "backup.manifest": it is not whole, of another format, or names a file outside of the backup.
Result<Manifest> read_manifest_json(std::string_view text);

// Durable when it returns: write_durably().
Result<void> write_manifest(const std::filesystem::path& directory, const Manifest& manifest);
// not_found "backup.incomplete" when there is none.
Result<Manifest> read_manifest(const std::filesystem::path& directory);

}  // namespace orderflow
