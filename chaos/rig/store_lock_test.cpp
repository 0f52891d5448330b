#include "chaos/rig/store_lock.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <stdexcept>

#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

TEST(AStoreLock, GivenALockedFile_WhenItsOwnerWrites_ThenItIsBusyUntilTheLockIsGone) {
    const TempDir directory;
    const auto file = directory.path() / "orders.db";
    sqlite3* owner = nullptr;
    ASSERT_EQ(::sqlite3_open(file.c_str(), &owner), SQLITE_OK);
    const auto owner_does = [&](const char* sql) { return ::sqlite3_exec(owner, sql, nullptr, nullptr, nullptr); };
    ASSERT_EQ(owner_does("PRAGMA journal_mode = WAL; CREATE TABLE t(x)"), SQLITE_OK);
    {
        const StoreLock lock(file);
        EXPECT_EQ(owner_does("INSERT INTO t VALUES (1)"), SQLITE_BUSY);
        EXPECT_EQ(owner_does("SELECT * FROM t"), SQLITE_OK);
    }
    EXPECT_EQ(owner_does("INSERT INTO t VALUES (1)"), SQLITE_OK);
    ::sqlite3_close(owner);
}

TEST(AStoreLock, GivenNoFile_ThenItThrows) { EXPECT_THROW(StoreLock("/nowhere/orders.db"), std::runtime_error); }

}  // namespace
}  // namespace orderflow::chaos
