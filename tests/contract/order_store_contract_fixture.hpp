// What the suites of the order store's contract share.
//
// An Adapter gives: `SimLoop& loop()`, `orders::OrderStore& store()`, `orders::OrderReader& reader()`,
// `orders::OldestOrders& oldest()`, `orders::OrderBurial& burial()`, `orders::OrderFeed& feed()`, `Result<void>
// bury(id)` at whatever version it is, and `void restart()` (made anew over the same durable state; a store without one
// does nothing). It is opened with samples::pricing() and the catalogue of samples::SampleShelf: 10 mugs at 12.50 EUR,
// 3 lamps at 45.00 EUR, 1000 prints at 0.00 EUR; Germany pays 19 % and 5.00 EUR of shipping.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "libs/orders/ports/order_feed.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/orders/ports/order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::orders {

inline std::vector<ShelfItem> sample_catalogue() {
    std::vector<ShelfItem> items;
    for (const auto& [sku, item] : samples::SampleShelf().items()) items.push_back(item);
    return items;
}

template <class... Changes>
std::vector<Change> group_of(Changes... changes) {
    std::vector<Change> group;
    (group.emplace_back(std::move(changes)), ...);
    return group;
}

template <class Adapter>
class OrderStoreFixture : public ::testing::Test {
  protected:
    using Steps = std::vector<Result<Step>>;

    static OrderId id(std::uint32_t number) { return samples::order_id(number); }
    static PlaceOrder placing(std::uint32_t number, const samples::Lines& lines, PaymentMethod payment) {
        return samples::place(id(number), samples::draft(lines, std::move(payment)));
    }
    static PlaceOrder placing(std::uint32_t number, const samples::Lines& lines = {{"mug", 2}}) {
        return placing(number, lines, samples::token("tok_ok"));
    }
    static SettleCharge captured(std::uint32_t number) {
        return {id(number), charge_effect(id(number)), EffectState::captured, "pay_" + std::to_string(number)};
    }
    static SettleCharge declined(std::uint32_t number) {
        return {id(number), charge_effect(id(number)), EffectState::declined, "pay", "card-declined"};
    }
    static SettleRefund refunded(std::uint32_t number) {
        return {id(number), refund_effect(id(number)), EffectState::refunded, "back"};
    }
    static SettleRefund voided(std::uint32_t number) {
        return {id(number), refund_effect(id(number)), EffectState::voided, "none"};
    }
    static CancelOrder cancelling(std::uint32_t number, std::string command = "c1") {
        return {id(number), std::move(command), "customer", samples::at(5)};
    }
    static RecordFailure failing(std::uint32_t number, std::string message = "m1") {
        return {id(number), samples::letter(std::move(message))};
    }

    Result<Steps> try_apply(std::vector<Change> group) { return loop().run(setup.store().apply(std::move(group))); }
    Steps apply_group(std::vector<Change> group) {
        auto steps = try_apply(std::move(group));
        if (!steps) ADD_FAILURE() << steps.error().code() << ": " << steps.error().detail();
        return steps ? *std::move(steps) : Steps();
    }
    Step apply(Change change) {
        auto steps = apply_group(group_of(std::move(change)));
        if (steps.size() != 1 || !steps[0]) {
            ADD_FAILURE() << (steps.empty() ? "no step" : steps[0].error().detail());
            return Step(Step::Kind::finished);
        }
        return *std::move(steps[0]);
    }
    Step confirm(std::uint32_t number, const samples::Lines& lines = {{"mug", 2}}) {
        apply(placing(number, lines));
        return apply(captured(number));
    }

    template <class T>
    T value_of(Result<T> result) {
        if (!result) ADD_FAILURE() << result.error().code() << ": " << result.error().detail();
        return std::move(result).value();
    }
    OrderLookup find(std::uint32_t number) { return value_of(loop().run(setup.reader().find(id(number)))); }
    Order order(std::uint32_t number) {
        auto found = find(number);
        if (!found.order) ADD_FAILURE() << "order " << number << " is not stored";
        return std::move(found.order).value();
    }
    std::vector<OrderEvent> events(std::uint32_t number, std::int32_t after = 0) {
        return value_of(loop().run(setup.reader().events(id(number), after)));
    }
    std::vector<std::string> event_names(std::uint32_t number) {
        std::vector<std::string> names;
        for (const auto& event : events(number)) names.emplace_back(to_string(event.type));
        return names;
    }
    std::vector<LedgerPosting> ledger(std::uint32_t number) {
        return value_of(loop().run(setup.reader().ledger(id(number))));
    }
    std::vector<StoredDeadLetter> letters(std::int64_t after = 0, std::uint32_t limit = 100) {
        return value_of(loop().run(setup.reader().dead_letters(after, limit)));
    }
    Stock stock(std::string_view sku) {
        for (const auto& item : value_of(loop().run(setup.reader().products()))) {
            if (item.product.sku.value() == sku) return item.stock;
        }
        ADD_FAILURE() << sku << " is not in the catalogue";
        return {};
    }
    OrderPage list(OrderQuery query) { return value_of(loop().run(setup.reader().list(std::move(query)))); }

    // What the shop has got for one order: the balance of the provider's account.
    std::int64_t received(std::uint32_t number) {
        std::int64_t sum = 0;
        for (const auto& posting : ledger(number)) {
            if (posting.debit == provider_account) sum += posting.amount;
            if (posting.credit == provider_account) sum -= posting.amount;
        }
        return sum;
    }

    SimLoop& loop() { return setup.loop(); }

    Adapter setup;
};

}  // namespace orderflow::orders
