// What is synced, and when: fsync() of this program is the one below, which notes what the files looked like.
#include "libs/base/durable_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

using ::testing::ElementsAre;

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::filesystem::path watched;    // NOLINT(cert-err58-cpp): an empty path does not throw
std::vector<std::string> synced;  // "what: what stood in the watched file then"

}  // namespace
}  // namespace orderflow

extern "C" int fsync(int file) {
    using namespace orderflow;
    std::error_code unreadable;
    const auto what = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file), unreadable);
    const auto directory = watched.parent_path();
    synced.push_back(what.lexically_relative(directory).string() + ": " +
                     content_of(what == directory ? watched : what));
    return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace orderflow {
namespace {

class DurableFile : public ::testing::Test {
  protected:
    DurableFile() {
        watched = dir_ / "seal";
        synced.clear();
    }
    TempDir dir_;
};

TEST_F(DurableFile, WhenWritten_ThenTheContentIsSyncedBeforeItsNameAndTheNameBeforeItReturns) {
    ASSERT_TRUE(write_durably(watched, "new"));

    EXPECT_THAT(synced, ElementsAre("seal.new: new", ".: new"));
}

TEST_F(DurableFile, GivenAFile_WhenWrittenAgain_ThenTheNewContentReplacesIt) {
    ASSERT_TRUE(write_durably(watched, "old"));

    ASSERT_TRUE(write_durably(watched, "new"));

    EXPECT_EQ(content_of(watched), "new");
}

TEST_F(DurableFile, GivenNoDirectory_WhenWritten_ThenTheErrorNamesTheFile) {
    const auto written = write_durably(dir_ / "missing/seal", "new");

    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), "file.not_written");
    EXPECT_THAT(written.error().detail(), ::testing::HasSubstr("missing/seal"));
}

// Commands of an operator run as root, beside a program that does not.
TEST_F(DurableFile, GivenRootAndFilesOfAnother_WhenWritten_ThenTheyStayTheOthers) {
    if (::geteuid() != 0) return;  // nobody else can give files away
    constexpr uid_t other = 65534;
    ASSERT_EQ(::chown(watched.parent_path().c_str(), other, other), 0);
    struct stat about{};

    ASSERT_TRUE(write_durably(watched, "new"));
    ASSERT_EQ(::stat(watched.c_str(), &about), 0);
    EXPECT_EQ(about.st_uid, other) << "a new file is its directory's";
    EXPECT_EQ(about.st_mode & 0777U, 0600U);

    ASSERT_EQ(::chown(watched.c_str(), 1, 1), 0);
    ASSERT_EQ(::chmod(watched.c_str(), 0640), 0);
    ASSERT_TRUE(write_durably(watched, "again"));
    ASSERT_EQ(::stat(watched.c_str(), &about), 0);
    EXPECT_EQ(about.st_uid, 1U);
    EXPECT_EQ(about.st_gid, 1U);
    EXPECT_EQ(about.st_mode & 0777U, 0640U);
}

}  // namespace
}  // namespace orderflow
