#include "libs/sqlite/gathering_vfs.hpp"

#include <sqlite3.h>

#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace orderflow::sqlite {
namespace {

// Below 128 KiB: SQLite's own VFS takes the length of a write modulo that.
constexpr int gathered_bytes_max = 120 * 1024;

struct FreeMemory {
    void operator()(char* memory) const noexcept { sqlite3_free(memory); }
};

// SQLite hands out raw memory of szOsFile bytes: this first, the file of the base behind it.
struct LogFile {
    sqlite3_file file;  // first: SQLite's view of it
    sqlite3_file* base;
    std::unique_ptr<char, FreeMemory> gathered;
    sqlite3_int64 begin;  // where in the file the gathered bytes belong
    int size;

    int flush() {
        const int bytes = std::exchange(size, 0);
        return bytes == 0 ? SQLITE_OK : base->pMethods->xWrite(base, gathered.get(), bytes, begin);
    }

    int write(const void* data, int bytes, sqlite3_int64 at) {
        if (at != begin + size || bytes > gathered_bytes_max - size) {
            if (const int failed = flush(); failed != SQLITE_OK) return failed;
            begin = at;
        }
        if (bytes > gathered_bytes_max) {
            begin = at + bytes;
            return base->pMethods->xWrite(base, data, bytes, at);
        }
        std::memcpy(gathered.get() + size, data, static_cast<std::size_t>(bytes));
        size += bytes;
        return SQLITE_OK;
    }
};

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

// Flushes, then does what was asked of the base's file.
template <auto Method, class... Arguments>
int after_flush(sqlite3_file* file, Arguments... arguments) {
    auto& log = log_of(file);
    if (const int failed = log.flush(); failed != SQLITE_OK) return failed;
    return (log.base->pMethods->*Method)(log.base, arguments...);
}

template <auto Method, class... Arguments>
int passed_on(sqlite3_file* file, Arguments... arguments) {
    auto& log = log_of(file);
    return (log.base->pMethods->*Method)(log.base, arguments...);
}

int close_log(sqlite3_file* file) {
    auto& log = log_of(file);
    const int flushed = log.flush();
    const int closed = log.base->pMethods->xClose(log.base);
    log.~LogFile();
    return flushed != SQLITE_OK ? flushed : closed;
}

constexpr sqlite3_io_methods log_methods = [] {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;  // a log has no shared memory and is not mapped
    methods.xClose = close_log;
    methods.xRead = after_flush<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>;
    methods.xWrite = [](sqlite3_file* file, const void* data, int bytes, sqlite3_int64 at) {
        return log_of(file).write(data, bytes, at);
    };
    methods.xTruncate = after_flush<&sqlite3_io_methods::xTruncate, sqlite3_int64>;
    methods.xSync = after_flush<&sqlite3_io_methods::xSync, int>;
    methods.xFileSize = after_flush<&sqlite3_io_methods::xFileSize, sqlite3_int64*>;
    methods.xLock = passed_on<&sqlite3_io_methods::xLock, int>;
    methods.xUnlock = passed_on<&sqlite3_io_methods::xUnlock, int>;
    methods.xCheckReservedLock = passed_on<&sqlite3_io_methods::xCheckReservedLock, int*>;
    methods.xFileControl = after_flush<&sqlite3_io_methods::xFileControl, int, void*>;
    methods.xSectorSize = passed_on<&sqlite3_io_methods::xSectorSize>;
    methods.xDeviceCharacteristics = passed_on<&sqlite3_io_methods::xDeviceCharacteristics>;
    return methods;
}();

// The base is looked up by its name each time: a test may take its VFS away and register another one.
struct GatheringVfs {
    sqlite3_vfs vfs{};
    std::string base_name;
    std::string name;

    sqlite3_vfs* base() const { return sqlite3_vfs_find(base_name.empty() ? nullptr : base_name.c_str()); }
    static GatheringVfs& of(sqlite3_vfs* vfs) { return *static_cast<GatheringVfs*>(vfs->pAppData); }
};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* const base = GatheringVfs::of(vfs).base();
    file->pMethods = nullptr;
    if (base == nullptr) return SQLITE_CANTOPEN;
    std::unique_ptr<char, FreeMemory> gathered;
    if ((flags & SQLITE_OPEN_WAL) != 0) gathered.reset(static_cast<char*>(sqlite3_malloc(gathered_bytes_max)));
    if (gathered == nullptr) return base->xOpen(base, name, file, flags, out_flags);

    auto* const behind = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(LogFile));
    behind->pMethods = nullptr;
    const int opened = base->xOpen(base, name, behind, flags, out_flags);
    if (behind->pMethods == nullptr) return opened;
    new (file) LogFile{{&log_methods}, behind, std::move(gathered), 0, 0};
    return opened;
}

// Everything that is not about an open file is the base's.
template <auto Method, class... Arguments>
auto of_base(sqlite3_vfs* vfs, Arguments... arguments) {
    auto* const base = GatheringVfs::of(vfs).base();
    return (base->*Method)(base, arguments...);
}

std::unique_ptr<GatheringVfs> make(const std::string& base_name, const sqlite3_vfs& base) {
    auto made = std::make_unique<GatheringVfs>();
    made->base_name = base_name;
    made->name = "gathering-" + std::string(base.zName);
    auto& vfs = made->vfs;
    vfs.iVersion = 1;
    vfs.szOsFile = static_cast<int>(sizeof(LogFile)) + base.szOsFile;
    vfs.mxPathname = base.mxPathname;
    vfs.zName = made->name.c_str();
    vfs.pAppData = made.get();
    vfs.xOpen = open_file;
    vfs.xDelete = of_base<&sqlite3_vfs::xDelete, const char*, int>;
    vfs.xAccess = of_base<&sqlite3_vfs::xAccess, const char*, int, int*>;
    vfs.xFullPathname = of_base<&sqlite3_vfs::xFullPathname, const char*, int, char*>;
    vfs.xRandomness = of_base<&sqlite3_vfs::xRandomness, int, char*>;
    vfs.xSleep = of_base<&sqlite3_vfs::xSleep, int>;
    vfs.xCurrentTime = of_base<&sqlite3_vfs::xCurrentTime, double*>;
    vfs.xGetLastError = of_base<&sqlite3_vfs::xGetLastError, int, char*>;
    return made;
}

}  // namespace

std::string gathering_vfs(const std::string& base) {
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<GatheringVfs>> made;  // for ever: open files point to them
    const std::lock_guard lock(mutex);
    auto& own = made[base];
    if (own != nullptr) return own->name;
    const auto* const found = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
    if (found == nullptr) {
        made.erase(base);
        return base;  // opening will say that there is no such VFS
    }
    own = make(base, *found);
    if (sqlite3_vfs_register(&own->vfs, 0) != SQLITE_OK) throw std::bad_alloc();
    return own->name;
}

}  // namespace orderflow::sqlite
