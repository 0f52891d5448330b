#include "libs/sqlite/database.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/migrations.hpp"
#include "libs/sqlite/transaction.hpp"
#include "libs/testing/fault_vfs.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::sqlite {
namespace {

OpenOptions as(Role role, const std::string& vfs = {}) {
    OpenOptions options;
    options.role = role;
    options.vfs = vfs;
    return options;
}

Database opened(const std::string& path, const OpenOptions& options = {}) {
    auto database = Database::open(path, options);
    if (!database) ADD_FAILURE() << database.error().detail();
    return std::move(database).value();
}

void execute(Database& database, std::string_view sql) {
    const auto done = database.execute(sql);
    EXPECT_TRUE(done) << done.error().detail();
}

class ADatabase : public ::testing::Test {
  protected:
    ADatabase() : writer(opened(dir / "a.db")) {
        execute(writer,
                "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB, n INTEGER CHECK (n < 10))");
    }
    TempDir dir;
    Database writer;
};

TEST_F(ADatabase, GivenEveryTypeOfValue_WhenReadBack_ThenItIsTheSame) {
    auto insert = writer.prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4)");
    auto select = writer.prepare("SELECT * FROM t");
    const std::string body("\0\1\2", 3);

    ASSERT_TRUE(insert->run(std::int64_t{1} << 62U, "n\xc3\xa4me", as_blob(body), std::nullopt));

    auto row = select->query();
    ASSERT_TRUE(row.next().value());
    EXPECT_EQ(row.integer(0), std::int64_t{1} << 62U);
    EXPECT_EQ(row.text(1), "n\xc3\xa4me");
    EXPECT_EQ(as_text(row.blob(2)), body);
    EXPECT_TRUE(row.is_null(3));
    EXPECT_EQ(row.optional_integer(3), std::nullopt);
    EXPECT_FALSE(row.next().value());
}

TEST_F(ADatabase, GivenEmptyTextAndBlob_WhenReadBack_ThenTheyAreEmptyAndNotNull) {
    auto insert = writer.prepare("INSERT INTO t VALUES (1, ?1, ?2, 0)");
    auto select = writer.prepare("SELECT name, body FROM t");

    ASSERT_TRUE(insert->run(std::string_view(), Blob()));

    auto row = select->query();
    ASSERT_TRUE(row.next().value());
    EXPECT_FALSE(row.is_null(0));
    EXPECT_FALSE(row.is_null(1));
}

TEST_F(ADatabase, WhenAStatementRuns_ThenItTellsHowManyRowsChanged) {
    execute(writer, "INSERT INTO t (id, n) VALUES (1, 1), (2, 1)");
    auto update = writer.prepare("UPDATE t SET n = 2 WHERE n = ?1");

    EXPECT_EQ(update->run(1).value(), 2);
    EXPECT_EQ(update->run(1).value(), 0);
}

TEST_F(ADatabase, GivenAViolatedConstraint_ThenItIsAConflictAboutThisRowOnly) {
    auto insert = writer.prepare("INSERT INTO t (id, n) VALUES (1, ?1)");

    const auto refused = insert->run(10);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::conflict);
    EXPECT_EQ(refused.error().code(), "sqlite.constraint");
    EXPECT_TRUE(is_about_one_row(refused.error()));
    EXPECT_TRUE(insert->run(9)) << "the statement can be used again";
}

TEST_F(ADatabase, GivenATransactionThatIsNotCommitted_ThenNothingOfItStays) {
    {
        auto transaction = Transaction::begin(writer);
        ASSERT_TRUE(transaction);
        execute(writer, "INSERT INTO t (id) VALUES (1)");
    }

    EXPECT_EQ(writer.query_int("SELECT count(*) FROM t").value(), 0);
    EXPECT_FALSE(writer.in_transaction());
}

TEST_F(ADatabase, GivenASavepointThatIsNotReleased_ThenOnlyItsChangesAreUndone) {
    auto transaction = Transaction::begin(writer);
    execute(writer, "INSERT INTO t (id) VALUES (1)");
    {
        auto savepoint = Savepoint::begin(writer);
        ASSERT_TRUE(savepoint);
        execute(writer, "INSERT INTO t (id) VALUES (2)");
    }
    {
        auto savepoint = Savepoint::begin(writer);
        execute(writer, "INSERT INTO t (id) VALUES (3)");
        ASSERT_TRUE(savepoint->release());
    }
    ASSERT_TRUE(transaction->commit());

    EXPECT_EQ(writer.query_int("SELECT sum(id) FROM t").value(), 4);
}

TEST_F(ADatabase, WhenOpenedAsWriter_ThenCommitsAreOnDisk) {
    EXPECT_EQ(writer.query_int("PRAGMA synchronous").value(), 2) << "FULL";
    EXPECT_EQ(writer.query_int("PRAGMA foreign_keys").value(), 1);
    struct stat status{};
    ASSERT_EQ(::stat((dir / "a.db").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(ADatabase, GivenAReader_ThenItSeesCommitsAndCannotWrite) {
    auto reader = opened(dir / "a.db", as(Role::reader));
    const auto before = reader.data_version().value();

    execute(writer, "INSERT INTO t (id) VALUES (1)");

    EXPECT_EQ(reader.query_int("SELECT count(*) FROM t").value(), 1);
    EXPECT_NE(reader.data_version().value(), before);
    const auto refused = reader.execute("INSERT INTO t (id) VALUES (2)");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "disk.read_only");
}

TEST_F(ADatabase, GivenAReadTransaction_ThenItsViewDoesNotChange) {
    auto reader = opened(dir / "a.db", as(Role::reader));
    auto view = Transaction::begin(reader, Locking::read);
    EXPECT_EQ(reader.query_int("SELECT count(*) FROM t").value(), 0);

    execute(writer, "INSERT INTO t (id) VALUES (1)");

    EXPECT_EQ(reader.query_int("SELECT count(*) FROM t").value(), 0);
}

TEST_F(ADatabase, GivenASecondWriter_WhenBothWrite_ThenTheSecondIsBusyAtOnce) {
    auto other = opened(dir / "a.db");
    auto held = Transaction::begin(writer);
    ASSERT_TRUE(held);

    const auto second = Transaction::begin(other);

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), "sqlite.busy");
    EXPECT_EQ(second.error().kind(), ErrorKind::unavailable);
}

TEST(OpeningADatabase, GivenNoFile_WhenReading_ThenItIsAnErrorAndNoFileAppears) {
    const TempDir dir;

    const auto database = Database::open(dir / "none.db", as(Role::reader));

    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), "sqlite.cannot_open");
    EXPECT_FALSE(std::filesystem::exists(dir / "none.db"));
}

TEST(OpeningADatabase, GivenNoDirectory_ThenTheErrorNamesThePath) {
    const TempDir dir;

    const auto database = Database::open(dir / "missing/a.db", {});

    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), "sqlite.cannot_open");
    EXPECT_NE(database.error().detail().find("missing/a.db"), std::string::npos);
}

TEST(OpeningADatabase, GivenAFileThatIsNoDatabase_ThenItIsCorruptAndUntouched) {
    const TempDir dir;
    const std::string text(5000, 'x');
    std::ofstream(dir / "a.db") << text;

    const auto database = Database::open(dir / "a.db", {});

    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), "disk.corrupt");
    EXPECT_TRUE(is_fatal(database.error()));
    EXPECT_EQ(std::filesystem::file_size(dir / "a.db"), text.size());
}

constexpr std::int32_t our_id = 0x4f464c57;
constexpr std::array steps{Migration{"CREATE TABLE a (id INTEGER PRIMARY KEY)"},
                           Migration{"CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO b VALUES (7)"}};

TEST(Migrate, GivenAnOldVersion_ThenOnlyTheMissingStepsRun) {
    const TempDir dir;
    auto database = opened(dir / "a.db");
    ASSERT_TRUE(migrate(database, our_id, std::span(steps).first(1)));
    execute(database, "INSERT INTO a VALUES (1)");

    ASSERT_TRUE(migrate(database, our_id, steps));
    ASSERT_TRUE(migrate(database, our_id, steps)) << "a second time changes nothing";

    EXPECT_EQ(database.query_int("SELECT count(*) FROM a").value(), 1);
    EXPECT_EQ(database.query_int("SELECT count(*) FROM b").value(), 1);
    EXPECT_EQ(database.query_int("PRAGMA user_version").value(), 2);
}

TEST(Migrate, GivenANewerVersion_ThenItIsRefusedWithBothVersions) {
    const TempDir dir;
    auto database = opened(dir / "a.db");
    ASSERT_TRUE(migrate(database, our_id, steps));

    const auto refused = migrate(database, our_id, std::span(steps).first(1));

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "sqlite.newer_version");
    EXPECT_NE(refused.error().detail().find("version 2"), std::string::npos);
    EXPECT_NE(refused.error().detail().find("up to 1"), std::string::npos);
}

TEST(Migrate, GivenAnotherProgramsDatabase_ThenItIsRefusedAndUnchanged) {
    const TempDir dir;
    auto database = opened(dir / "a.db");
    execute(database, "CREATE TABLE theirs (id)");

    const auto refused = migrate(database, our_id, steps);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "sqlite.other_application");
    EXPECT_EQ(database.query_int("SELECT count(*) FROM sqlite_schema").value(), 1);
}

TEST(Migrate, GivenAStepThatFails_ThenAllThatWereDueAreUndoneAndTheVersionStays) {
    const TempDir dir;
    auto database = opened(dir / "a.db");
    constexpr std::array broken{Migration{"CREATE TABLE a (id)"}, Migration{"CREATE TABLE b (id); SELECT nonsense"}};

    EXPECT_FALSE(migrate(database, our_id, broken));
    EXPECT_EQ(database.query_int("PRAGMA user_version").value(), 0);
    EXPECT_EQ(database.query_int("SELECT count(*) FROM sqlite_schema").value(), 0);

    ASSERT_TRUE(migrate(database, our_id, std::span(broken).first(1)));
    EXPECT_FALSE(migrate(database, our_id, broken));
    EXPECT_EQ(database.query_int("PRAGMA user_version").value(), 1);
    EXPECT_EQ(database.query_int("SELECT count(*) FROM sqlite_schema").value(), 1);
}

TEST(OpeningAtRest, GivenAFileOfOurs_ThenItIsReadAndNotWritten) {
    const TempDir dir;
    {
        auto writer = opened(dir / "a.db");
        ASSERT_TRUE(migrate(writer, our_id, steps));
    }

    auto database = open_at_rest(dir / "a.db", our_id, steps);

    ASSERT_TRUE(database) << database.error().detail();
    EXPECT_EQ(database->query_int("SELECT id FROM b").value(), 7);
    EXPECT_FALSE(database->execute("DELETE FROM b"));
}

TEST(OpeningAtRest, GivenWhatACrashLeftInTheLog_ThenItIsReadAndLeftThere) {
    const TempDir dir;
    auto options = as(Role::writer);
    options.checkpoint_pages = 1'000'000;
    auto writer = opened(dir / "a.db", options);
    ASSERT_TRUE(migrate(writer, our_id, steps));
    std::filesystem::create_directory(dir / "crashed");
    for (const auto* file : {"a.db", "a.db-wal"}) std::filesystem::copy(dir / file, dir.path() / "crashed" / file);
    const auto log_bytes = std::filesystem::file_size(dir / "crashed/a.db-wal");

    {
        auto database = open_at_rest(dir / "crashed/a.db", our_id, steps);
        ASSERT_TRUE(database) << database.error().detail();
        EXPECT_EQ(database->query_int("SELECT id FROM b").value(), 7);
    }

    EXPECT_EQ(std::filesystem::file_size(dir / "crashed/a.db-wal"), log_bytes);
}

TEST(OpeningAtRest, GivenADamagedPageOfAnIndex_ThenItIsRefused) {
    const TempDir dir;
    constexpr std::array indexed{
        Migration{"CREATE TABLE a (name); CREATE INDEX by_name ON a (name);"
                  "INSERT INTO a VALUES ('one'), ('two'), ('three')"}};
    std::int64_t page = 0;
    {
        auto writer = opened(dir / "a.db");
        ASSERT_TRUE(migrate(writer, our_id, indexed));
        page = writer.query_int("SELECT rootpage FROM sqlite_schema WHERE name = 'by_name'").value();
    }
    ASSERT_TRUE(open_at_rest(dir / "a.db", our_id, indexed));

    constexpr std::streamoff page_bytes = 4096;
    std::fstream file(dir / "a.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(page * page_bytes - 2);  // the last letter of the first entry
    file.put('X');
    file.close();

    EXPECT_EQ(open_at_rest(dir / "a.db", our_id, indexed).error().code(), "disk.corrupt");
}

TEST(OpeningAtRest, GivenAnotherFile_ThenItIsRefusedAndNoneIsMade) {
    const TempDir dir;
    EXPECT_EQ(open_at_rest(dir / "a.db", our_id, steps).error().code(), "sqlite.missing");
    EXPECT_FALSE(std::filesystem::exists(dir / "a.db"));
    {
        auto writer = opened(dir / "a.db");
        ASSERT_TRUE(migrate(writer, our_id, steps));
    }

    EXPECT_EQ(open_at_rest(dir / "a.db", our_id + 1, steps).error().code(), "sqlite.other_application");
    EXPECT_EQ(open_at_rest(dir / "a.db", our_id, std::span(steps).first(1)).error().code(), "sqlite.newer_version");
    const std::array more{steps[0], steps[1], Migration{"CREATE TABLE c (id)"}};
    EXPECT_EQ(open_at_rest(dir / "a.db", our_id, more).error().code(), "sqlite.older_version");
}

TEST(AFailingDisk, WhenItIsFull_ThenItIsUnavailableAndNotFatalAndWorksAgainLater) {
    const TempDir dir;
    FaultVfs vfs("full");
    auto database = opened(dir / "a.db", as(Role::writer, "full"));
    execute(database, "CREATE TABLE t (body BLOB)");

    vfs.limit_file_bytes(100'000);
    const auto refused = database.execute("INSERT INTO t VALUES (zeroblob(200000))");
    vfs.limit_file_bytes(std::nullopt);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::unavailable);
    EXPECT_EQ(refused.error().code(), "disk.full");
    EXPECT_FALSE(is_fatal(refused.error()));
    EXPECT_FALSE(database.in_transaction());
    execute(database, "INSERT INTO t VALUES (zeroblob(200000))");
    EXPECT_EQ(database.query_int("SELECT count(*) FROM t").value(), 1);
}

TEST(AFailingDisk, WhenASyncFails_ThenItIsFatal) {
    const TempDir dir;
    FaultVfs vfs("sync");
    auto database = opened(dir / "a.db", as(Role::writer, "sync"));
    execute(database, "CREATE TABLE t (body BLOB)");

    vfs.fail(FaultVfs::Call::sync, 1, SQLITE_IOERR_FSYNC);
    const auto refused = database.execute("INSERT INTO t VALUES (1)");

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "disk.io_error");
    EXPECT_TRUE(is_fatal(refused.error()));
}

TEST(Checkpoint, WhenTheLogHasGrown_ThenACommitMovesItAndTheLogStartsAnew) {
    const TempDir dir;
    auto options = as(Role::writer);
    options.checkpoint_pages = 20;
    auto database = opened(dir / "a.db", options);
    execute(database, "CREATE TABLE t (body BLOB)");

    for (int i = 0; i < 100; ++i) {
        auto transaction = Transaction::begin(database);
        execute(database, "INSERT INTO t VALUES (zeroblob(3000))");
        ASSERT_TRUE(transaction->commit());
    }

    EXPECT_LT(std::filesystem::file_size(dir / "a.db-wal"), 40U * 4096U);
    EXPECT_GT(std::filesystem::file_size(dir / "a.db"), 50U * 4096U);
}

TEST(EmptyLog, GivenAReaderThatNeedsAPartOfIt_ThenItStaysUntilTheReaderIsDoneAndWhatIsCommittedIsThere) {
    const TempDir dir;
    auto options = as(Role::writer);
    options.checkpoints = Checkpoints::by_owner;
    auto writer = opened(dir / "a.db", options);
    execute(writer, "CREATE TABLE t (body TEXT); INSERT INTO t VALUES ('first')");
    auto reader = opened(dir / "a.db", as(Role::reader));
    {
        auto read = Transaction::begin(reader, Locking::read);
        ASSERT_TRUE(read);
        ASSERT_EQ(reader.query_int("SELECT count(*) FROM t").value(), 1);
        execute(writer, "INSERT INTO t VALUES ('second')");

        EXPECT_FALSE(writer.empty_log().value());
        EXPECT_EQ(reader.query_int("SELECT count(*) FROM t").value(), 1);
        EXPECT_GT(std::filesystem::file_size(dir / "a.db-wal"), 0U);
    }

    EXPECT_TRUE(writer.empty_log().value());

    EXPECT_EQ(std::filesystem::file_size(dir / "a.db-wal"), 0U);
    EXPECT_EQ(reader.query_int("SELECT count(*) FROM t").value(), 2);
    execute(writer, "INSERT INTO t VALUES ('third')");
    EXPECT_EQ(reader.query_int("SELECT count(*) FROM t").value(), 3);
}

TEST(EmptyLog, WhenASyncFails_ThenTheErrorIsFatalAndSeen) {
    const TempDir dir;
    FaultVfs vfs("empty log");
    auto options = as(Role::writer, "empty log");
    options.checkpoints = Checkpoints::by_owner;
    auto database = opened(dir / "a.db", options);
    execute(database, "CREATE TABLE t (body BLOB)");

    vfs.fail(FaultVfs::Call::sync, 2, SQLITE_IOERR_FSYNC);
    const auto emptied = database.empty_log();

    ASSERT_FALSE(emptied);
    EXPECT_TRUE(is_fatal(emptied.error()));
}

TEST(Checkpoint, WhenItsSyncFails_ThenTheErrorIsFatalAndSeen) {
    const TempDir dir;
    FaultVfs vfs("checkpoint");
    auto options = as(Role::writer, "checkpoint");
    options.checkpoints = Checkpoints::by_owner;
    options.checkpoint_pages = 1;
    auto database = opened(dir / "a.db", options);
    execute(database, "CREATE TABLE t (body BLOB)");

    vfs.fail(FaultVfs::Call::sync, 2, SQLITE_IOERR_FSYNC);  // the first is the log's, the second the database file's
    const auto moved = database.checkpoint_if_due();

    ASSERT_FALSE(moved);
    EXPECT_TRUE(is_fatal(moved.error()));
}

}  // namespace
}  // namespace orderflow::sqlite
