// What gathering the writes of a log must not change: what is on disk after a sync, what is read back, which errors are
// told.
#include "libs/sqlite/gathering_vfs.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "libs/sqlite/database.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/transaction.hpp"
#include "libs/testing/fault_vfs.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::sqlite {
namespace {

class Gathering : public ::testing::Test {
  protected:
    Gathering() : database(open()) {
        EXPECT_TRUE(database->execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB) STRICT"));
    }

    std::optional<Database> open() {
        OpenOptions options;
        options.vfs = disk.name();
        options.cache_kib = 64;
        auto opened = Database::open(dir / "a.db", options);
        EXPECT_TRUE(opened) << opened.error().detail();
        return std::move(opened).value();
    }
    // In one transaction; each row takes a page of its own.
    Result<void> insert(int rows) {
        auto transaction = Transaction::begin(*database);
        if (!transaction) return fail(transaction.error());
        auto statement = database->prepare("INSERT INTO t (body) VALUES (randomblob(3500))");
        for (int i = 0; i < rows; ++i) {
            if (auto ran = statement->run(); !ran) return fail(ran.error());
        }
        return transaction->commit();
    }
    std::int64_t rows() { return database->query_int("SELECT count(*) FROM t WHERE length(body) = 3500").value(); }
    std::string integrity() {
        auto check = database->prepare("PRAGMA integrity_check");
        auto row = check->query();
        return row.next().value() ? std::string(row.text(0)) : "(none)";
    }

    TempDir dir;
    FaultVfs disk{"under-gathering"};
    std::optional<Database> database;
};

TEST_F(Gathering, GivenATransactionOfManyPages_WhenCommitted_ThenItIsOneWriteAndOneSync) {
    ASSERT_TRUE(insert(1));  // the log's header is written
    disk.heal();

    ASSERT_TRUE(insert(10));

    EXPECT_EQ(disk.calls(FaultVfs::Call::write), 1U);
    EXPECT_EQ(disk.calls(FaultVfs::Call::sync), 1U);
}

TEST_F(Gathering, GivenATransactionLargerThanCacheAndBuffer_WhenItReadsItsOwnPages_ThenTheyAreThere) {
    auto transaction = Transaction::begin(*database);
    auto statement = database->prepare("INSERT INTO t (body) VALUES (randomblob(3500))");
    for (int i = 1; i <= 300; ++i) {
        ASSERT_TRUE(statement->run());
        if (i % 50 == 0) {
            EXPECT_EQ(rows(), i);
        }
    }
    ASSERT_TRUE(transaction->commit());

    EXPECT_EQ(rows(), 300);
    EXPECT_EQ(integrity(), "ok");
}

TEST_F(Gathering, GivenAReader_WhenATransactionIsCommitted_ThenItSeesAllOfIt) {
    OpenOptions options;
    options.role = Role::reader;
    options.vfs = disk.name();
    auto reader = Database::open(dir / "a.db", options).value();

    for (int i = 1; i <= 20; ++i) {
        ASSERT_TRUE(insert(3));
        EXPECT_EQ(reader.query_int("SELECT count(*) FROM t WHERE length(body) = 3500").value(), 3 * i);
    }
}

TEST_F(Gathering, GivenPowerCuts_WhenTheDatabaseIsOpenedAgain_ThenEveryCommittedRowIsThere) {
    SeededEntropy entropy(11);
    for (int committed = 3; committed <= 30; committed += 3) {
        ASSERT_TRUE(insert(3));
        auto unfinished = Transaction::begin(*database);
        ASSERT_TRUE(database->execute("INSERT INTO t (body) VALUES (randomblob(3500)), (randomblob(3500))"));
        disk.power_off();
        unfinished = fail(ErrorKind::internal, "over");
        database.reset();
        disk.power_on(entropy);
        database = open();
        EXPECT_EQ(rows(), committed);
        EXPECT_EQ(integrity(), "ok");
    }
}

TEST_F(Gathering, GivenAFullDisk_WhenCommitted_ThenTheCommitSaysSoAndTheNextOneWorks) {
    ASSERT_TRUE(insert(2));
    disk.fail(FaultVfs::Call::write, 1, SQLITE_FULL, true);

    const auto refused = insert(2);
    disk.heal();

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "disk.full");
    EXPECT_EQ(rows(), 2);
    ASSERT_TRUE(insert(2));
    EXPECT_EQ(rows(), 4);
    EXPECT_EQ(integrity(), "ok");
}

TEST_F(Gathering, GivenAWriteThatFails_WhenCommitted_ThenTheCommitSaysSo) {
    disk.fail(FaultVfs::Call::write, 1, SQLITE_IOERR_WRITE, true);

    const auto refused = insert(2);

    ASSERT_FALSE(refused);
    EXPECT_TRUE(is_fatal(refused.error())) << refused.error().code();
    disk.heal();
}

}  // namespace
}  // namespace orderflow::sqlite
