#include "programs/file_archive.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "libs/async/completion.hpp"
#include "libs/base/descriptor.hpp"
#include "libs/contract/timestamp.hpp"

namespace orderflow {
namespace {

std::unexpected<Error> not_written(const std::filesystem::path& file, int why) {
    const bool full = why == ENOSPC || why == EDQUOT || why == EFBIG;
    return fail(ErrorKind::unavailable, full ? "disk.full" : "archive.not_written",
                "Cannot write " + file.string() + ": " + std::generic_category().message(why));
}

int write_all(int to, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(to, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

// Where the last whole line ends: what follows was cut off by a crash, and its orders are still in the store. -1 with
// errno.
off_t end_of_lines(int file) {
    auto end = ::lseek(file, 0, SEEK_END);
    for (char last = 0; end > 0; --end) {
        if (::pread(file, &last, 1, end - 1) != 1) return -1;
        if (last == '\n') break;
    }
    return end;
}

// 0, or the errno of the step that failed; then the file is as it was.
int append(int file, std::string_view lines) {
    const auto end = end_of_lines(file);
    if (end < 0 || ::ftruncate(file, end) != 0 || ::lseek(file, end, SEEK_SET) != end) return errno;
    int why = write_all(file, lines);
    if (why == 0 && ::fsync(file) != 0) why = errno;
    if (why != 0) (void)::ftruncate(file, end);
    return why;
}

int sync_directory(const std::filesystem::path& directory) {
    const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened.valid() && ::fsync(opened.get()) == 0 ? 0 : errno;
}

Result<void> append_to(const std::filesystem::path& directory, const std::string& name, std::string_view lines) {
    const auto path = directory / name;
    const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.valid()) return not_written(path, errno);
    int why = append(file.get(), lines);
    if (why == 0) why = sync_directory(directory);
    return why == 0 ? Result<void>() : not_written(path, why);
}

std::string name_of(WallTime now) {
    constexpr std::size_t date_length = 10;
    return "orders-" + contract::to_timestamp(now).substr(0, date_length) + ".ndjson";
}

}  // namespace

Result<std::unique_ptr<FileArchive>> FileArchive::open(Executor& executor, const Clock& clock,
                                                       std::filesystem::path directory) {
    if (::mkdir(directory.c_str(), S_IRWXU) != 0 && errno != EEXIST) return not_written(directory, errno);
    if (const auto why = sync_directory(directory / ".."); why != 0) return not_written(directory, why);
    auto lock = sqlite::DataDirLock::acquire((directory / "lock").string());
    if (!lock) return fail(std::move(lock).error());
    return std::unique_ptr<FileArchive>(new FileArchive(executor, clock, std::move(directory), *std::move(lock)));
}

task<Result<void>> FileArchive::keep(std::string lines) {
    co_return co_await await_completion<Result<void>>([&](Completion<Result<void>> done) {
        executor_.post([this, text = std::move(lines), waiter = std::move(done)]() mutable {
            waiter.complete(append_to(directory_, name_of(clock_.wall()), text));
        });
    });
}

}  // namespace orderflow
