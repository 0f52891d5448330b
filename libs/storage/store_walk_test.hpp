// Seen: a StoreVisitor that keeps all that it is shown; for tests.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "libs/storage/store_walk.hpp"

namespace orderflow::storage {

struct Seen : StoreVisitor {
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
    void command(const orders::CommandRecord& record) override { commands.push_back(record.id); }
    void product(const orders::ShelfItem& item) override { stock[item.product.sku.value()] = item.stock; }
    void dead_letter(const orders::StoredDeadLetter& letter) override { letters.push_back(letter.letter.message_id); }

    std::vector<Order> found;
    std::vector<orders::OrderId> tombstones;
    std::vector<std::string> commands;
    std::map<std::string, orders::Stock> stock;
    std::vector<std::string> letters;
};

// What was seen is what the setup's reader shows.
template <class Setup>
void expect_as_read(const Seen& seen, Setup& setup) {
    for (const auto& each : seen.found) {
        const auto id = each.order.id;
        EXPECT_EQ(setup.loop().run(setup.reader().find(id))->order, each.order);
        EXPECT_EQ(setup.loop().run(setup.reader().events(id, 0)), each.events);
        EXPECT_EQ(setup.loop().run(setup.reader().ledger(id)), each.postings);
    }
    const auto items = setup.loop().run(setup.reader().products()).value();
    ASSERT_EQ(seen.stock.size(), items.size());
    for (const auto& item : items) EXPECT_EQ(seen.stock.at(item.product.sku.value()), item.stock);
}

}  // namespace orderflow::storage
