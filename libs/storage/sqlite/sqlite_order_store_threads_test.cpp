// The store and its readers on threads of their own, called from several loops at once.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/storage/sqlite/sqlite_order_reader.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::storage {
namespace {

namespace samples = orders::samples;

constexpr std::uint32_t loops = 3;
constexpr std::uint32_t orders_per_loop = 40;

struct Counts {
    std::atomic<int> confirmed = 0;
    std::atomic<int> heard = 0;
};

// Places and settles its orders one after another; each step must be visible to a reader at once.
task<void> buy(orders::OrderStore& store, orders::OrderReader& reader, orders::OrderFeed& feed, std::uint32_t loop,
               Counts& counts) {
    for (std::uint32_t n = 0; n < orders_per_loop; ++n) {
        const auto id = samples::order_id(loop * 1000 + n);
        const auto subscription = feed.subscribe(id, [&](std::int32_t) { ++counts.heard; });
        const auto placed =
            co_await store.apply(orders::group_of(samples::place(id, samples::draft({{"print", 1}, {"mug", 1}}))));
        EXPECT_TRUE(placed && placed->front());
        const auto seen = co_await reader.find(id);
        EXPECT_TRUE(seen && seen->order);
        const auto settled = co_await store.apply(
            orders::group_of(orders::SettleCharge(id, charge_effect(id), orders::EffectState::captured, "ref")));
        EXPECT_TRUE(settled && settled->front());
        const auto after = co_await reader.find(id);
        if (after && after->order && after->order->status == orders::OrderStatus::confirmed) ++counts.confirmed;
    }
}

TEST(SqliteOrderStoreThreads, GivenSeveralLoops_WhenTheyBuyAtOnce_ThenNothingIsOversoldAndEveryoneSeesTheirOwn) {
    const TempDir dir;
    SystemClock clock;
    const auto pricing = samples::pricing();
    ThreadExecutor writer(clock, "store");
    ThreadExecutor reading(clock, "reader");
    SqliteStoreOptions options;
    options.path = dir / "orders.db";
    options.first_catalogue = orders::sample_catalogue();
    options.checkpoint_pages = 20;
    auto store = SqliteOrderStore::open(writer, clock, pricing, options);
    ASSERT_TRUE(store) << store.error().detail();
    auto reader = SqliteOrderReader::open(reading, options.path);
    ASSERT_TRUE(reader) << reader.error().detail();

    Counts counts;
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t loop = 0; loop < loops; ++loop) {
            threads.emplace_back([&, loop] {
                boost::asio::io_context context;
                boost::asio::co_spawn(context, buy(**store, **reader, **store, loop, counts), boost::asio::detached);
                context.run();
            });
        }
    }

    EXPECT_EQ(counts.confirmed, 10) << "there are ten mugs";
    EXPECT_GE(counts.heard, static_cast<int>(loops * orders_per_loop));
    writer.stop();
    reading.stop();
}

}  // namespace
}  // namespace orderflow::storage
