#include "libs/testing/sim_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <set>
#include <string>

#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_file.hpp"

namespace orderflow {
namespace {

using ::testing::Contains;
using ::testing::SizeIs;

constexpr std::size_t sector = SimFile::sector_bytes;

std::vector<std::byte> filled(std::size_t length, char with) { return {length, static_cast<std::byte>(with)}; }

std::string text_of(const SimFile& file) {
    std::string text;
    for (const auto byte : file.content()) text += static_cast<char>(byte);
    return text;
}

// One letter for each sector of a file.
std::string sectors_of(const SimFile& file) {
    std::string letters;
    for (std::size_t at = 0; at < file.size(); at += sector) letters += static_cast<char>(file.content()[at]);
    return letters;
}

TEST(SimFileTest, GivenAWriteThatWasNotSynced_WhenRead_ThenItIsThere) {
    SimFile file;
    file.write(2, filled(3, 'x'));

    std::vector<std::byte> read(8, std::byte{'-'});
    EXPECT_EQ(file.read(0, read), 5U);

    EXPECT_EQ(text_of(file), std::string("\0\0xxx", 5));
    EXPECT_EQ(read[7], std::byte{0});
}

TEST(SimFileTest, GivenSyncedSectors_WhenThePowerGoes_ThenTheyAreThereWhateverSurvivesOfTheRest) {
    for (std::uint64_t seed = 1; seed <= 64; ++seed) {
        SeededEntropy entropy(seed);
        SimFile file;
        file.write(0, filled(2 * sector, 'a'));
        file.sync();
        file.write(2 * sector, filled(sector, 'b'));

        file.cut_power(entropy, 128);

        EXPECT_EQ(sectors_of(file).substr(0, 2), "aa");
    }
}

TEST(SimFileTest, GivenThreeSectorsThatWereNotSynced_WhenThePowerGoes_ThenAnyChoiceOfThemSurvives) {
    std::set<std::string> outcomes;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SeededEntropy entropy(seed);
        SimFile file;
        file.write(0, filled(3 * sector, 'a'));
        file.sync();
        file.write(0, filled(3 * sector, 'b'));

        file.cut_power(entropy, 128);

        outcomes.insert(sectors_of(file));
    }
    EXPECT_THAT(outcomes, SizeIs(8));  // aaa, aab, ..., bbb: whole, torn, and with holes
}

TEST(SimFileTest, GivenNoOrAllSurvivors_WhenThePowerGoes_ThenNothingOrEverythingIsThere) {
    SeededEntropy entropy(1);
    SimFile none;
    none.write(0, filled(5 * sector, 'x'));
    none.cut_power(entropy, 0);
    EXPECT_EQ(none.size(), 0U);

    SimFile all;
    all.write(0, filled(5 * sector, 'x'));
    all.cut_power(entropy, 256);
    EXPECT_EQ(sectors_of(all), "xxxxx");
}

TEST(SimFileTest, GivenASyncThatFailed_WhenTheNextOneSucceeds_ThenWhatTheFirstLeftBehindIsStillNotOnTheMedium) {
    bool lost = false;
    for (std::uint64_t seed = 1; seed <= 16; ++seed) {
        SeededEntropy entropy(seed);
        SimFile file;
        file.write(0, filled(sector, 'a'));
        file.fail_sync(entropy);
        file.write(sector, filled(sector, 'b'));
        file.sync();
        EXPECT_EQ(sectors_of(file), "ab");  // readers see no difference

        file.cut_power(entropy, 0);

        EXPECT_EQ(file.content()[sector], std::byte{'b'});
        lost = lost || file.content()[0] != std::byte{'a'};
    }
    EXPECT_TRUE(lost);
}

TEST(SimFileTest, GivenASyncThatFailed_WhenTheSameIsWrittenAgainAndSynced_ThenItIsOnTheMedium) {
    for (std::uint64_t seed = 1; seed <= 16; ++seed) {
        SeededEntropy entropy(seed);
        SimFile file;
        file.write(0, filled(sector, 'a'));
        file.fail_sync(entropy);
        file.write(0, filled(sector, 'a'));
        file.sync();

        file.cut_power(entropy, 0);

        EXPECT_EQ(sectors_of(file), "a");
    }
}

TEST(SimFileTest, GivenADamagedBit_WhenThePowerGoes_ThenItStaysDamaged) {
    SeededEntropy entropy(1);
    SimFile file;
    file.write(0, filled(4, 'a'));
    file.sync();

    file.flip_bit(1, 0);
    file.cut_power(entropy, 0);

    EXPECT_EQ(text_of(file), "a`aa");
}

// The whole disk, as SQLite meets it.
class SimDiskTest : public ::testing::Test {
  protected:
    struct Connection {
        Connection(const SimDisk& disk, const char* path) {
            const auto flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
            code = sqlite3_open_v2(path, &db, flags, disk.vfs_name().c_str());
        }
        ~Connection() { sqlite3_close_v2(db); }
        Connection(const Connection&) = delete;
        Connection& operator=(const Connection&) = delete;

        int run(const char* sql) const { return sqlite3_exec(db, sql, nullptr, nullptr, nullptr); }
        int number(const char* sql) const {
            int result = -1;
            const auto keep = [](void* into, int, char** values, char**) {
                *static_cast<int*>(into) = std::atoi(values[0]);
                return 0;
            };
            sqlite3_exec(db, sql, keep, &result, nullptr);
            return result;
        }
        void set_up() const {
            ASSERT_EQ(run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(x)"), 0);
        }

        sqlite3* db = nullptr;
        int code = SQLITE_OK;
    };
    static constexpr auto insert = "INSERT INTO t VALUES (zeroblob(6000))";
    static constexpr auto count = "SELECT count(*) FROM t";

    SeededEntropy entropy_{1};
    SimDisk disk_{"sim-disk-test", entropy_};
};

TEST_F(SimDiskTest, GivenCommitsWithSync_WhenThePowerGoes_ThenAllAreThere) {
    {
        Connection writer(disk_, "/a.db");
        writer.set_up();
        for (int i = 0; i < 20; ++i) ASSERT_EQ(writer.run(insert), SQLITE_OK);
        disk_.stop();
    }
    disk_.restart_machine(0);

    Connection reader(disk_, "/a.db");
    EXPECT_EQ(reader.number(count), 20);
}

TEST_F(SimDiskTest, GivenADiskThatLies_WhenThePowerGoes_ThenCommitsAreLost) {
    disk_.lie(SimDisk::Lie::about_logs);
    {
        Connection writer(disk_, "/a.db");
        writer.set_up();
        for (int i = 0; i < 20; ++i) ASSERT_EQ(writer.run(insert), SQLITE_OK);
        disk_.stop();
    }
    disk_.restart_machine(0);

    Connection reader(disk_, "/a.db");
    EXPECT_NE(reader.number(count), 20);
}

TEST_F(SimDiskTest, GivenCommitsWithoutSync_WhenOnlyTheProcessEnds_ThenAllAreThere) {
    {
        Connection writer(disk_, "/a.db");
        writer.set_up();
        ASSERT_EQ(writer.run("PRAGMA synchronous=OFF"), SQLITE_OK);
        for (int i = 0; i < 20; ++i) ASSERT_EQ(writer.run(insert), SQLITE_OK);
        disk_.stop();
    }
    disk_.restart_process();

    Connection reader(disk_, "/a.db");
    EXPECT_EQ(reader.number(count), 20);
}

TEST_F(SimDiskTest, WhenTheNthCallIsToFail_ThenThatOneAloneFails) {
    Connection writer(disk_, "/a.db");
    writer.set_up();
    ASSERT_EQ(writer.run(insert), SQLITE_OK);
    disk_.fail(SimDisk::Call::sync, 3, SQLITE_IOERR_FSYNC);

    EXPECT_EQ(writer.run(insert), SQLITE_OK);
    EXPECT_EQ(writer.run(insert), SQLITE_OK);
    EXPECT_EQ(disk_.failures(), 0U);
    EXPECT_EQ(writer.run(insert), SQLITE_IOERR_FSYNC);
    EXPECT_EQ(disk_.failures(), 1U);
    EXPECT_EQ(writer.run(insert), SQLITE_OK);
}

TEST_F(SimDiskTest, GivenAFullDisk_WhenSomethingGrows_ThenItIsRefusedUntilThereIsRoom) {
    Connection writer(disk_, "/a.db");
    writer.set_up();
    disk_.limit_bytes(disk_.bytes_used() + 3'000);

    EXPECT_EQ(writer.run(insert), SQLITE_FULL);
    EXPECT_GT(disk_.full_writes(), 0U);
    EXPECT_EQ(writer.number(count), 0);

    disk_.limit_bytes(std::nullopt);
    EXPECT_EQ(writer.run(insert), SQLITE_OK);
    EXPECT_EQ(writer.number(count), 1);
}

TEST_F(SimDiskTest, GivenAStopInTheMiddleOfAChange_ThenNothingReachesTheDiskAnyMore) {
    {
        Connection writer(disk_, "/a.db");
        writer.set_up();
        ASSERT_EQ(writer.run(insert), SQLITE_OK);
        disk_.stop_at_change(1);
        EXPECT_NE(writer.run(insert), SQLITE_OK);
        EXPECT_TRUE(disk_.stopped());
        EXPECT_NE(writer.run(insert), SQLITE_OK);
    }
    disk_.restart_process();

    Connection reader(disk_, "/a.db");
    EXPECT_EQ(reader.number(count), 1);
}

TEST_F(SimDiskTest, GivenAFileAtRest_WhenABitFlips_ThenExactlyOneBitIsDifferent) {
    {
        Connection writer(disk_, "/a.db");
        writer.set_up();
    }
    const auto span = disk_.content("a.db");
    ASSERT_TRUE(span);
    const std::vector<std::byte> before(span->begin(), span->end());

    ASSERT_TRUE(disk_.flip_random_bit());

    const auto after = *disk_.content("a.db");
    int different = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        different += std::popcount(std::to_integer<unsigned>(before[i] ^ after[i]));
    }
    EXPECT_EQ(different, 1);
}

TEST_F(SimDiskTest, GivenTwoConnections_WhenOneWrites_ThenTheOtherIsHeldUpAndSeesItAfterwards) {
    Connection one(disk_, "/a.db");
    one.set_up();
    Connection other(disk_, "/a.db");
    ASSERT_EQ(one.run("BEGIN IMMEDIATE"), SQLITE_OK);
    ASSERT_EQ(one.run(insert), SQLITE_OK);

    EXPECT_EQ(other.number(count), 0);
    EXPECT_EQ(other.run("BEGIN IMMEDIATE") & 0xFF, SQLITE_BUSY);

    ASSERT_EQ(one.run("COMMIT"), SQLITE_OK);
    EXPECT_EQ(other.number(count), 1);
}

TEST_F(SimDiskTest, GivenANewLogWhoseDirectoryWasNotSynced_WhenThePowerGoes_ThenItMayBeGone) {
    std::set<bool> there;
    for (int round = 0; round < 32; ++round) {
        const auto path = "/" + std::to_string(round) + ".db";
        {
            Connection writer(disk_, path.c_str());
            ASSERT_EQ(writer.run("PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL; CREATE TABLE t(x)"), SQLITE_OK);
            disk_.stop();
        }
        disk_.restart_machine(128);
        there.insert(disk_.content(path.substr(1) + "-wal").has_value());
    }
    EXPECT_THAT(there, SizeIs(2));
    EXPECT_THAT(there, Contains(false));
}

TEST(SimDiskSeedTest, GivenTheSameSeed_WhenTheSameIsDone_ThenTheDiskHoldsTheSameBytes) {
    const auto after = [](std::uint64_t seed) {
        SeededEntropy entropy(seed);
        SimDisk disk("sim-disk-seed", entropy);
        sqlite3* db = nullptr;
        sqlite3_open_v2("/a.db", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "sim-disk-seed");
        sqlite3_exec(db, "PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1);", nullptr, nullptr,
                     nullptr);
        disk.stop();
        sqlite3_close_v2(db);
        disk.restart_machine(128);
        const auto log = disk.content("a.db-wal").value_or(std::span<const std::byte>());
        return std::vector<std::byte>(log.begin(), log.end());
    };
    EXPECT_EQ(after(7), after(7));
    EXPECT_NE(after(7), after(8));
}

}  // namespace
}  // namespace orderflow
