#include "orderflow/backup/durable_copy.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <span>
#include <system_error>

#include "libs/base/descriptor.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow {
namespace {

constexpr std::size_t piece_bytes = 256 * 1024;

std::string said(int why) { return std::generic_category().message(why); }

std::unexpected<Error> not_read(const std::filesystem::path& file, int why) {
    if (why == ENOENT) return fail(ErrorKind::not_found, "file.missing", file.string() + " is not there");
    return fail(ErrorKind::unavailable, "file.not_read", "Cannot read " + file.string() + ": " + said(why));
}

std::unexpected<Error> not_written(const std::filesystem::path& file, int why) {
    if (why == EEXIST) return fail(ErrorKind::conflict, "file.exists", file.string() + " is there already");
    const bool full = why == ENOSPC || why == EDQUOT || why == EFBIG;
    return fail(ErrorKind::unavailable, full ? "disk.full" : "file.not_written",
                "Cannot write " + file.string() + ": " + said(why));
}

// Feeds every piece of the file to `take`, which gives 0 or an errno of its own as second.
struct Broken {
    int reading = 0;
    int writing = 0;
};
Broken for_each_piece(int from, const std::function<int(std::span<const std::byte>)>& take) {
    std::vector<std::byte> piece(piece_bytes);
    for (;;) {
        const auto got = ::read(from, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return {.reading = errno};
        if (got == 0) return {};
        if (const int why = take(std::span(piece).first(static_cast<std::size_t>(got))); why != 0) {
            return {.writing = why};
        }
    }
}

int write_all(int to, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(to, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

// A pipe in a file's place would be waited for without end. -1 with errno.
int open_regular(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat found{};
    if (descriptor < 0 || (::fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode))) return descriptor;
    ::close(descriptor);
    errno = EINVAL;
    return -1;
}

class Digesting {
  public:
    void add(std::span<const std::byte> bytes) {
        bytes_ += bytes.size();
        hash_.add(bytes);
    }
    FileDigest finish() { return {.bytes = bytes_, .sha256 = crypto::to_hex(hash_.finish())}; }

  private:
    std::uint64_t bytes_ = 0;
    crypto::Sha256Stream hash_;
};

}  // namespace

Result<FileDigest> digest_of(const std::filesystem::path& file) {
    const Descriptor from(open_regular(file));
    if (!from.valid()) return not_read(file, errno);
    Digesting digest;
    const auto broken = for_each_piece(from.get(), [&](std::span<const std::byte> piece) {
        digest.add(piece);
        return 0;
    });
    if (broken.reading != 0) return not_read(file, broken.reading);
    return digest.finish();
}

Result<FileDigest> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    const Descriptor source(open_regular(from));
    if (!source.valid()) return not_read(from, errno);
    const Descriptor target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!target.valid()) return not_written(to, errno);
    Digesting digest;
    auto broken = for_each_piece(source.get(), [&](std::span<const std::byte> piece) {
        digest.add(piece);
        return write_all(target.get(), piece);
    });
    if (broken.reading == 0 && broken.writing == 0 && ::fsync(target.get()) != 0) broken.writing = errno;
    if (broken.reading == 0 && broken.writing == 0) return digest.finish();
    ::unlink(to.c_str());
    if (broken.reading != 0) return not_read(from, broken.reading);
    return not_written(to, broken.writing);
}

Result<void> sync_directory(const std::filesystem::path& directory) {
    const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.valid() || ::fsync(opened.get()) != 0) return not_written(directory, errno);
    return {};
}

}  // namespace orderflow
