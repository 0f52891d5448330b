#include "libs/testing/sim_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <new>
#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/testing/sim_file.hpp"

namespace orderflow {

namespace {

constexpr std::size_t call_kinds = 6;
constexpr int lock_slots = SQLITE_SHM_NLOCK;

using FilePtr = std::shared_ptr<SimFile>;

struct Failure {
    std::uint64_t nth = 0;
    std::uint64_t count = 0;
    int code = SQLITE_OK;
};

struct NameChange {
    std::string name;
    FilePtr file;  // null: removed
};

// The shared memory of the connections of one file; gone with the last of them.
struct SharedMemory {
    std::vector<std::unique_ptr<std::byte[]>> pages;
};

struct Handle {
    sqlite3_file base;  // first: SQLite sees only this
    SimDisk::State* disk;
    FilePtr file;
    std::string name;
    bool syncs_directory;  // with its next sync
    int lock = SQLITE_LOCK_NONE;
    std::shared_ptr<SharedMemory> memory;
    unsigned shared = 0;  // slots of the shared memory's locks
    unsigned exclusive = 0;
};

bool is_log(std::string_view name) { return name.ends_with("-wal") || name.ends_with("-journal"); }

// Half of a write, up to the end of a sector: none is written in part.
std::size_t half(std::uint64_t at, std::size_t length) {
    const auto end = (at + length / 2) / SimFile::sector_bytes * SimFile::sector_bytes;
    return end > at ? static_cast<std::size_t>(end - at) : 0;
}

std::string base_name(std::string_view path) { return std::string(path.substr(path.find_last_of('/') + 1)); }

}  // namespace

struct SimDisk::State {
    State(std::string n, Entropy& e, Watcher w) : name(std::move(n)), entropy(e), watcher(std::move(w)) {}

    sqlite3_vfs vfs{};
    std::string name;
    Entropy& entropy;
    Watcher watcher;

    std::map<std::string, FilePtr, std::less<>> names;         // by path
    std::map<std::string, FilePtr, std::less<>> medium_names;  // that a power cut leaves
    std::vector<NameChange> unsynced_names;
    std::vector<Handle*> handles;

    std::array<Failure, call_kinds> failures{};
    std::uint64_t failed = 0;
    std::optional<std::uint64_t> limit;
    std::uint64_t full = 0;
    Lie lie = Lie::none;
    bool stopped = false;
    std::uint64_t stop_in = 0;  // changes until it stops; 0: it does not

    bool coin() { return entropy.below(2) == 0; }

    int tell(Call call, std::string_view path, std::uint64_t at, std::size_t length, std::span<const std::byte> written,
             int result) const {
        if (watcher) watcher({call, base_name(path), at, length, written, result});
        return result;
    }

    // The code this call has to fail with, or SQLITE_OK.
    int failure_of(Call call) {
        auto& failure = failures[static_cast<std::size_t>(std::to_underlying(call))];
        if (failure.nth == 0 || ++failure.count != failure.nth) return SQLITE_OK;
        ++failed;
        return failure.code;
    }
    // True when the machine stops in the middle of this change.
    bool stops_now() {
        if (stop_in == 0 || --stop_in > 0) return false;
        return stopped = true;
    }

    std::uint64_t used() const {
        std::uint64_t sum = 0;
        for (const auto& [path, file] : names) sum += file->size();
        return sum;
    }
    // How much of a write there is room for.
    std::size_t fitting(const SimFile& file, std::uint64_t at, std::size_t n) const {
        if (!limit || at + n <= file.size()) return n;
        const auto others = used() - file.size();
        const auto end = std::max(file.size(), *limit > others ? *limit - others : 0);
        return end > at ? std::min<std::size_t>(n, end - at) : 0;
    }

    int write(Handle& handle, std::uint64_t at, std::span<const std::byte> bytes);
    int sync(Handle& handle);
    void sync_names() {
        medium_names = names;
        unsynced_names.clear();
    }
    int open(const char* path, Handle& into, int flags);
    int remove(std::string_view path, bool sync_directory);
    void restart() {
        ORDERFLOW_INVARIANT(handles.empty());
        stopped = false;
        stop_in = 0;
        seed_sqlite();
    }
    void seed_sqlite() const {
        const auto seed = static_cast<int>(1 + entropy.below(1'000'000'000));
        sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, seed, nullptr);
    }
};

int SimDisk::State::write(Handle& handle, std::uint64_t at, std::span<const std::byte> bytes) {
    if (stopped) return SQLITE_IOERR_WRITE;
    auto& file = *handle.file;
    if (stops_now()) {
        const std::array parts{std::size_t{0}, half(at, bytes.size()), bytes.size()};
        file.write(at, bytes.first(parts[entropy.below(parts.size())]));
        return SQLITE_IOERR_WRITE;
    }
    if (const int code = failure_of(Call::write)) {
        if (coin()) file.write(at, bytes.first(half(at, bytes.size())));
        return code;
    }
    if (lie == Lie::about_repeats && file.shows(at, bytes)) return SQLITE_OK;
    const auto room = fitting(file, at, bytes.size());
    if (room > 0) file.write(at, bytes.first(room));
    if (room == bytes.size()) return SQLITE_OK;
    ++full;
    return SQLITE_FULL;
}

int SimDisk::State::sync(Handle& handle) {
    if (stopped) return SQLITE_IOERR_FSYNC;
    const bool stops = stops_now();
    if (stops && coin()) return SQLITE_IOERR_FSYNC;
    if (const int code = failure_of(Call::sync)) {
        handle.file->fail_sync(entropy);
        return code;
    }
    if (lie == Lie::about_all || (lie == Lie::about_logs && is_log(handle.name))) return SQLITE_OK;
    handle.file->sync();
    if (std::exchange(handle.syncs_directory, false)) sync_names();
    return stops ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

int SimDisk::State::open(const char* path, Handle& into, int flags) {
    if (stopped) return SQLITE_CANTOPEN;
    if (const int code = failure_of(Call::open)) return code;
    if (path == nullptr) {  // a temporary file
        into.file = std::make_shared<SimFile>();
        return SQLITE_OK;
    }
    into.name = path;
    // As SQLite's own VFS: with the first sync of a log that may have had to be created.
    into.syncs_directory = is_log(into.name) && (flags & SQLITE_OPEN_CREATE) != 0;
    if (const auto known = names.find(into.name); known != names.end()) {
        into.file = known->second;
        return SQLITE_OK;
    }
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    if (stops_now() && coin()) return SQLITE_CANTOPEN;
    into.file = std::make_shared<SimFile>();
    names.emplace(into.name, into.file);
    unsynced_names.push_back({into.name, into.file});
    return stopped ? SQLITE_CANTOPEN : SQLITE_OK;
}

int SimDisk::State::remove(std::string_view path, bool sync_directory) {
    if (stopped) return SQLITE_IOERR_DELETE;
    if (const int code = failure_of(Call::remove)) return code;
    const auto known = names.find(path);
    if (known == names.end()) return SQLITE_IOERR_DELETE_NOENT;
    const bool stops = stops_now();
    if (stops && coin()) return SQLITE_IOERR_DELETE;
    unsynced_names.push_back({known->first, nullptr});
    names.erase(known);
    if (sync_directory && lie != Lie::about_all) sync_names();
    return stops ? SQLITE_IOERR_DELETE : SQLITE_OK;
}

namespace {

using Call = SimDisk::Call;

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
SimDisk::State& disk_of(sqlite3_vfs* vfs) { return *static_cast<SimDisk::State*>(vfs->pAppData); }

// What the other connections of the same file hold.
template <class Test>
bool any_other(const Handle& handle, Test test) {
    return std::ranges::any_of(handle.disk->handles, [&](const Handle* other) {
        return other != &handle && other->file == handle.file && test(*other);
    });
}

int close_file(sqlite3_file* file) {
    auto& handle = handle_of(file);
    std::erase(handle.disk->handles, &handle);
    handle.~Handle();
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* out, int n, sqlite3_int64 at) {
    auto& handle = handle_of(file);
    auto& disk = *handle.disk;
    const std::span into(static_cast<std::byte*>(out), static_cast<std::size_t>(n));
    int code = disk.stopped ? SQLITE_IOERR_READ : disk.failure_of(Call::read);
    if (code == SQLITE_OK && handle.file->read(static_cast<std::uint64_t>(at), into) < into.size()) {
        code = SQLITE_IOERR_SHORT_READ;
    }
    return disk.tell(Call::read, handle.name, static_cast<std::uint64_t>(at), into.size(), {}, code);
}

int write_file(sqlite3_file* file, const void* bytes, int n, sqlite3_int64 at) {
    auto& handle = handle_of(file);
    const std::span from(static_cast<const std::byte*>(bytes), static_cast<std::size_t>(n));
    const int code = handle.disk->write(handle, static_cast<std::uint64_t>(at), from);
    return handle.disk->tell(Call::write, handle.name, static_cast<std::uint64_t>(at), from.size(), from, code);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto& handle = handle_of(file);
    auto& disk = *handle.disk;
    int code = disk.stopped ? SQLITE_IOERR_TRUNCATE : disk.failure_of(Call::truncate);
    if (code == SQLITE_OK) {
        const bool stops = disk.stops_now();
        if (!stops || disk.coin()) handle.file->truncate(static_cast<std::uint64_t>(size));
        if (stops) code = SQLITE_IOERR_TRUNCATE;
    }
    return disk.tell(Call::truncate, handle.name, static_cast<std::uint64_t>(size), 0, {}, code);
}

int sync_file(sqlite3_file* file, int) {
    auto& handle = handle_of(file);
    const int code = handle.disk->sync(handle);
    return handle.disk->tell(Call::sync, handle.name, 0, 0, {}, code);
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(handle_of(file).file->size());
    return handle_of(file).disk->stopped ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) {
    auto& handle = handle_of(file);
    if (handle.lock >= level) return SQLITE_OK;
    const auto others_hold = [&](int least) {
        return any_other(handle, [least](const Handle& other) { return other.lock >= least; });
    };
    if (level == SQLITE_LOCK_SHARED && others_hold(SQLITE_LOCK_PENDING)) return SQLITE_BUSY;
    if (level >= SQLITE_LOCK_RESERVED && others_hold(SQLITE_LOCK_RESERVED)) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_EXCLUSIVE && others_hold(SQLITE_LOCK_SHARED)) {
        handle.lock = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
    }
    handle.lock = level;
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level) {
    handle_of(file).lock = std::min(handle_of(file).lock, level);
    return SQLITE_OK;
}

int check_lock(sqlite3_file* file, int* out) {
    const auto& handle = handle_of(file);
    *out = handle.lock >= SQLITE_LOCK_RESERVED ||
                   any_other(handle, [](const Handle& other) { return other.lock >= SQLITE_LOCK_RESERVED; })
               ? 1
               : 0;
    return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
// As SQLite's own VFS for Unix reports them.
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

std::shared_ptr<SharedMemory> memory_of(const Handle& handle) {
    for (const auto* other : handle.disk->handles) {
        if (other->file == handle.file && other->memory) return other->memory;
    }
    return std::make_shared<SharedMemory>();
}

int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    auto& handle = handle_of(file);
    if (!handle.memory) handle.memory = memory_of(handle);
    auto& pages = handle.memory->pages;
    const auto wanted = static_cast<std::size_t>(page) + 1;
    while (pages.size() < wanted && extend != 0) {
        pages.push_back(std::make_unique<std::byte[]>(static_cast<std::size_t>(size)));
    }
    *out = pages.size() < wanted ? nullptr : pages[wanted - 1].get();
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int at, int n, int flags) {
    auto& handle = handle_of(file);
    const auto slots = ((1U << static_cast<unsigned>(n)) - 1U) << static_cast<unsigned>(at);
    static_assert(lock_slots <= 8);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        handle.shared &= ~slots;
        handle.exclusive &= ~slots;
        return SQLITE_OK;
    }
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    const bool taken = any_other(handle, [&](const Handle& other) {
        return (other.exclusive & slots) != 0 || (exclusive && (other.shared & slots) != 0);
    });
    if (taken) return SQLITE_BUSY;
    (exclusive ? handle.exclusive : handle.shared) |= slots;
    return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* file, int) {
    auto& handle = handle_of(file);
    handle.memory.reset();
    handle.shared = handle.exclusive = 0;
    return SQLITE_OK;
}

// Version 2: shared memory for the log, no memory-mapped reads.
constexpr sqlite3_io_methods methods{2,           close_file,   read_file,       write_file,  truncate_file,
                                     sync_file,   size_of_file, lock_file,       unlock_file, check_lock,
                                     control,     sector_size,  characteristics, shm_map,     shm_lock,
                                     shm_barrier, shm_unmap,    nullptr,         nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto& disk = disk_of(vfs);
    auto* const handle = new (file)
        Handle{.base = {nullptr}, .disk = &disk, .file = {}, .name = {}, .syncs_directory = {}, .memory = {}};
    const int code = disk.tell(Call::open, path == nullptr ? "" : path, 0, 0, {}, disk.open(path, *handle, flags));
    if (code != SQLITE_OK) {
        handle->~Handle();
        file->pMethods = nullptr;
        return code;
    }
    handle->base.pMethods = &methods;
    disk.handles.push_back(handle);
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int remove_file(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    auto& disk = disk_of(vfs);
    return disk.tell(Call::remove, path, 0, 0, {}, disk.remove(path, sync_directory != 0));
}

int access_file(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    const auto& disk = disk_of(vfs);
    const auto known = disk.names.find(std::string_view(path));
    // As SQLite's own VFS: an empty file does not count as one that exists.
    *out = known != disk.names.end() && (flags != SQLITE_ACCESS_EXISTS || known->second->size() > 0) ? 1 : 0;
    return disk.stopped ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int n, char* out) {
    const auto length = std::strlen(path) + 1;
    if (length > static_cast<std::size_t>(n)) return SQLITE_CANTOPEN;
    std::memcpy(out, path, length);
    return SQLITE_OK;
}

int random_bytes(sqlite3_vfs* vfs, int n, char* out) {
    disk_of(vfs).entropy.fill(std::as_writable_bytes(std::span(out, static_cast<std::size_t>(n))));
    return n;
}

int sleep_for(sqlite3_vfs*, int microseconds) { return microseconds; }

int last_error(sqlite3_vfs*, int, char*) { return 0; }

// Nothing of ours asks SQLite for the time of day.
int julian_day(sqlite3_vfs*, double* day) {
    *day = 2'461'042.0;
    return SQLITE_OK;
}

}  // namespace

SimDisk::SimDisk(std::string vfs_name, Entropy& entropy, Watcher watcher)
    : state_(std::make_unique<State>(std::move(vfs_name), entropy, std::move(watcher))) {
    sqlite3_initialize();
    auto& vfs = state_->vfs;
    vfs.iVersion = 1;
    vfs.szOsFile = static_cast<int>(sizeof(Handle));
    vfs.mxPathname = 512;
    vfs.zName = state_->name.c_str();
    vfs.pAppData = state_.get();
    vfs.xOpen = open_file;
    vfs.xDelete = remove_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = random_bytes;
    vfs.xSleep = sleep_for;
    vfs.xCurrentTime = julian_day;
    vfs.xGetLastError = last_error;
    ORDERFLOW_INVARIANT(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
    state_->seed_sqlite();
}

SimDisk::~SimDisk() {
    ORDERFLOW_INVARIANT(state_->handles.empty());
    sqlite3_vfs_unregister(&state_->vfs);
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, 0, nullptr);
}

const std::string& SimDisk::vfs_name() const noexcept { return state_->name; }

void SimDisk::fail(Call call, std::uint64_t nth, int sqlite_code) {
    state_->failures[static_cast<std::size_t>(std::to_underlying(call))] = {
        .nth = nth, .count = 0, .code = sqlite_code};
}

void SimDisk::limit_bytes(std::optional<std::uint64_t> limit) { state_->limit = limit; }

std::uint64_t SimDisk::failures() const { return state_->failed; }

std::uint64_t SimDisk::full_writes() const { return state_->full; }

std::uint64_t SimDisk::bytes_used() const { return state_->used(); }

void SimDisk::heal() {
    state_->failures = {};
    state_->limit.reset();
    state_->stop_in = 0;
}

void SimDisk::lie(Lie about) { state_->lie = about; }

void SimDisk::stop() { state_->stopped = true; }

void SimDisk::stop_at_change(std::uint64_t nth) { state_->stop_in = nth; }

bool SimDisk::stopped() const { return state_->stopped; }

void SimDisk::restart_process() {
    for (auto& [path, file] : state_->names) {
        if (state_->coin()) file->drop_clean_pages();
    }
    state_->restart();
}

void SimDisk::restart_machine(std::uint64_t survivors) {
    for (auto& change : std::exchange(state_->unsynced_names, {})) {
        if (state_->entropy.below(256) >= survivors) continue;
        if (change.file) {
            state_->medium_names.insert_or_assign(change.name, change.file);
        } else {
            state_->medium_names.erase(change.name);
        }
    }
    state_->names = state_->medium_names;
    for (auto& [path, file] : state_->names) file->cut_power(state_->entropy, survivors);
    state_->restart();
}

std::optional<std::string> SimDisk::flip_random_bit() {
    std::uint64_t bytes = 0;
    for (const auto& [path, file] : state_->names) bytes += is_log(path) ? 0 : file->size();
    if (bytes == 0) return std::nullopt;
    auto at = state_->entropy.below(bytes);
    for (auto& [path, file] : state_->names) {
        if (is_log(path)) continue;
        if (at < file->size()) {
            const auto bit = static_cast<unsigned>(state_->entropy.below(8));
            file->flip_bit(at, bit);
            return base_name(path) + " byte " + std::to_string(at) + " bit " + std::to_string(bit);
        }
        at -= file->size();
    }
    return std::nullopt;
}

std::optional<std::span<const std::byte>> SimDisk::content(std::string_view name) const {
    for (const auto& [path, file] : state_->names) {
        if (base_name(path) == name) return file->content();
    }
    return std::nullopt;
}

}  // namespace orderflow
