#include "libs/sqlite/frozen_database.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "libs/testing/fake_clock.hpp"
#include "libs/testing/fault_vfs.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::sqlite {
namespace {

constexpr std::int64_t rows_written = 2000;

class AFrozenDatabase : public ::testing::Test {
  protected:
    AFrozenDatabase() : writer(Database::open(dir / "a.db", {}).value()) {
        EXPECT_TRUE(writer.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB); PRAGMA user_version=7"));
        write_rows();
    }

    void write_rows() {
        EXPECT_TRUE(
            writer.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
                           "INSERT INTO t (body) SELECT randomblob(1000) FROM n"));
    }
    Result<void> copy(const CopyOptions& options = {}) {
        auto frozen = FrozenDatabase::open(dir / "a.db").value();
        EXPECT_TRUE(frozen.freeze());
        return frozen.copy_to(dir / "copy.db", options);
    }
    std::int64_t rows_of_copy() {
        OpenOptions options;
        options.role = Role::reader;
        auto database = Database::open(dir / "copy.db", options).value();
        return database.query_int("SELECT count(*) FROM t").value();
    }

    TempDir dir;
    Database writer;
};

TEST_F(AFrozenDatabase, GivenNoFile_WhenOpened_ThenItIsNotMade) {
    const auto opened = FrozenDatabase::open(dir / "missing.db");

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), "sqlite.cannot_open");
    EXPECT_FALSE(std::filesystem::exists(dir / "missing.db"));
}

TEST_F(AFrozenDatabase, GivenAFileThatIsThere_WhenCopiedTo_ThenItIsRefusedAndStays) {
    std::ofstream(dir / "copy.db") << "precious";

    const auto copied = copy();

    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), "sqlite.copy_exists");
    EXPECT_EQ(std::filesystem::file_size(dir / "copy.db"), 8U);
}

TEST_F(AFrozenDatabase, GivenADiskThatFills_WhenCopied_ThenDiskFull) {
    FaultVfs vfs("copy-full");
    vfs.limit_file_bytes(100'000);

    const auto copied = copy({.vfs = vfs.name()});

    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), "disk.full") << copied.error().detail();
}

TEST_F(AFrozenDatabase, GivenASyncThatFails_WhenCopied_ThenItIsNotTakenForACopy) {
    FaultVfs vfs("copy-sync");
    vfs.fail(FaultVfs::Call::sync, 1, SQLITE_IOERR_FSYNC, true);

    const auto copied = copy({.vfs = vfs.name()});

    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), "disk.io_error") << copied.error().detail();
}

TEST_F(AFrozenDatabase, GivenItIsEndedOnTheWay_ThenItSaysSo) {
    const auto copied = copy({.go_on = [](int, int) { return false; }});

    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), "sqlite.copy_ended");
}

TEST_F(AFrozenDatabase, GivenAWriterThatGoesOn_WhenCopied_ThenTheCopyIsOfOneMomentAndTheWriterIsNotHeldUp) {
    int writes = 0;
    const auto copied = copy({.pages_per_step = 100, .go_on = [&](int done, int all) {
                                  EXPECT_LE(done, all);
                                  write_rows();
                                  EXPECT_TRUE(writer.checkpoint());
                                  return ++writes > 0;
                              }});

    ASSERT_TRUE(copied) << copied.error().detail();
    EXPECT_GT(writes, 2);
    EXPECT_EQ(rows_of_copy(), rows_written);
}

TEST_F(AFrozenDatabase, WhenCopied_ThenItIsOneFileOfItsOwnerThatAWriterCanOpen) {
    ASSERT_TRUE(copy());

    EXPECT_EQ(rows_of_copy(), rows_written);
    for (const auto* beside : {"copy.db-wal", "copy.db-shm", "copy.db-journal"}) {
        EXPECT_FALSE(std::filesystem::exists(dir / beside)) << beside;
    }
    struct stat seen{};
    ASSERT_EQ(::stat((dir / "copy.db").c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 0777U, 0600U);
    auto again = Database::open(dir / "copy.db", {}).value();
    EXPECT_TRUE(again.execute("DELETE FROM t"));
    EXPECT_EQ(again.query_int("PRAGMA user_version").value(), 7);
}

// The clock is read in each try, before anything is frozen.
TEST_F(AFrozenDatabase, GivenACommitInEveryTry_WhenFrozenTogether_ThenItGivesUpAtItsDeadlineAndThawsAll) {
    struct CommittingClock final : Clock {
        explicit CommittingClock(Database& d) : database(d) {}
        Instant now() const override {
            EXPECT_TRUE(database.execute("INSERT INTO t (body) VALUES (x'00')"));
            ++tries;
            return at += 1s;
        }
        WallTime wall() const override { return {}; }
        Database& database;
        mutable Instant at{};
        mutable int tries = 0;
    } const clock(writer);
    auto a = FrozenDatabase::open(dir / "a.db").value();
    std::vector<FrozenDatabase*> all{&a};

    const auto frozen = freeze_together(all, clock, Instant{} + 4s);

    ASSERT_FALSE(frozen);
    EXPECT_EQ(frozen.error().code(), "sqlite.no_common_moment");
    EXPECT_EQ(clock.tries, 4);
    EXPECT_TRUE(a.freeze()) << "it was thawed";
}

TEST_F(AFrozenDatabase, GivenTwoFiles_WhenFrozenTogetherAndWritten_ThenBothShowTheMomentBefore) {
    auto other_writer = Database::open(dir / "b.db", {}).value();
    ASSERT_TRUE(other_writer.execute("CREATE TABLE t (id INTEGER); PRAGMA user_version=1"));
    auto a = FrozenDatabase::open(dir / "a.db").value();
    auto b = FrozenDatabase::open(dir / "b.db").value();
    std::vector<FrozenDatabase*> both{&a, &b};
    const FakeClock clock;
    const auto before = a.commits_seen().value();

    ASSERT_TRUE(freeze_together(both, clock, clock.now() + 1s));
    ASSERT_TRUE(writer.execute("PRAGMA user_version=8"));
    ASSERT_TRUE(other_writer.execute("PRAGMA user_version=2"));

    EXPECT_EQ(a.schema_version().value(), 7);
    EXPECT_EQ(b.schema_version().value(), 1);
    EXPECT_NE(a.commits_seen().value(), before) << "a commit shows while it is frozen";
    a.thaw();
    ASSERT_TRUE(a.freeze());
    EXPECT_EQ(a.schema_version().value(), 8);
}

}  // namespace
}  // namespace orderflow::sqlite
