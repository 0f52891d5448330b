#include "orderflow/backup/durable_copy.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

// NIST, SHA-256 of "abc".
constexpr auto abc_digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class DurableCopy : public ::testing::Test {
  protected:
    DurableCopy() { std::ofstream(dir / "from") << "abc"; }
    TempDir dir;
};

TEST_F(DurableCopy, GivenNoSource_ThenNothingIsMade) {
    const auto copied = copy_durably(dir / "missing", dir / "to");

    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), "file.missing");
    EXPECT_FALSE(std::filesystem::exists(dir / "to"));
}

TEST_F(DurableCopy, GivenAPipeInPlaceOfAFile_ThenItIsRefusedAndNotWaitedFor) {
    ASSERT_EQ(::mkfifo(std::filesystem::path(dir / "pipe").c_str(), 0600), 0);

    EXPECT_FALSE(copy_durably(dir / "pipe", dir / "copy"));
    EXPECT_FALSE(digest_of(dir / "pipe"));
    EXPECT_FALSE(std::filesystem::exists(dir / "copy"));
}

TEST_F(DurableCopy, GivenATargetThatIsThere_ThenItStays) {
    std::ofstream(dir / "to") << "precious";

    const auto copied = copy_durably(dir / "from", dir / "to");

    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), "file.exists");
    EXPECT_EQ(std::filesystem::file_size(dir / "to"), 8U);
}

// A limit of the process stands for a disk that is full: the write behind it fails.
TEST_F(DurableCopy, GivenADiskThatFills_ThenDiskFullAndNoHalfFileIsLeft) {
    std::ofstream(dir / "large") << std::string(1 << 20, 'x');
    struct rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    struct rlimit tight = before;
    tight.rlim_cur = 100'000;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);

    const auto copied = copy_durably(dir / "large", dir / "to");

    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), "disk.full");
    EXPECT_FALSE(std::filesystem::exists(dir / "to"));
}

TEST_F(DurableCopy, ThenItIsTheSameForItsOwnerAlone) {
    const auto copied = copy_durably(dir / "from", dir / "to");

    ASSERT_TRUE(copied) << copied.error().detail();
    EXPECT_EQ(copied->bytes, 3U);
    EXPECT_EQ(copied->sha256, abc_digest);
    EXPECT_EQ(digest_of(dir / "to")->sha256, abc_digest);
    struct stat seen{};
    ASSERT_EQ(::stat((dir / "to").c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 0777U, 0600U);
    EXPECT_TRUE(sync_directory(dir.path()));
    EXPECT_FALSE(sync_directory(dir.path() / "missing"));
}

}  // namespace
}  // namespace orderflow
