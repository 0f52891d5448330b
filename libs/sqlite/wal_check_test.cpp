// Real logs, written by SQLite, damaged byte by byte.
#include "libs/sqlite/wal_check.hpp"

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "libs/sqlite/database.hpp"
#include "libs/sqlite/statement.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::sqlite {
namespace {

constexpr std::size_t header_bytes = 32;
constexpr std::size_t frame_bytes = 24 + 4096;

std::vector<std::byte> content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto bytes = as_blob(text);
    return {bytes.begin(), bytes.end()};
}

std::size_t frames_in(const std::vector<std::byte>& wal) { return (wal.size() - header_bytes) / frame_bytes; }

void flip(std::vector<std::byte>& bytes, std::size_t at) { bytes.at(at) ^= std::byte{0x10}; }

// Runs a command as an operator would, in a shell.
int exit_status_of(std::string command) {
    std::string shell = "sh";
    std::string option = "-c";
    char* const arguments[] = {shell.data(), option.data(), command.data(), nullptr};
    pid_t child = 0;
    if (::posix_spawn(&child, "/bin/sh", nullptr, nullptr, arguments, environ) != 0) return -1;
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void insert_rows(Database& database, int transactions) {
    for (int i = 0; i < transactions; ++i) {
        // About 12 kB: several frames for each transaction.
        ASSERT_TRUE(database.execute("INSERT INTO t VALUES (zeroblob(12000))"));
    }
}

// The log of ten transactions, as it lies there while the writer runs.
std::vector<std::byte> log_of_ten_transactions(const TempDir& dir) {
    auto database = Database::open(dir / "a.db", {});
    EXPECT_TRUE(database->execute("CREATE TABLE t (body BLOB)"));
    insert_rows(*database, 10);
    return content_of(dir / "a.db-wal");
}

TEST(WalCheck, GivenAnIntactLog_ThenThereIsNoDamage) {
    const TempDir dir;

    const auto wal = log_of_ten_transactions(dir);

    ASSERT_GT(frames_in(wal), 30U);
    EXPECT_FALSE(find_wal_damage(wal));
}

TEST(WalCheck, GivenALogCutAtAnyByte_ThenItIsATornTail) {
    const TempDir dir;
    const auto wal = log_of_ten_transactions(dir);

    for (std::size_t size = 0; size < wal.size(); size += 1021) {
        EXPECT_FALSE(find_wal_damage(std::span(wal).first(size))) << size << " bytes";
    }
}

TEST(WalCheck, GivenAFlippedByteBeforeTheLastTwoTransactions_ThenItIsFoundWithItsPlace) {
    const TempDir dir;
    const auto wal = log_of_ten_transactions(dir);
    const auto acknowledged = frames_in(wal) - 2 * 4 - 1;  // a transaction has four frames at most

    for (std::size_t frame = 0; frame < acknowledged; ++frame) {
        for (const std::size_t in_frame : {0U, 5U, 9U, 17U, 24U, 2000U, 4119U}) {
            auto damaged = wal;
            flip(damaged, header_bytes + frame * frame_bytes + in_frame);

            const auto damage = find_wal_damage(damaged);

            ASSERT_TRUE(damage) << "frame " << frame << " byte " << in_frame;
            EXPECT_EQ(damage->frame, frame);
            EXPECT_EQ(damage->offset, header_bytes + frame * frame_bytes);
        }
    }
}

TEST(WalCheck, GivenAFlippedByteInTheLastFrame_ThenItIsATornTail) {
    const TempDir dir;
    auto wal = log_of_ten_transactions(dir);

    flip(wal, wal.size() - 1);

    EXPECT_FALSE(find_wal_damage(wal));
}

TEST(WalCheck, GivenADamagedHeaderBeforeFrames_ThenItIsDamage) {
    const TempDir dir;
    const auto wal = log_of_ten_transactions(dir);

    for (std::size_t at = 0; at < header_bytes; ++at) {
        if (at >= 12 && at < 16) continue;
        auto damaged = wal;
        flip(damaged, at);
        EXPECT_TRUE(find_wal_damage(damaged)) << "byte " << at;
    }
}

TEST(WalCheck, GivenFramesOfAnOlderRoundBehindTheNewOnes_ThenThereIsNoDamage) {
    const TempDir dir;
    auto database = Database::open(dir / "a.db", {});
    ASSERT_TRUE(database->execute("CREATE TABLE t (body BLOB)"));
    insert_rows(*database, 10);
    ASSERT_TRUE(database->checkpoint());
    insert_rows(*database, 3);  // from the start of the log again
    auto wal = content_of(dir / "a.db-wal");
    ASSERT_GT(frames_in(wal), 30U);

    EXPECT_FALSE(find_wal_damage(wal));
    flip(wal, header_bytes + 100);
    EXPECT_TRUE(find_wal_damage(wal)) << "the new round is still checked";
}

// A large transaction spills frames into the log before it commits; rolled back, they stay behind the next commit.
TEST(WalCheck, GivenFramesOfARolledBackTransactionBehindATornOne_ThenThereIsNoDamage) {
    const TempDir dir;
    OpenOptions small_cache;
    small_cache.cache_kib = 40;
    auto database = Database::open(dir / "a.db", small_cache);
    ASSERT_TRUE(database->execute("CREATE TABLE t (body BLOB)"));
    ASSERT_TRUE(database->execute("BEGIN; INSERT INTO t VALUES (zeroblob(900000)); ROLLBACK"));
    const auto spilled = frames_in(content_of(dir / "a.db-wal"));
    insert_rows(*database, 1);
    auto wal = content_of(dir / "a.db-wal");
    ASSERT_GT(spilled, 50U);
    ASSERT_EQ(frames_in(wal), spilled) << "the small transaction lies in front of the spilled frames";

    flip(wal, header_bytes + 3 * frame_bytes + 100);  // the first frames of the small transaction

    EXPECT_FALSE(find_wal_damage(wal));
}

TEST(OpeningADamagedLog, ThenItIsRefusedWithARepairCommandThatWorks) {
    const TempDir dir;
    {
        auto database = Database::open(dir / "b.db", {});
        ASSERT_TRUE(database->execute("CREATE TABLE t (body BLOB)"));
        insert_rows(*database, 10);
        std::filesystem::copy_file(dir / "b.db", dir / "c.db");
        std::filesystem::copy_file(dir / "b.db-wal", dir / "c.db-wal");
    }
    {
        std::fstream file(dir / "c.db-wal", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(header_bytes + 8 * frame_bytes + 77);
        file.put('!');
    }

    const auto refused = Database::open(dir / "c.db", {});

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "disk.wal_damaged");
    const auto& detail = refused.error().detail();
    EXPECT_NE(detail.find(std::to_string(header_bytes + 8 * frame_bytes)), std::string::npos) << detail;
    ASSERT_EQ(exit_status_of(detail.substr(detail.find("cp -- "))), 0);
    auto repaired = Database::open(dir / "c.db", {});
    ASSERT_TRUE(repaired) << repaired.error().detail();
    EXPECT_GT(repaired->query_int("SELECT count(*) FROM t").value(), 0);
    EXPECT_TRUE(std::filesystem::exists(dir / "c.db-wal.damaged"));
}

}  // namespace
}  // namespace orderflow::sqlite
