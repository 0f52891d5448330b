// Orders that are over: kept for their time, then in the archive first and out of the store afterwards.
#include "worker-service/retention_sweeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "libs/async/spawner.hpp"
#include "libs/json/parse.hpp"
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::worker {
namespace {

using orders::OrderStatus;
using testing::ElementsAre;
using testing::IsEmpty;

class MemoryArchive final : public orders::OrderArchive {
  public:
    explicit MemoryArchive(orders::OrderReader& reader) : reader_(reader) {}
    task<Result<void>> keep(std::string text) override {
        if (failure) co_return fail(*failure);
        for (std::size_t at = 0; at < text.size();) {
            const auto end = text.find('\n', at);
            const auto line = json::parse(std::string_view(text).substr(at, end - at), {.bytes = 1 << 16}).value();
            const auto id = orders::OrderId::parse(*line.find("order")->find("id")->string()).value();
            EXPECT_TRUE((co_await reader_.find(id)).value().order) << "archived before it goes";
            EXPECT_FALSE(line.find("events")->array()->empty());
            ids.push_back(id);
            at = end + 1;
        }
        co_return Result<void>();
    }

    std::optional<Error> failure;
    std::vector<orders::OrderId> ids;

  private:
    orders::OrderReader& reader_;
};

struct Told final : RetentionObserver {
    void archived(std::size_t orders) override { count += orders; }
    void retention_failed(const Error& why) override { failures.push_back(why.code()); }
    std::size_t count = 0;
    std::vector<std::string> failures;
};

class Retention : public ::testing::Test {
  protected:
    ~Retention() override { loop.run(sweeper.stop(Instant::max())); }

    static orders::OrderId id(std::uint32_t order) { return orders::samples::order_id(order); }
    void apply(orders::Change change) {
        std::vector<orders::Change> group;
        group.push_back(std::move(change));
        (void)loop.run(store.apply(std::move(group)));
    }
    // At the time that it is now.
    void place(std::uint32_t order, const char* sku) {
        apply(orders::PlaceOrder(id(order), orders::samples::draft({{sku, 1}}), orders::samples::fingerprint(1),
                                 loop.clock().wall()));
    }
    void reject(std::uint32_t order) {
        place(order, "unicorn");
        ASSERT_EQ(status(order), OrderStatus::rejected);
    }
    void confirm(std::uint32_t order) {
        place(order, "mug");
        apply(orders::SettleCharge(id(order), charge_effect(id(order)), orders::EffectState::captured, "ref"));
        ASSERT_EQ(status(order), OrderStatus::confirmed);
    }
    std::optional<OrderStatus> status(std::uint32_t order) {
        const auto found = loop.run(store.find(id(order))).value();
        return found.order ? std::optional(found.order->status) : std::nullopt;
    }
    bool is_buried(std::uint32_t order) { return loop.run(store.find(id(order))).value().tombstone.has_value(); }

    static std::vector<orders::ShelfItem> catalogue() {
        std::vector<orders::ShelfItem> items;
        for (const auto& [sku, item] : orders::samples::SampleShelf().items()) items.push_back(item);
        return items;
    }

    SimLoop loop;
    orders::TablePricing pricing = orders::samples::pricing();
    storage::InMemoryOrderStore store{loop.clock(), pricing, catalogue()};
    MemoryArchive archive{store};
    Told told;
    RetentionSweeper sweeper{{store, store, store, archive, told},
                             {loop, Spawner(loop.context().get_executor()), loop.clock()},
                             RetentionPolicy{.keep = std::chrono::days(30)}};
};

TEST_F(Retention, GivenAnArchiveThatCannotBeWritten_WhenSwept_ThenNothingLeavesTheStoreUntilItCan) {
    reject(1);
    archive.failure.emplace(ErrorKind::unavailable, "disk.full");
    sweeper.start();

    loop.advance(std::chrono::days(31));

    EXPECT_FALSE(is_buried(1));
    EXPECT_THAT(told.failures, testing::Contains("disk.full"));
    archive.failure.reset();
    loop.advance(std::chrono::hours(2));
    EXPECT_TRUE(is_buried(1));
    EXPECT_THAT(archive.ids, ElementsAre(id(1)));
}

TEST_F(Retention, GivenAWallClockThatIsSetFarForward_WhenSwept_ThenNothingIsArchived) {
    reject(1);
    sweeper.start();

    loop.clock().jump_wall(std::chrono::days(400));
    loop.advance(std::chrono::hours(3));

    EXPECT_FALSE(is_buried(1));
}

TEST_F(Retention, GivenAnOrderThatMayStillBeFulfilled_WhenItIsOld_ThenItStays) {
    confirm(1);
    sweeper.start();

    loop.advance(std::chrono::days(365));

    EXPECT_EQ(status(1), OrderStatus::confirmed);
    EXPECT_THAT(archive.ids, IsEmpty());
}

TEST_F(Retention, GivenOrdersOfDifferentAge_WhenTimePasses_ThenEachGoesWhenItsTimeIsOver) {
    reject(1);
    sweeper.start();
    loop.advance(std::chrono::days(20));
    reject(2);

    loop.advance(std::chrono::days(10) + std::chrono::hours(2));

    EXPECT_TRUE(is_buried(1));
    EXPECT_FALSE(is_buried(2));
    loop.advance(std::chrono::days(20));
    EXPECT_TRUE(is_buried(2));
    EXPECT_THAT(archive.ids, ElementsAre(id(1), id(2)));
    EXPECT_EQ(told.count, 2U);
}

TEST_F(Retention, GivenMoreThanAGroup_WhenSwept_ThenAllGoInOneRound) {
    for (std::uint32_t order = 1; order <= 50; ++order) reject(order);
    loop.advance(std::chrono::days(31));
    confirm(51);

    sweeper.start();
    loop.advance(std::chrono::minutes(1));

    EXPECT_EQ(archive.ids.size(), 50U);
    EXPECT_EQ(told.count, 50U);
    EXPECT_FALSE(is_buried(51));
}

// The reader of a worker whose list is old when it reads the events: meanwhile another one has buried the orders.
class LateReader final : public orders::OldestOrders {
  public:
    LateReader(storage::InMemoryOrderStore& store, orders::OrderId taken) : store_(store), taken_(taken) {}
    task<Result<orders::OrderPage>> oldest(orders::OldestQuery query) override {
        auto page = co_await store_.oldest(query);
        if (page && !page->orders.empty()) (void)co_await store_.bury(taken_, page->orders.front().version);
        co_return page;
    }
    task<Result<std::int64_t>> complete_through() override { return store_.complete_through(); }

  private:
    storage::InMemoryOrderStore& store_;
    orders::OrderId taken_;
};

TEST_F(Retention, GivenAnotherWorkerThatWasFaster_WhenSwept_ThenItsOrderIsNeitherArchivedNorCountedHere) {
    reject(1);
    reject(2);
    loop.advance(std::chrono::days(31));
    LateReader late(store, id(1));
    RetentionSweeper second({late, store, store, archive, told},
                            {loop, Spawner(loop.context().get_executor()), loop.clock()},
                            RetentionPolicy{.keep = std::chrono::days(30)});

    second.start();
    loop.advance(std::chrono::minutes(1));
    loop.run(second.stop(Instant::max()));

    EXPECT_THAT(archive.ids, ElementsAre(id(2)));
    EXPECT_EQ(told.count, 1U);
}

// Buried by another worker when it is in both archives.
class LateBurial final : public orders::OrderBurial {
  public:
    explicit LateBurial(storage::InMemoryOrderStore& store) : store_(store) {}
    task<Result<bool>> bury(orders::OrderId id, std::int32_t version) override {
        (void)co_await store_.bury(id, version);
        co_return co_await store_.bury(id, version);
    }

  private:
    storage::InMemoryOrderStore& store_;
};

TEST_F(Retention, GivenAnotherWorkerThatBuriesFirst_WhenSwept_ThenOnlyThatOneCounts) {
    reject(1);
    loop.advance(std::chrono::days(31));
    LateBurial late(store);
    RetentionSweeper second({store, store, late, archive, told},
                            {loop, Spawner(loop.context().get_executor()), loop.clock()},
                            RetentionPolicy{.keep = std::chrono::days(30)});

    second.start();
    loop.advance(std::chrono::minutes(1));
    loop.run(second.stop(Instant::max()));

    EXPECT_TRUE(is_buried(1));
    EXPECT_EQ(told.count, 0U);
}

TEST_F(Retention, GivenABuriedOrder_WhenItsMessageComesAgain_ThenItDoesNotRiseAndItsKeyIsStillTaken) {
    reject(1);
    sweeper.start();
    loop.advance(std::chrono::days(31));
    ASSERT_TRUE(is_buried(1));

    apply(orders::samples::place(id(1), orders::samples::draft({{"mug", 1}})));

    EXPECT_TRUE(is_buried(1));
    const auto known = loop.run(store.fingerprints({id(1)})).value();
    EXPECT_TRUE(known.at(0)) << "other content under its key is refused by it";
}

}  // namespace
}  // namespace orderflow::worker
