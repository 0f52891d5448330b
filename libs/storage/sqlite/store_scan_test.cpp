#include "libs/storage/sqlite/store_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "libs/sqlite/database.hpp"
#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "tests/contract/order_store_contract_walk.hpp"

namespace orderflow::storage {
namespace {

namespace samples = orders::samples;

struct Seen final : StoreVisitor {
    struct Order {
        orders::Order order;
        std::vector<orders::OrderEvent> events;
        std::vector<orders::LedgerPosting> postings;
    };
    void order(const orders::Order& order, std::span<const orders::OrderEvent> events,
               std::span<const orders::LedgerPosting> postings) override {
        found.push_back({order, {events.begin(), events.end()}, {postings.begin(), postings.end()}});
    }
    void tombstone(const orders::OrderId& id) override { tombstones.push_back(id); }
    void product(const orders::ShelfItem& item) override { stock[item.product.sku.value()] = item.stock; }
    void dead_letter(const orders::StoredDeadLetter& letter) override { letters.push_back(letter.letter.message_id); }

    std::vector<Order> found;
    std::vector<orders::OrderId> tombstones;
    std::map<std::string, orders::Stock> stock;
    std::vector<std::string> letters;
};

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
    const auto items = setup.loop().run(setup.reader().products()).value();
    Seen seen;

    ASSERT_TRUE(scan_store(setup.path(), seen));

    ASSERT_FALSE(seen.found.empty());
    for (const auto& each : seen.found) {
        const auto id = each.order.id;
        EXPECT_EQ(setup.loop().run(setup.reader().find(id))->order, each.order);
        EXPECT_EQ(setup.loop().run(setup.reader().events(id, 0)), each.events);
        EXPECT_EQ(setup.loop().run(setup.reader().ledger(id)), each.postings);
    }
    EXPECT_EQ(seen.tombstones, std::vector{samples::order_id(1)});
    ASSERT_EQ(seen.stock.size(), items.size());
    for (const auto& item : items) EXPECT_EQ(seen.stock[item.product.sku.value()], item.stock);
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
