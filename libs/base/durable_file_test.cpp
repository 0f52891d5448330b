// What is synced, and when: fsync() of this program is the one below, which notes what the files looked like.
#include "libs/base/durable_file.hpp"

#include <gmock/gmock.h>
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

}  // namespace
}  // namespace orderflow
