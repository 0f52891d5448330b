#include "orderflow/export/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace orderflow {
namespace {

std::unexpected<Error> not_written(const std::filesystem::path& path, int why) {
    if (why == EEXIST) return fail(ErrorKind::conflict, "file.exists", path.string() + " is there already");
    return fail(ErrorKind::unavailable, "file.not_written",
                path.string() + ": " + std::generic_category().message(why) +
                    (why == EOPNOTSUPP ? "; write to stdout here" : ""));
}

std::filesystem::path directory_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

Result<WholeFile> WholeFile::begin(std::filesystem::path path) {
    // Asked for before the work; publish() decides.
    if (::faccessat(AT_FDCWD, path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) return not_written(path, EEXIST);
    auto file = std::make_unique<Descriptor>(
        ::open(directory_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file->valid()) return not_written(path, errno);
    return WholeFile(std::move(path), std::move(file));
}

Result<void> WholeFile::publish() {
    if (::fsync(file_->get()) != 0) return not_written(path_, errno);
    const auto opened = "/proc/self/fd/" + std::to_string(file_->get());
    if (::linkat(AT_FDCWD, opened.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
        return not_written(path_, errno);
    }
    const Descriptor directory(::open(directory_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.valid() || ::fsync(directory.get()) != 0) return not_written(path_, errno);
    return {};
}

}  // namespace orderflow
