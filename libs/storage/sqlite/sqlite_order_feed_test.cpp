#include "libs/storage/sqlite/sqlite_order_feed.hpp"

#include <gmock/gmock.h>

#include "libs/storage/sqlite/sqlite_rig_test.hpp"

namespace orderflow::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace samples = orders::samples;

// The store of another process, as far as SQLite can tell: it has a connection of its own.
class AFeedBesideTheStore : public orders::OrderStoreFixture<SqliteRig> {
  protected:
    AFeedBesideTheStore() { feed = open().value(); }

    Result<std::unique_ptr<SqliteOrderFeed>> open() {
        return SqliteOrderFeed::open(setup.loop(), setup.loop().clock(), {.path = setup.path(), .poll = 50ms});
    }
    std::unique_ptr<orders::OrderFeed::Subscription> listen(std::uint32_t order) {
        auto subscription = feed->subscribe(
            samples::order_id(order), [this, order](std::int32_t version) { heard.emplace_back(order, version); });
        setup.loop().run_ready();
        return subscription;
    }

    std::unique_ptr<SqliteOrderFeed> feed;
    std::vector<std::pair<std::uint32_t, std::int32_t>> heard;
};

TEST_F(AFeedBesideTheStore, GivenNoStore_WhenOpened_ThenItCannot) {
    const auto missing = SqliteOrderFeed::open(setup.loop(), setup.loop().clock(), {.path = setup.path() + "-none"});

    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code(), "sqlite.cannot_open");
}

TEST_F(AFeedBesideTheStore, GivenAListener_WhenItsOrderChanges_ThenItHearsOfItWithinAPoll) {
    apply(placing(1));
    const auto subscription = listen(1);
    heard.clear();

    apply(placing(2));
    setup.loop().advance(50ms);
    EXPECT_THAT(heard, IsEmpty()) << "another order";

    apply(captured(1));
    setup.loop().advance(50ms);
    EXPECT_THAT(heard, ElementsAre(std::pair(1U, order(1).version)));
    setup.loop().advance(1s);
    EXPECT_EQ(heard.size(), 1U) << "nothing more has happened";
}

TEST_F(AFeedBesideTheStore, GivenAFirstListener_ThenItIsCalledOnceWithoutAChange) {
    apply(placing(1));

    const auto subscription = listen(1);

    EXPECT_THAT(heard, ElementsAre(std::pair(1U, 0)));
}

TEST_F(AFeedBesideTheStore, GivenManyOrdersInOneCommit_ThenEachListenerHearsOfItsOwn) {
    const auto first = listen(1);
    const auto third = listen(3);
    heard.clear();

    apply_group(orders::group_of(placing(1), placing(2), placing(3)));
    setup.loop().advance(50ms);

    EXPECT_THAT(heard, testing::UnorderedElementsAre(std::pair(1U, order(1).version), std::pair(3U, order(3).version)));
}

TEST_F(AFeedBesideTheStore, GivenNobodyListensAnyMore_ThenItStopsLooking_AndBeginsAnewForTheNext) {
    auto subscription = listen(1);
    subscription.reset();
    setup.loop().advance(50ms);
    EXPECT_EQ(setup.loop().next_timer(), std::nullopt);

    apply(placing(1));
    heard.clear();
    subscription = listen(1);
    EXPECT_THAT(heard, ElementsAre(std::pair(1U, 0)));
    apply(captured(1));
    setup.loop().advance(50ms);
    EXPECT_EQ(heard.back(), std::pair(1U, order(1).version));
}

}  // namespace
}  // namespace orderflow::storage
