#include "libs/testing/fault_vfs.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "libs/base/invariant.hpp"

namespace orderflow {

namespace {

constexpr std::size_t sector_bytes = 512;
constexpr std::size_t call_kinds = 6;

// A write or truncate that no sync has followed yet.
struct Unsynced {
    std::int64_t offset;
    std::vector<char> bytes;      // what was written; empty for a truncate
    std::vector<char> overwrote;  // what was there
    std::int64_t old_size;
};

struct Failure {
    std::uint64_t nth = 0;
    int code = SQLITE_OK;
    bool and_after = false;
};

// Plain access to a closed file, to rewrite history after a power cut.
class RawFile {
  public:
    explicit RawFile(const std::string& path) : file_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {}
    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;
    ~RawFile() {
        if (file_ >= 0) ::close(file_);
    }
    bool exists() const { return file_ >= 0; }
    void resize(std::int64_t size) { ORDERFLOW_INVARIANT(::ftruncate(file_, size) == 0); }
    std::int64_t size() const {
        struct stat status{};
        ORDERFLOW_INVARIANT(::fstat(file_, &status) == 0);
        return status.st_size;
    }
    void write(const char* bytes, std::size_t n, std::int64_t at) {
        ORDERFLOW_INVARIANT(::pwrite(file_, bytes, n, at) == static_cast<ssize_t>(n));
    }

  private:
    int file_;
};

void undo(RawFile& file, const Unsynced& write) {
    if (!write.overwrote.empty()) file.write(write.overwrote.data(), write.overwrote.size(), write.offset);
    file.resize(write.old_size);
}

void redo_some_sectors(RawFile& file, const Unsynced& write, Entropy& entropy) {
    if (write.bytes.empty()) {
        if (entropy.below(2) == 0 && write.offset < file.size()) file.resize(write.offset);
        return;
    }
    for (std::size_t at = 0; at < write.bytes.size();) {
        const auto position = write.offset + static_cast<std::int64_t>(at);
        const auto to_boundary = sector_bytes - static_cast<std::size_t>(position) % sector_bytes;
        const auto n = std::min(to_boundary, write.bytes.size() - at);
        if (entropy.below(2) == 0) file.write(write.bytes.data() + at, n, position);
        at += n;
    }
}

}  // namespace

struct FaultVfs::State {
    sqlite3_vfs vfs{};
    sqlite3_vfs* base = nullptr;
    std::string name;

    mutable std::mutex mutex;
    std::array<Failure, call_kinds> failures{};
    std::array<std::uint64_t, call_kinds> counts{};
    bool has_failed = false;
    bool powered = true;
    std::optional<std::uint64_t> size_limit;
    std::map<std::string, std::vector<Unsynced>, std::less<>> unsynced;

    // The code this call has to fail with, or SQLITE_OK. Under the mutex.
    int admit(Call call, int when_off) {
        if (!powered) return when_off;
        const auto kind = static_cast<std::size_t>(std::to_underlying(call));
        const auto count = ++counts[kind];
        const auto& failure = failures[kind];
        if (failure.nth == 0 || count < failure.nth || (count > failure.nth && !failure.and_after)) return SQLITE_OK;
        has_failed = true;
        return failure.code;
    }
};

namespace {

struct File {
    sqlite3_file base;  // first: SQLite sees only this
    FaultVfs::State* state;
    std::string* path;  // null for a temporary file
    sqlite3_file* real;
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
FaultVfs::State& state_of(sqlite3_vfs* vfs) { return *static_cast<FaultVfs::State*>(vfs->pAppData); }
sqlite3_file* real(sqlite3_file* file) { return file_of(file).real; }

void remember(File& file, std::int64_t offset, const char* bytes, std::size_t n) {
    if (file.path == nullptr) return;
    sqlite3_int64 size = 0;
    file.real->pMethods->xFileSize(file.real, &size);
    Unsynced write{offset, {}, {}, size};
    if (bytes != nullptr) write.bytes.assign(bytes, bytes + n);
    const auto there =
        bytes == nullptr ? size - offset : std::min<std::int64_t>(static_cast<std::int64_t>(n), size - offset);
    if (there > 0) {
        write.overwrote.resize(static_cast<std::size_t>(there));
        file.real->pMethods->xRead(file.real, write.overwrote.data(), static_cast<int>(there), offset);
    }
    file.state->unsynced[*file.path].push_back(std::move(write));
}

int close_file(sqlite3_file* file) {
    const int code = real(file)->pMethods->xClose(real(file));
    delete file_of(file).path;
    return code;
}

int read_file(sqlite3_file* file, void* out, int n, sqlite3_int64 at) {
    {
        const std::lock_guard lock(file_of(file).state->mutex);
        if (const int code = file_of(file).state->admit(FaultVfs::Call::read, SQLITE_IOERR_READ)) return code;
    }
    return real(file)->pMethods->xRead(real(file), out, n, at);
}

int write_file(sqlite3_file* file, const void* bytes, int n, sqlite3_int64 at) {
    auto& state = *file_of(file).state;
    const std::lock_guard lock(state.mutex);
    if (const int code = state.admit(FaultVfs::Call::write, SQLITE_IOERR_WRITE)) return code;
    if (state.size_limit && static_cast<std::uint64_t>(at + n) > *state.size_limit) return SQLITE_FULL;
    remember(file_of(file), at, static_cast<const char*>(bytes), static_cast<std::size_t>(n));
    return real(file)->pMethods->xWrite(real(file), bytes, n, at);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto& state = *file_of(file).state;
    const std::lock_guard lock(state.mutex);
    if (const int code = state.admit(FaultVfs::Call::truncate, SQLITE_IOERR_TRUNCATE)) return code;
    remember(file_of(file), size, nullptr, 0);
    return real(file)->pMethods->xTruncate(real(file), size);
}

// The real sync is left out: what counts as synced is what this class says, and tests run faster.
int sync_file(sqlite3_file* file, int) {
    auto& state = *file_of(file).state;
    const std::lock_guard lock(state.mutex);
    if (const int code = state.admit(FaultVfs::Call::sync, SQLITE_IOERR_FSYNC)) return code;
    if (file_of(file).path != nullptr) state.unsynced.erase(*file_of(file).path);
    return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) { return real(file)->pMethods->xFileSize(real(file), size); }
int lock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int check_lock(sqlite3_file* file, int* out) { return real(file)->pMethods->xCheckReservedLock(real(file), out); }
int control(sqlite3_file* file, int what, void* with) {
    return real(file)->pMethods->xFileControl(real(file), what, with);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int at, int n, int flags) {
    return real(file)->pMethods->xShmLock(real(file), at, n, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

// Version 2: shared memory for the log, no memory-mapped reads (they would bypass read_file).
constexpr sqlite3_io_methods methods{2,           close_file,   read_file,       write_file,  truncate_file,
                                     sync_file,   size_of_file, lock_file,       unlock_file, check_lock,
                                     control,     sector_size,  characteristics, shm_map,     shm_lock,
                                     shm_barrier, shm_unmap,    nullptr,         nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto& state = state_of(vfs);
    file->pMethods = nullptr;
    {
        const std::lock_guard lock(state.mutex);
        if (const int code = state.admit(FaultVfs::Call::open, SQLITE_CANTOPEN)) return code;
    }
    auto* const below = reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(File));
    const int code = state.base->xOpen(state.base, path, below, flags, out_flags);
    if (code != SQLITE_OK) {
        if (below->pMethods != nullptr) below->pMethods->xClose(below);
        return code;
    }
    new (file) File{{&methods}, &state, path == nullptr ? nullptr : new std::string(path), below};
    return SQLITE_OK;
}

int remove_file(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    auto& state = state_of(vfs);
    const std::lock_guard lock(state.mutex);
    if (const int code = state.admit(FaultVfs::Call::remove, SQLITE_IOERR_DELETE)) return code;
    state.unsynced.erase(path);
    return state.base->xDelete(state.base, path, sync_directory);
}

int access_file(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    auto* const base = state_of(vfs).base;
    return base->xAccess(base, path, flags, out);
}

int full_path(sqlite3_vfs* vfs, const char* path, int n, char* out) {
    auto* const base = state_of(vfs).base;
    return base->xFullPathname(base, path, n, out);
}

}  // namespace

FaultVfs::FaultVfs(std::string name) : state_(std::make_unique<State>()) {
    state_->name = std::move(name);
    state_->base = sqlite3_vfs_find(nullptr);
    ORDERFLOW_INVARIANT(state_->base != nullptr);
    state_->vfs = *state_->base;  // time, randomness and sleep stay the system's
    state_->vfs.szOsFile = static_cast<int>(sizeof(File)) + state_->base->szOsFile;
    state_->vfs.pNext = nullptr;
    state_->vfs.zName = state_->name.c_str();
    state_->vfs.pAppData = state_.get();
    state_->vfs.xOpen = open_file;
    state_->vfs.xDelete = remove_file;
    state_->vfs.xAccess = access_file;
    state_->vfs.xFullPathname = full_path;
    ORDERFLOW_INVARIANT(sqlite3_vfs_register(&state_->vfs, 0) == SQLITE_OK);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& FaultVfs::name() const noexcept { return state_->name; }

void FaultVfs::fail(Call call, std::uint64_t nth, int sqlite_code, bool and_after) {
    const std::lock_guard lock(state_->mutex);
    const auto kind = static_cast<std::size_t>(std::to_underlying(call));
    state_->failures[kind] = Failure{nth, sqlite_code, and_after};
    state_->counts[kind] = 0;
    state_->has_failed = false;
}

void FaultVfs::heal() {
    const std::lock_guard lock(state_->mutex);
    state_->failures = {};
    state_->counts = {};
    state_->has_failed = false;
}

std::uint64_t FaultVfs::calls(Call call) const {
    const std::lock_guard lock(state_->mutex);
    return state_->counts[static_cast<std::size_t>(std::to_underlying(call))];
}

bool FaultVfs::failed() const {
    const std::lock_guard lock(state_->mutex);
    return state_->has_failed;
}

void FaultVfs::limit_file_bytes(std::optional<std::uint64_t> limit) {
    const std::lock_guard lock(state_->mutex);
    state_->size_limit = limit;
}

void FaultVfs::power_off() {
    const std::lock_guard lock(state_->mutex);
    state_->powered = false;
}

void FaultVfs::power_on(Entropy& entropy) {
    const std::lock_guard lock(state_->mutex);
    for (const auto& [path, writes] : std::exchange(state_->unsynced, {})) {
        RawFile file(path);
        if (!file.exists()) continue;
        for (auto write = writes.rbegin(); write != writes.rend(); ++write) undo(file, *write);
        for (const auto& write : writes) redo_some_sectors(file, write, entropy);
        if (path.ends_with("-wal")) ::unlink((path.substr(0, path.size() - 4) + "-shm").c_str());
    }
    state_->powered = true;
}

}  // namespace orderflow
