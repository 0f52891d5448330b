// The business rules for one order: what decide() takes to place it and to settle its charge. One thread, no disk.
#include <benchmark/benchmark.h>

#include "bench/pieces/bench_orders.hpp"
#include "libs/orders/domain/decide.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::bench {
namespace {

constexpr std::size_t different = 1024;

orders::samples::SampleShelf shelf_of_the_catalogue() {
    orders::samples::SampleShelf shelf;
    for (const auto& item : catalogue()) {
        shelf.add(item.product.sku.value(), item.product.prices, item.stock.on_hand);
    }
    return shelf;
}

std::vector<orders::PlaceOrder> orders_of_a_shop() {
    SeededEntropy entropy(1);
    std::vector<orders::PlaceOrder> result;
    for (std::size_t n = 0; n < different; ++n) result.push_back(random_order(entropy, n));
    return result;
}

void DecidePlace(benchmark::State& state) {
    const auto shelf = shelf_of_the_catalogue();
    const auto pricing = orders::samples::pricing();
    const auto placed = orders_of_a_shop();
    const std::vector<orders::Change> changes(placed.begin(), placed.end());
    std::size_t n = 0;
    for (auto _ : state) {
        const auto decision = orders::decide(changes[n++ % different], {}, shelf, pricing, orders::samples::at(1));
        if (decision.step.kind != orders::Step::Kind::charge) state.SkipWithError("an order was not to be charged");
        benchmark::DoNotOptimize(decision);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecidePlace);

void DecideCharge(benchmark::State& state) {
    const auto shelf = shelf_of_the_catalogue();
    const auto pricing = orders::samples::pricing();
    std::vector<orders::Order> reserved;
    std::vector<orders::Change> outcomes;
    for (const auto& order : orders_of_a_shop()) {
        outcomes.emplace_back(captured(order));
        reserved.push_back(orders::decide(order, {}, shelf, pricing, orders::samples::at(1)).order.value());
    }
    std::size_t n = 0;
    for (auto _ : state) {
        const auto at = n++ % different;
        const orders::Loaded loaded{.order = &reserved[at]};
        const auto decision = orders::decide(outcomes[at], loaded, shelf, pricing, orders::samples::at(2));
        if (!decision.step.settled_now) state.SkipWithError("an order was not settled");
        benchmark::DoNotOptimize(decision);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecideCharge);

}  // namespace
}  // namespace orderflow::bench
