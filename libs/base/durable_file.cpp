#include "libs/base/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "libs/base/file_owner.hpp"
#include "libs/base/safeguard.hpp"

namespace orderflow {
namespace {

std::unexpected<Error> not_written(const std::filesystem::path& file, int why) {
    return fail(ErrorKind::unavailable, "file.not_written",
                "Cannot write " + file.string() + ": " + std::generic_category().message(why) +
                    ". The process needs to write in that directory; check its owner, its mode and the free space.");
}

std::filesystem::path directory_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

// What comes to the place of a file is its owner's, and may be read by whom it might be read.
void take_after(const std::filesystem::path& file, int fd) {
    struct stat about{};
    const bool is_there = ::stat(file.c_str(), &about) == 0;
    if (is_there) (void)::fchmod(fd, about.st_mode & 0777U);
    give_to_owner_of(is_there ? file : directory_of(file), fd);
}

// 0, or the errno of the step that failed.
int write_and_sync(const std::filesystem::path& path, const std::filesystem::path& file, std::string_view text) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return errno;
    take_after(file, fd);
    const auto written = ::write(fd, text.data(), text.size());
    const int write_error = written < 0 ? errno : written == static_cast<ssize_t>(text.size()) ? 0 : ENOSPC;
    const bool syncs = write_error == 0 && safeguard(Safeguard::file_sync);
    const int sync_error = syncs && ::fsync(fd) != 0 ? errno : 0;
    ::close(fd);
    return write_error != 0 ? write_error : sync_error;
}

int sync_directory(const std::filesystem::path& directory) {
    const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int error = safeguard(Safeguard::directory_sync) && ::fsync(fd) != 0 ? errno : 0;
    ::close(fd);
    return error;
}

}  // namespace

Result<void> write_durably(const std::filesystem::path& file, std::string_view text) {
    auto beside = file;
    beside += ".new";
    if (const int error = write_and_sync(beside, file, text); error != 0) return not_written(file, error);
    if (::rename(beside.c_str(), file.c_str()) != 0) return not_written(file, errno);
    if (const int error = sync_directory(directory_of(file)); error != 0) return not_written(file, error);
    return {};
}

}  // namespace orderflow
