#include "libs/storage/sqlite/store_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/sqlite/database.hpp"
#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "libs/storage/store_walk_test.hpp"
#include "tests/contract/order_store_contract_walk.hpp"

namespace orderflow::storage {
namespace {

namespace samples = orders::samples;

class AStoreAtRest : public orders::OrderStoreFixture<SqliteRig> {
  protected:
    void tamper(const std::string& sql) {
        setup.close();
        ASSERT_TRUE(sqlite::Database::open(setup.path(), {}).value().execute(sql));
    }
};

TEST_F(AStoreAtRest, WhenScanned_ThenEverythingIsVisitedAsTheReaderShowsIt) {
    SeededEntropy entropy(3);
    for (int i = 0; i < 60; ++i) setup.loop().run(setup.store().apply(orders::random_group(entropy)));
    ASSERT_TRUE(setup.bury(samples::order_id(1)));
    Seen seen;

    ASSERT_TRUE(scan_store(setup.path(), seen));

    ASSERT_FALSE(seen.found.empty());
    expect_as_read(seen, setup);
    EXPECT_EQ(seen.tombstones, std::vector{samples::order_id(1)});
}

TEST_F(AStoreAtRest, GivenADamagedRow_ThenItIsNamed) {
    this->apply(this->placing(1));
    for (const auto* table : {"orders", "order_bodies", "order_events"}) {
        tamper(std::string("UPDATE ") + table + " SET record = zeroblob(length(record))");
        Seen seen;

        const auto scanned = scan_store(setup.path(), seen);

        ASSERT_FALSE(scanned) << table;
        EXPECT_EQ(scanned.error().code(), "disk.corrupt");
    }
}

TEST_F(AStoreAtRest, GivenNoFile_ThenNoneIsMade) {
    Seen seen;

    const auto scanned = scan_store(setup.path() + ".absent", seen);

    ASSERT_FALSE(scanned);
    EXPECT_EQ(scanned.error().code(), "sqlite.missing");
    EXPECT_FALSE(std::filesystem::exists(setup.path() + ".absent"));
}

}  // namespace
}  // namespace orderflow::storage
