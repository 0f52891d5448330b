#include "libs/sqlite/data_dir_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "libs/base/file_owner.hpp"
#include "libs/base/safeguard.hpp"

namespace orderflow::sqlite {

namespace {

std::string owner_of(int file) {
    std::array<char, 32> text{};
    const auto got = ::pread(file, text.data(), text.size() - 1, 0);
    std::string pid(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    pid.erase(pid.find_last_not_of("\n ") + 1);
    return pid.empty() ? "unknown" : pid;
}

std::filesystem::path directory_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

Error inaccessible(const std::string& lock_file, int system_error) {
    return Error(ErrorKind::unavailable, "data_dir.inaccessible",
                 lock_file + ": " + std::strerror(system_error) +
                     "; the directory must exist, and it and this file must be writable for this user");
}

}  // namespace

Result<DataDirLock> DataDirLock::acquire(const std::string& lock_file) {
    const int file = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) return fail(inaccessible(lock_file, errno));
    DataDirLock lock(file);
    give_to_owner_of(directory_of(lock_file), file);

    struct flock whole_file{};
    whole_file.l_type = F_WRLCK;
    whole_file.l_whence = SEEK_SET;
    if (safeguard(Safeguard::data_dir_lock) && ::fcntl(file, F_OFD_SETLK, &whole_file) != 0) {
        if (errno != EAGAIN && errno != EACCES) return fail(inaccessible(lock_file, errno));
        return fail(
            ErrorKind::conflict, "data_dir.in_use",
            lock_file + " is held by process " + owner_of(file) + ": stop that process, or use another data directory");
    }

    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
        return fail(inaccessible(lock_file, errno));
    }
    return lock;
}

DataDirLock::DataDirLock(DataDirLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DataDirLock::~DataDirLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace orderflow::sqlite
