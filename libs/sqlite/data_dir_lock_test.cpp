#include "libs/sqlite/data_dir_lock.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libs/testing/temp_dir.hpp"

namespace orderflow::sqlite {
namespace {

TEST(DataDirLock, GivenAHolder_WhenAskedAgain_ThenItNamesTheProcess) {
    const TempDir dir;
    const auto held = DataDirLock::acquire(dir / "lock");
    ASSERT_TRUE(held);

    const auto second = DataDirLock::acquire(dir / "lock");

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), ErrorKind::conflict);
    EXPECT_EQ(second.error().code(), "data_dir.in_use");
    EXPECT_NE(second.error().detail().find(std::to_string(::getpid())), std::string::npos);
}

TEST(DataDirLock, GivenAHolderThatLetGo_WhenAskedAgain_ThenItIsFree) {
    const TempDir dir;
    {
        const auto held = DataDirLock::acquire(dir / "lock");
    }

    EXPECT_TRUE(DataDirLock::acquire(dir / "lock"));
}

TEST(DataDirLock, GivenALockFileLeftByAProcessThatDied_ThenItIsFree) {
    const TempDir dir;
    const auto child = ::fork();
    if (child == 0) {
        auto held = DataDirLock::acquire(dir / "lock");
        ::_exit(held ? 0 : 1);  // without releasing
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);

    EXPECT_TRUE(DataDirLock::acquire(dir / "lock"));
}

TEST(DataDirLock, GivenNoDirectory_ThenTheErrorSaysWhy) {
    const TempDir dir;

    const auto lock = DataDirLock::acquire(dir / "missing/lock");

    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code(), "data_dir.inaccessible");
    EXPECT_NE(lock.error().detail().find("No such file"), std::string::npos);
}

TEST(DataDirLock, WhenTaken_ThenTheFileIsPrivate) {
    const TempDir dir;
    const auto held = DataDirLock::acquire(dir / "lock");
    ASSERT_TRUE(held);

    struct stat status{};
    ASSERT_EQ(::stat((dir / "lock").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace orderflow::sqlite
