#include "libs/sqlite/wal_file.hpp"

#include <sqlite3.h>

#include <utility>

#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/library.hpp"

namespace orderflow::sqlite {

void WalFile::Close::operator()(sqlite3_file* file) const noexcept { file->pMethods->xClose(file); }

WalFile::WalFile(std::string path, std::size_t file_bytes)
    : path_(std::move(path)),
      name_(sqlite3_create_filename(path_.c_str(), "", (path_ + "-wal").c_str(), 0, nullptr),
            [](const char* created) { sqlite3_free_filename(const_cast<char*>(created)); }),
      memory_(file_bytes / sizeof(std::max_align_t) + 1) {}

Result<std::optional<WalFile>> WalFile::open(const std::string& database_path, const std::string& vfs, Use use) {
    set_up_library();
    sqlite3_vfs* const system = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
    if (system == nullptr) return fail(ErrorKind::internal, "sqlite.misuse", "no such VFS: " + vfs);
    WalFile wal(database_path, static_cast<std::size_t>(system->szOsFile));
    const char* const name = sqlite3_filename_wal(wal.name_.get());
    int exists = 0;
    if (system->xAccess(system, name, SQLITE_ACCESS_EXISTS, &exists) != SQLITE_OK || exists == 0) return std::nullopt;

    auto* const file = reinterpret_cast<sqlite3_file*>(wal.memory_.data());
    int flags = SQLITE_OPEN_WAL | (use == Use::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    const int code = system->xOpen(system, name, file, flags, &flags);
    if (auto opened = wal.told(code, "opening"); !opened) return fail(std::move(opened).error());
    wal.file_.reset(file);
    wal.read_only_ = (flags & SQLITE_OPEN_READONLY) != 0;
    return wal;
}

Result<void> WalFile::told(int code, const char* doing) const {
    if (code == SQLITE_OK) return {};
    return fail(translate(code, sqlite3_errstr(code), doing + (" " + path_) + "-wal"));
}

Result<std::uint64_t> WalFile::size() const {
    sqlite3_int64 size = 0;
    if (auto told_size = told(file_->pMethods->xFileSize(file_.get(), &size), "measuring"); !told_size) {
        return fail(std::move(told_size).error());
    }
    return static_cast<std::uint64_t>(size);
}

Result<void> WalFile::read(std::uint64_t at, std::span<std::byte> into) const {
    const auto bytes = static_cast<int>(into.size());
    return told(file_->pMethods->xRead(file_.get(), into.data(), bytes, static_cast<sqlite3_int64>(at)), "reading");
}

Result<void> WalFile::write(std::uint64_t at, std::span<const std::byte> bytes) {
    const auto count = static_cast<int>(bytes.size());
    return told(file_->pMethods->xWrite(file_.get(), bytes.data(), count, static_cast<sqlite3_int64>(at)), "writing");
}

Result<void> WalFile::sync() { return told(file_->pMethods->xSync(file_.get(), SQLITE_SYNC_NORMAL), "syncing"); }

}  // namespace orderflow::sqlite
