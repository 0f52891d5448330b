#include "libs/sqlite/wal_renewal.hpp"

#include <algorithm>
#include <vector>

#include "libs/sqlite/wal_file.hpp"

namespace orderflow::sqlite {

namespace {

constexpr std::size_t chunk_bytes = 64UL * 1024;  // SQLite's own VFS takes no write of more than 128 KiB

}  // namespace

Result<void> renew_wal_of(const std::string& database_path, const std::string& vfs) {
    auto wal = WalFile::open(database_path, vfs, WalFile::Use::rewrite);
    if (!wal) return fail(std::move(wal).error());
    if (!*wal || (*wal)->read_only()) return {};
    const auto size = (*wal)->size();
    if (!size) return fail(size.error());
    if (*size == 0) return {};
    std::vector<std::byte> chunk(chunk_bytes);
    for (std::uint64_t at = 0; at < *size; at += chunk.size()) {
        chunk.resize(std::min<std::uint64_t>(chunk_bytes, *size - at));
        if (auto read = (*wal)->read(at, chunk); !read) return read;
        if (auto written = (*wal)->write(at, chunk); !written) return written;
    }
    return (*wal)->sync();
}

}  // namespace orderflow::sqlite
