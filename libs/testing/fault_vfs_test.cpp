#include "libs/testing/fault_vfs.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <optional>

#include "libs/sqlite/database.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

using Call = FaultVfs::Call;

std::optional<sqlite::Database> open_through(const FaultVfs& vfs, const std::string& path) {
    sqlite::OpenOptions options;
    options.vfs = vfs.name();
    auto database = sqlite::Database::open(path, options);
    if (!database) return std::nullopt;
    return std::move(*database);
}

TEST(FaultVfs, WhenTheNthWriteFails_ThenTheOnesBeforeSucceed) {
    const TempDir dir;
    FaultVfs vfs("nth");
    auto database = open_through(vfs, dir / "a.db");
    ASSERT_TRUE(database->execute("CREATE TABLE t (n)"));
    vfs.heal();
    ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1)"));
    const auto writes = vfs.calls(Call::write);
    ASSERT_GT(writes, 0U);

    vfs.fail(Call::write, writes + 1, SQLITE_IOERR_WRITE);

    EXPECT_TRUE(database->execute("INSERT INTO t VALUES (2)"));
    EXPECT_FALSE(vfs.failed());
    EXPECT_FALSE(database->execute("INSERT INTO t VALUES (3)"));
    EXPECT_TRUE(vfs.failed());
}

// The proof that the tool can show a loss: without a sync at commit, a power cut takes acknowledged rows.
TEST(FaultVfs, GivenCommitsThatAreNotSynced_WhenThePowerIsCut_ThenSomeAreLost) {
    int lost = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const TempDir dir;
        FaultVfs vfs("unsynced");
        auto database = open_through(vfs, dir / "a.db");
        ASSERT_TRUE(database->execute("CREATE TABLE t (n); PRAGMA synchronous=NORMAL"));
        for (int i = 0; i < 10; ++i) ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1)"));

        vfs.power_off();
        database.reset();
        SeededEntropy entropy(seed);
        vfs.power_on(entropy);

        // Not opened: the log has holes in front of later commits, which only a missing sync can make.
        database = open_through(vfs, dir / "a.db");
        if (!database || database->query_int("SELECT count(*) FROM t").value_or(0) < 10) ++lost;
    }
    EXPECT_GT(lost, 10);
}

TEST(FaultVfs, GivenSyncedCommits_WhenThePowerIsCut_ThenAllAreThere) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const TempDir dir;
        FaultVfs vfs("synced");
        auto database = open_through(vfs, dir / "a.db");
        ASSERT_TRUE(database->execute("CREATE TABLE t (n)"));
        for (int i = 0; i < 10; ++i) ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1)"));
        ASSERT_TRUE(database->execute("BEGIN; INSERT INTO t VALUES (1)"));

        vfs.power_off();
        database.reset();
        SeededEntropy entropy(seed);
        vfs.power_on(entropy);

        database = open_through(vfs, dir / "a.db");
        ASSERT_TRUE(database) << "seed " << seed;
        EXPECT_EQ(database->query_int("SELECT count(*) FROM t").value_or(0), 10) << "seed " << seed;
    }
}

}  // namespace
}  // namespace orderflow
