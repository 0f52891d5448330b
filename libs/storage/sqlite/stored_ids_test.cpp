// What the filter over the stored ids may say, and that a store keeps it right across restarts.
#include "libs/storage/sqlite/stored_ids.hpp"

#include <gtest/gtest.h>

#include <random>

#include "libs/storage/sqlite/id_scan.hpp"
#include "libs/storage/sqlite/sqlite_rig_test.hpp"

namespace orderflow::storage {
namespace {

namespace samples = orders::samples;

std::vector<orders::OrderId> random_ids(std::size_t count, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<orders::OrderId> ids;
    for (std::size_t i = 0; i < count; ++i) {
        orders::OrderId::Bytes bytes{};
        for (auto& byte : bytes) byte = static_cast<std::byte>(random());
        ids.emplace_back(bytes);
    }
    return ids;
}

std::size_t excluded(const StoredIds& filter, const std::vector<orders::OrderId>& ids) {
    return static_cast<std::size_t>(std::ranges::count_if(ids, [&](const auto& id) { return filter.excludes(id); }));
}

TEST(StoredIds, GivenIdsThatAreNotComplete_ThenNothingIsExcluded) {
    const StoredIds filter(0);

    EXPECT_EQ(excluded(filter, random_ids(1000, 1)), 0U);
}

TEST(StoredIds, GivenStoredIds_ThenNoneOfThemIsEverExcluded) {
    StoredIds filter(0);
    const auto stored = random_ids(200'000, 1);
    for (const auto& id : stored) filter.add(id);
    filter.complete();

    EXPECT_EQ(excluded(filter, stored), 0U);
}

TEST(StoredIds, GivenAsManyOrdersAsThereIsRoomFor_ThenFewNewIdsAreTakenForStoredOnes) {
    StoredIds filter(0);
    for (const auto& id : random_ids(1'000'000, 1)) filter.add(id);
    filter.complete();

    EXPECT_GT(excluded(filter, random_ids(10'000, 2)), 9'900U);
}

TEST(StoredIds, GivenIdsThatDifferInOneBit_ThenOneSaysNothingOfTheOther) {
    StoredIds filter(0);
    filter.add(orders::OrderId());
    filter.complete();
    std::vector<orders::OrderId> others;
    for (std::size_t bit = 0; bit < orders::OrderId::size * 8; ++bit) {
        orders::OrderId::Bytes bytes{};
        bytes[bit / 8] = static_cast<std::byte>(1U << bit % 8);
        others.emplace_back(bytes);
    }

    EXPECT_EQ(excluded(filter, others), others.size());
}

TEST(StoredIds, GivenAnAbsurdNumberOfOrders_ThenItsMemoryIsBounded) {
    EXPECT_LE(StoredIds(~std::uint64_t{0}).bytes(), 128U << 20U);
}

// Orders as the index of a store has them.
class TheScanOfStoredIds : public testing::TestWithParam<std::size_t> {};

TEST_P(TheScanOfStoredIds, ThenItEndsAndHasSeenEveryId) {
    const TempDir dir;
    auto database = sqlite::Database::open(dir / "ids.db", {}).value();
    ASSERT_TRUE(database.execute("CREATE TABLE orders (id BLOB NOT NULL UNIQUE)"));
    const auto stored = random_ids(GetParam(), 3);
    {
        auto insert = database.prepare("INSERT INTO orders VALUES (?1)").value();
        for (const auto& id : stored) ASSERT_TRUE(insert.run(sqlite::Blob(id.bytes())));
    }
    StoredIds filter(0);
    auto scan = IdScan::prepare(database, 3).value();

    std::size_t steps = 1;
    for (auto all = scan.step(filter); !*all; all = scan.step(filter)) ASSERT_LE(++steps, stored.size() + 1);
    filter.complete();

    EXPECT_EQ(excluded(filter, stored), 0U);
}

INSTANTIATE_TEST_SUITE_P(Sizes, TheScanOfStoredIds, testing::Values(0, 1, 2, 3, 4, 5, 6, 7, 100));

TEST(StoredIds, GivenAStoreWithOrders_WhenItIsOpenedAgain_ThenTheyAreNotExcludedAndNewOnesAre) {
    SqliteRig setup;
    ASSERT_TRUE(setup.loop().run(setup.store().apply(orders::group_of(samples::place(samples::order_id(1))))));

    setup.restart();
    EXPECT_FALSE(setup.store().stored_ids()->excludes(samples::order_id(2))) << "not all ids were read yet";
    setup.loop().run_ready();

    EXPECT_FALSE(setup.store().stored_ids()->excludes(samples::order_id(1)));
    EXPECT_TRUE(setup.store().stored_ids()->excludes(samples::order_id(2)));
}

TEST(StoredIds, GivenARepeatedOrder_WhileTheIdsAreStillRead_ThenItIsSeen) {
    SqliteRig setup;
    const auto place = samples::place(samples::order_id(1));
    ASSERT_TRUE(setup.loop().run(setup.store().apply(orders::group_of(place))));
    setup.restart();

    const auto again = setup.loop().run(setup.store().apply(orders::group_of(place)));

    ASSERT_TRUE(again && again->front());
    EXPECT_FALSE(again->front()->changed);
}

TEST(StoredIds, GivenAKeyOfNoOrder_ThenItsFingerprintNeedsNoRead) {
    SqliteRig setup;
    SimLoop asleep;  // runs nothing
    const auto reader = SqliteOrderReader::open(asleep, setup.path(), setup.store().stored_ids()).value();
    ASSERT_TRUE(setup.loop().run(setup.store().apply(orders::group_of(samples::place(samples::order_id(1))))));

    const auto found = setup.loop().run(reader->fingerprints({samples::order_id(2), samples::order_id(3)}));

    ASSERT_TRUE(found);
    EXPECT_EQ(*found, std::vector<std::optional<orders::Fingerprint>>(2));
}

}  // namespace
}  // namespace orderflow::storage
