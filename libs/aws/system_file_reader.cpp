#include "libs/aws/system_file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "libs/base/descriptor.hpp"

namespace orderflow::aws {
namespace {

std::unexpected<Error> unreadable(const std::string& path, const std::string& why) {
    return fail(ErrorKind::internal, "file.unreadable", "Cannot read " + path + ": " + why);
}

std::string reason() { return std::generic_category().message(errno); }

}  // namespace

Result<std::string> SystemFileReader::read(const std::string& path, std::size_t bytes_max) {
    // Without O_NONBLOCK a pipe would hold the thread until somebody writes.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid() && (errno == ENOENT || errno == ENOTDIR)) {
        return fail(ErrorKind::not_found, "file.missing", path + " does not exist");
    }
    if (!file.valid()) return unreadable(path, reason());
    struct stat about{};
    if (::fstat(file.get(), &about) != 0) return unreadable(path, reason());
    if (!S_ISREG(about.st_mode)) return unreadable(path, "not a regular file");
    std::string text;
    char buffer[4096];
    for (;;) {
        const auto n = ::read(file.get(), buffer, sizeof(buffer));
        if (n < 0) return unreadable(path, reason());
        if (n == 0) return text;
        text.append(buffer, static_cast<std::size_t>(n));
        if (text.size() > bytes_max) return unreadable(path, "longer than " + std::to_string(bytes_max) + " bytes");
    }
}

}  // namespace orderflow::aws
