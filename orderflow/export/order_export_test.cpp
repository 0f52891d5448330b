#include "orderflow/export/order_export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "libs/json/parse.hpp"
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The store, a moment later: between the page of an order and its history somebody changes the order.
class LateReader final : public orders::OrderReader {
  public:
    LateReader(orders::OrderReader& store, const std::function<task<void>()>& meanwhile)
        : store_(store), meanwhile_(meanwhile) {}

    task<Result<std::vector<orders::OrderEvent>>> events(orders::OrderId id, std::int32_t after) override {
        if (meanwhile_) co_await meanwhile_();
        co_return co_await store_.events(id, after);
    }
    task<Result<std::vector<orders::LedgerPosting>>> ledger(orders::OrderId id) override { return store_.ledger(id); }
    task<Result<orders::OrderLookup>> find(orders::OrderId id) override { return store_.find(id); }
    task<Result<std::vector<std::optional<orders::Fingerprint>>>> fingerprints(
        std::vector<orders::OrderId> ids) override {
        return store_.fingerprints(std::move(ids));
    }
    task<Result<std::vector<orders::ShelfItem>>> products() override { return store_.products(); }
    task<Result<orders::OrderPage>> list(orders::OrderQuery query) override { return store_.list(std::move(query)); }
    task<Result<std::vector<orders::StoredDeadLetter>>> dead_letters(std::int64_t after, std::uint32_t limit) override {
        return store_.dead_letters(after, limit);
    }

  private:
    orders::OrderReader& store_;
    const std::function<task<void>()>& meanwhile_;
};

class AnExport : public ::testing::Test {
  protected:
    // Accepted at that many seconds.
    void place(std::uint32_t number, std::int64_t seconds) {
        std::vector<orders::Change> group;
        group.emplace_back(orders::PlaceOrder(orders::samples::order_id(number), orders::samples::draft({{"print", 1}}),
                                              orders::samples::fingerprint(1), orders::samples::at(seconds)));
        ASSERT_TRUE(loop.run(store.apply(std::move(group))));
    }
    Result<void> run(ExportRange range = {}) {
        const WriteLines write = [this](std::string_view text) {
            if (room == 0) return false;
            --room;
            for (std::size_t at = 0; at < text.size();) {
                const auto end = text.find('\n', at);
                EXPECT_NE(end, std::string_view::npos) << "whole lines";
                lines.emplace_back(text.substr(at, end - at));
                at = end + 1;
            }
            return true;
        };
        const std::function<void(const ExportProgress&)> tell = [this](const ExportProgress&) {
            ++told;
            if (after_page) after_page();
        };
        LateReader reader(store, before_history);
        return loop.run(export_orders(store, reader, range, write, tell, progress));
    }
    task<void> conflicting(orders::OrderId id) {
        std::vector<orders::Change> group;
        group.emplace_back(orders::PlaceOrder(id, orders::samples::draft({{"print", 2}}),
                                              orders::samples::fingerprint(2), orders::samples::at(9)));
        EXPECT_TRUE(co_await store.apply(std::move(group)));
    }
    std::vector<std::int64_t> numbers() const {
        std::vector<std::int64_t> found;
        for (const auto& line : lines) {
            const auto document = json::parse(line, {.bytes = 1 << 16}).value();
            found.push_back(document.find("order")->find("number")->number()->to_int64().value());
            EXPECT_FALSE(document.find("events")->array()->empty());
        }
        return found;
    }

    SimLoop loop;
    orders::TablePricing pricing = orders::samples::pricing();
    storage::InMemoryOrderStore store{loop.clock(), pricing, {}};
    std::vector<std::string> lines;
    ExportProgress progress;
    int room = 1000;  // pages that can be written
    int told = 0;
    std::function<void()> after_page;
    std::function<task<void>()> before_history;
};

TEST_F(AnExport, GivenAnOutputThatFails_ThenItTellsHowFarItCameAndGoesOnFromThere) {
    for (std::uint32_t number = 1; number <= 250; ++number) place(number, number);
    room = 2;

    const auto cut = run();

    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code(), "export.not_written");
    EXPECT_EQ(progress.orders, 200U);
    ASSERT_EQ(lines.size(), 200U);
    EXPECT_EQ(numbers().back(), progress.through);
    room = 1000;
    ASSERT_TRUE(run({.after = progress.through}));
    EXPECT_EQ(lines.size(), 250U);
    EXPECT_EQ(numbers().back(), 250);
}

TEST_F(AnExport, GivenOrdersThatComeMeanwhile_ThenItEndsWithThoseThatWereThere) {
    for (std::uint32_t number = 1; number <= 150; ++number) place(number, number);
    after_page = [this, next = 151U]() mutable {
        for (int more = 0; more < 100; ++more, ++next) place(next, next);
    };

    ASSERT_TRUE(run());

    EXPECT_EQ(numbers().size(), 150U);
    EXPECT_EQ(progress.through, 150);
}

TEST_F(AnExport, GivenAChangeAfterAnOrdersPageWasRead_ThenItsLineShowsOneMoment) {
    place(1, 1);
    const auto id = orders::samples::order_id(1);
    const auto seen = loop.run(store.find(id)).value().order.value();
    before_history = [this, id] { return conflicting(id); };

    ASSERT_TRUE(run());

    const auto document = json::parse(lines.at(0), {.bytes = 1 << 16}).value();
    EXPECT_EQ(document.find("order")->find("version")->number()->to_int64(), seen.version);
    EXPECT_EQ(document.find("events")->array()->size(), static_cast<std::size_t>(seen.version));
    EXPECT_GT(loop.run(store.find(id)).value().order.value().version, seen.version) << "order.conflict came meanwhile";
}

TEST_F(AnExport, GivenNoOrders_ThenItIsEmpty) {
    EXPECT_TRUE(run());

    EXPECT_THAT(lines, IsEmpty());
    EXPECT_EQ(told, 1);
}

TEST_F(AnExport, GivenTimes_ThenTheFirstBelongsToItAndTheLastDoesNot) {
    for (std::uint32_t number = 1; number <= 4; ++number) place(number, number * 10);

    ASSERT_TRUE(run({.from = orders::samples::at(20), .to = orders::samples::at(40)}));

    EXPECT_THAT(numbers(), ElementsAre(2, 3));
    EXPECT_EQ(progress.through, 4) << "all were looked at";
}

TEST_F(AnExport, GivenATombstone_ThenItIsPassedOver) {
    place(1, 1);
    place(2, 2);
    const auto id = orders::samples::order_id(1);
    const auto version = loop.run(store.find(id)).value().order.value().version;
    ASSERT_TRUE(loop.run(store.bury(id, version))) << "an unknown product: rejected";

    ASSERT_TRUE(run());

    EXPECT_THAT(numbers(), ElementsAre(2));
}

}  // namespace
}  // namespace orderflow
