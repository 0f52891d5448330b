#include "libs/storage/postgres/postgres_store_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "libs/storage/store_walk_test.hpp"
#include "tests/contract/order_store_contract_walk.hpp"

namespace orderflow::storage {
namespace {

namespace samples = orders::samples;

class AStoreOnPostgres : public ::testing::Test {
  protected:
    Result<void> scan(Seen& seen) { return scan_postgres_store(rig.options().connect, clock, seen); }

    // A change of the database in the middle of a scan, when the first order is shown.
    struct Meanwhile final : Seen {
        void order(const orders::Order& order, std::span<const orders::OrderEvent> events,
                   std::span<const orders::LedgerPosting> postings) override {
            if (found.empty()) test_server().sql(sql);
            Seen::order(order, events, postings);
        }
        std::string sql;
    };

    SystemClock clock;
    PostgresRig rig;
};

TEST_F(AStoreOnPostgres, WhenScanned_ThenEverythingIsVisitedAsTheReaderShowsIt) {
    SeededEntropy entropy(3);
    for (int i = 0; i < 60; ++i) ASSERT_TRUE(rig.loop().run(rig.store().apply(orders::random_group(entropy))));
    ASSERT_TRUE(rig.bury(samples::order_id(1)));
    Seen seen;

    ASSERT_TRUE(scan(seen));

    ASSERT_FALSE(seen.found.empty());
    expect_as_read(seen, rig);
    EXPECT_EQ(seen.tombstones, std::vector{samples::order_id(1)});
    EXPECT_FALSE(seen.letters.empty());
}

TEST_F(AStoreOnPostgres, GivenMoreOrdersThanAPageHolds_ThenEachIsVisitedOnceWithItsHistory) {
    constexpr auto count = static_cast<std::uint32_t>(2 * orders_per_scan_page + 7);
    std::vector<orders::Change> group;
    for (std::uint32_t number = 0; number < count; ++number) group.push_back(placing(number, {{"print", 1}}));
    ASSERT_TRUE(rig.loop().run(rig.store().apply(std::move(group))));
    Seen seen;

    ASSERT_TRUE(scan(seen));

    std::set<orders::OrderId> ids;
    for (const auto& each : seen.found) {
        ids.insert(each.order.id);
        EXPECT_EQ(each.events.size(), static_cast<std::size_t>(each.order.version));
    }
    EXPECT_EQ(seen.found.size(), count);
    EXPECT_EQ(ids.size(), count);
}

TEST_F(AStoreOnPostgres, GivenWritesDuringTheScan_ThenItSeesTheMomentAtWhichItBegan) {
    for (std::uint32_t number = 0; number < 3; ++number) {
        ASSERT_TRUE(rig.loop().run(rig.store().apply(orders::group_of(placing(number)))));
    }
    Meanwhile seen;
    seen.sql = "DELETE FROM orders; UPDATE products SET reserved = 0; DELETE FROM order_events";

    ASSERT_TRUE(scan(seen));

    ASSERT_EQ(seen.found.size(), 3U);
    EXPECT_FALSE(seen.found.back().events.empty());
    EXPECT_EQ(seen.stock.at("mug").reserved, 3);
}

TEST_F(AStoreOnPostgres, GivenADamagedRow_ThenItIsNamed) {
    ASSERT_TRUE(rig.loop().run(rig.store().apply(orders::group_of(placing(1), placing(2)))));
    ASSERT_TRUE(rig.loop().run(rig.store().apply(orders::group_of(captured(1)))));
    for (const std::string table : {"ledger", "order_events", "order_bodies", "orders"}) {
        test_server().sql("UPDATE " + table + " SET record = set_byte(record, 3, 255 - get_byte(record, 3))");
        Seen seen;

        const auto scanned = scan(seen);

        ASSERT_FALSE(scanned) << table;
        EXPECT_EQ(scanned.error().code(), "store.damaged_row");
        EXPECT_THAT(scanned.error().detail(), ::testing::HasSubstr(table == "order_bodies" ? "orders" : table));
    }
}

TEST_F(AStoreOnPostgres, GivenNoSchema_ThenNoneIsMade) {
    auto options = rig.options().connect;
    options.url = test_server().url();
    Seen seen;

    const auto scanned = scan_postgres_store(options, clock, seen);

    ASSERT_FALSE(scanned);
    EXPECT_EQ(scanned.error().code(), "postgres.older_schema");
    EXPECT_EQ(test_server().sql("SELECT to_regclass('orders') IS NULL"), "t\n");
}

TEST_F(AStoreOnPostgres, WhileAProgramHasItOpen_ThenThatIsSaid) {
    ASSERT_TRUE(rig.loop().run(rig.store().apply(orders::group_of(placing(1)))));

    const auto alone = expect_no_program(rig.options().connect, clock);

    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().code(), "store.in_use");
}

}  // namespace
}  // namespace orderflow::storage
