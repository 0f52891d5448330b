// A log that a dead process left behind, on a simulated disk that forgets what it was not made to keep.
#include "libs/sqlite/wal_renewal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <vector>

#include "libs/sqlite/database.hpp"
#include "libs/sqlite/statement.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_disk.hpp"

namespace orderflow::sqlite {
namespace {

using ::testing::ElementsAre;

constexpr auto path = "/a.db";

class WalRenewalTest : public ::testing::TestWithParam<std::uint64_t> {
  protected:
    Database open() { return Database::open(path, {.vfs = disk_.vfs_name()}).value(); }
    static bool insert(Database& database, int number) {
        return database.execute("INSERT INTO t VALUES (" + std::to_string(number) + ")").has_value();
    }
    static std::vector<std::int64_t> rows(Database& database) {
        std::vector<std::int64_t> rows;
        auto statement = database.prepare("SELECT number FROM t ORDER BY number");
        auto cursor = statement->query();
        while (cursor.next().value()) rows.push_back(cursor.integer(0));
        return rows;
    }

    SeededEntropy entropy_{GetParam()};
    SimDisk disk_{"wal-renewal", entropy_};
};

// Of the failed sync some sectors are on the medium and some are not, and the kernel still shows all or not: the seeds.
INSTANTIATE_TEST_SUITE_P(Seeds, WalRenewalTest, ::testing::Range<std::uint64_t>(1, 17));

TEST_P(WalRenewalTest, GivenACommitWhoseSyncFailed_WhenTheNextProcessGoesOnAndThePowerGoes_ThenItsCommitsAreThere) {
    {
        auto database = open();
        ASSERT_TRUE(database.execute("CREATE TABLE t (number INTEGER)"));
        ASSERT_TRUE(insert(database, 1));
        disk_.fail(SimDisk::Call::sync, 1, SQLITE_IOERR_FSYNC);
        ASSERT_FALSE(insert(database, 2));
        disk_.stop();  // the process ends: nothing is tidied up
    }
    disk_.restart_process();
    {
        auto database = open();
        ASSERT_TRUE(insert(database, 3));
        ASSERT_TRUE(insert(database, 4));
        disk_.stop();
    }
    disk_.restart_machine(0);

    auto database = open();
    auto kept = rows(database);
    std::erase(kept, 2);  // nobody was told whether it was done

    EXPECT_THAT(kept, ElementsAre(1, 3, 4));
}

TEST_P(WalRenewalTest, GivenACommitThatWasNotSynced_WhenTheNextProcessShowsItAndThePowerGoes_ThenItIsStillThere) {
    {
        auto database = open();
        ASSERT_TRUE(database.execute("CREATE TABLE t (number INTEGER)"));
        disk_.stop_at_change(1 + GetParam() % 3);  // between the writes of a commit and its sync, for some seeds
        (void)insert(database, 1);
        disk_.stop();
    }
    disk_.restart_process();
    std::vector<std::int64_t> shown;
    {
        auto database = open();
        shown = rows(database);
        disk_.stop();
    }
    disk_.restart_machine(0);

    auto database = open();
    EXPECT_EQ(rows(database), shown);
}

}  // namespace
}  // namespace orderflow::sqlite
