// What one order costs the SQLite store on a real disk: T1 (store, price, reserve, record the charge) and T2 (capture,
// confirm), in groups of several sizes, each group one transaction and one sync. Everything runs on the thread that
// measures, so its CPU time is the store's.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>

#include "bench/pieces/bench_directory.hpp"
#include "bench/pieces/bench_orders.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::bench {
namespace {

// Settling follows placing after so many orders, as when payments answer after some milliseconds.
constexpr std::size_t window = 1000;

double thread_cpu_us() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

class Store {
  public:
    Store() {
        storage::SqliteStoreOptions options;
        options.path = directory_.file("orders.db");
        options.first_catalogue = catalogue();
        store_ = storage::SqliteOrderStore::open(loop_, loop_.clock(), pricing_, options).value();
    }

    // In groups of `size`, one transaction each. False when one was not written.
    bool apply(std::vector<orders::Change> changes, std::size_t size) {
        for (auto next = changes.begin(); next != changes.end();) {
            const auto end = next + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(size), changes.end() - next);
            const auto applied =
                loop_.run(store_->apply({std::make_move_iterator(next), std::make_move_iterator(end)}));
            if (!applied || std::ranges::any_of(*applied, [](const auto& step) { return !step || !step->changed; })) {
                return false;
            }
            next = end;
        }
        return true;
    }

  private:
    BenchDirectory directory_;
    SimLoop loop_;
    orders::TablePricing pricing_ = orders::samples::pricing();
    std::unique_ptr<storage::SqliteOrderStore> store_;
};

// One iteration is a window of orders, placed and settled. T1_cpu and T2_cpu: microseconds per order.
void StoreApply(benchmark::State& state) {
    const auto size = static_cast<std::size_t>(state.range(0));
    Store store;
    SeededEntropy entropy(1);
    std::size_t number = 0;
    double place_us = 0;
    double settle_us = 0;
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<orders::Change> places;
        std::vector<orders::Change> settles;
        for (std::size_t n = 0; n < window; ++n) {
            auto order = random_order(entropy, number++);
            settles.emplace_back(captured(order));
            places.emplace_back(std::move(order));
        }
        state.ResumeTiming();
        const auto began = thread_cpu_us();
        const bool placed = store.apply(std::move(places), size);
        const auto between = thread_cpu_us();
        const bool settled = store.apply(std::move(settles), size);
        place_us += between - began;
        settle_us += thread_cpu_us() - between;
        if (!placed || !settled) state.SkipWithError("a group was not written");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(number));
    const auto count = static_cast<double>(std::max<std::size_t>(number, 1));
    state.counters["T1_cpu"] = place_us / count;
    state.counters["T2_cpu"] = settle_us / count;
}
BENCHMARK(StoreApply)->ArgName("group")->Arg(1)->Iterations(3)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(StoreApply)
    ->ArgName("group")
    ->Arg(10)
    ->Arg(100)
    ->Arg(500)
    ->Iterations(20)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace orderflow::bench
