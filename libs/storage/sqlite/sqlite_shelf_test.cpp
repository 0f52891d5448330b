// The last checks before stock is written: behind the rules of decide(), before the constraints of the database.
#include "libs/storage/sqlite/sqlite_shelf.hpp"

#include <gtest/gtest.h>

#include "libs/sqlite/migrations.hpp"
#include "libs/storage/sqlite/schema.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::storage {
namespace {

class Shelf : public ::testing::Test {
  protected:
    Shelf() {
        EXPECT_TRUE(shelf_.fill(orders::sample_catalogue()));
        shelf_.begin();
    }
    static sqlite::Database open() {
        auto database = sqlite::Database::open(":memory:", {}).value();
        EXPECT_TRUE(sqlite::migrate(database, order_store_application_id, order_store_migrations));
        return database;
    }
    static orders::StockMove mugs(std::int64_t reserve) { return {*orders::Sku::parse("mug"), reserve}; }

    sqlite::Database database_ = open();
    SqliteShelf shelf_ = SqliteShelf::prepare(database_).value();
};

TEST_F(Shelf, GivenMovesThatLeaveItsBounds_ThenTheyAreRefusedAndNothingMoves) {
    for (const auto reserve : {11, -1}) {
        const auto moved = shelf_.move({mugs(reserve)});

        ASSERT_FALSE(moved);
        EXPECT_EQ(moved.error().code(), "store.stock");
    }
    EXPECT_EQ(shelf_.find(*orders::Sku::parse("mug"))->stock.reserved, 0);
}

TEST_F(Shelf, GivenStockThatIsNotWhatWasRead_WhenWritten_ThenItIsRefused) {
    ASSERT_TRUE(shelf_.move({mugs(2)}));
    ASSERT_TRUE(database_.execute("UPDATE products SET on_hand = on_hand - 5 WHERE sku = 'mug'"));

    const auto written = shelf_.flush();

    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), "store.stock_changed");
}

}  // namespace
}  // namespace orderflow::storage
