// What one order costs the SQLite store: T1 (store, price, reserve, record the charge) and T2 (capture, confirm), in
// groups of several sizes, each group one transaction and one sync.
//
//   store_bench [directory] [orders]     the database is made in the directory and removed again; default ., 40000
//
// Prints microseconds per order: wall time and CPU time of the process, which is one thread.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::orders {
namespace {

constexpr int products = 20;

std::vector<ShelfItem> catalogue() {
    std::vector<ShelfItem> items;
    for (int n = 0; n < products; ++n) {
        Product product(samples::sku(fmt::format("SKU-{:04}", n)));
        product.name = fmt::format("Product number {}", n);
        product.description = "One of twenty products, with a sentence that says what it is.";
        product.category = "Bench";
        product.prices = {Money(1000 + n, samples::eur()), Money(900 + n, samples::gbp())};
        items.emplace_back(std::move(product), Stock{1'000'000'000, 0});
    }
    return items;
}

// Two lines, a customer of their own, an id without order: as the API makes them.
PlaceOrder random_order(Entropy& entropy, std::size_t number) {
    OrderId::Bytes bytes;
    entropy.fill(bytes);
    const auto product = [&] { return fmt::format("SKU-{:04}", entropy.below(products)); };
    auto draft = samples::draft({{product(), 1}, {product(), 2}});
    draft.customer.email = fmt::format("customer{}@example.org", number / 2);
    draft.metadata = {{"channel", "web"}};
    return samples::place(OrderId(bytes), std::move(draft));
}

struct Times {
    double wall_us;
    double cpu_us;
};

Times now() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto us = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    const auto wall = SystemClock().now().time_since_epoch();
    return {static_cast<double>(wall.count()) / 1e3, us(usage.ru_utime) + us(usage.ru_stime)};
}

// Applies the changes in groups of `size`, one transaction each, and gives the time per change.
std::optional<Times> apply_all(SimLoop& loop, OrderStore& store, std::vector<Change> changes, std::size_t size) {
    const auto total = static_cast<double>(changes.size());
    const auto before = now();
    for (auto next = changes.begin(); next != changes.end();) {
        const auto end = next + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(size), changes.end() - next);
        const auto applied = loop.run(store.apply({std::make_move_iterator(next), std::make_move_iterator(end)}));
        if (!applied || std::ranges::any_of(*applied, [](const auto& step) { return !step || !step->changed; })) {
            fmt::print(stderr, "a group was not written\n");
            return std::nullopt;
        }
        next = end;
    }
    const auto after = now();
    return Times{(after.wall_us - before.wall_us) / total, (after.cpu_us - before.cpu_us) / total};
}

void remove_files(const std::string& path) {
    for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + suffix);
}

bool measure(const std::string& directory, std::size_t orders, std::size_t size) {
    const auto path = directory + "/store_bench.db";
    remove_files(path);  // of a run that was interrupted
    Times place{};
    Times settle{};
    {
        SimLoop loop;
        const auto pricing = samples::pricing();
        storage::SqliteStoreOptions options;
        options.path = path;
        options.first_catalogue = catalogue();
        auto store = storage::SqliteOrderStore::open(loop, loop.clock(), pricing, options);
        if (!store) {
            fmt::print(stderr, "{}\n", store.error().detail());
            return false;
        }
        SeededEntropy entropy(1);
        // The settling of a window follows its placing, as when payments answer after some milliseconds.
        const std::size_t window = std::max<std::size_t>(size, 1000);
        std::size_t number = 0;
        for (std::size_t done = 0; done < orders; done += window) {
            std::vector<Change> places;
            std::vector<Change> settles;
            for (std::size_t n = 0; n < window; ++n) {
                auto order = random_order(entropy, number++);
                settles.emplace_back(SettleCharge(order.id, charge_effect(order.id), EffectState::captured, "pay_1"));
                places.emplace_back(std::move(order));
            }
            const auto placed = apply_all(loop, **store, std::move(places), size);
            const auto settled = apply_all(loop, **store, std::move(settles), size);
            if (!placed || !settled) return false;
            const auto share = static_cast<double>(window) / static_cast<double>(orders);
            place.wall_us += placed->wall_us * share;
            place.cpu_us += placed->cpu_us * share;
            settle.wall_us += settled->wall_us * share;
            settle.cpu_us += settled->cpu_us * share;
        }
    }
    fmt::print("{:>6} {:>9.1f} {:>9.1f} {:>9.1f} {:>9.1f} {:>11.1f} {:>11.1f} {:>9}\n", size, place.wall_us,
               place.cpu_us, settle.wall_us, settle.cpu_us, place.wall_us + settle.wall_us,
               place.cpu_us + settle.cpu_us, std::filesystem::file_size(path) / orders);
    remove_files(path);
    return true;
}

// False when a group was not written.
bool run(const std::string& directory, std::size_t orders) {
    fmt::print("microseconds per order, {} orders of two lines\n", orders);
    fmt::print(" group  T1 wall    T1 cpu   T2 wall    T2 cpu  T1+T2 wall   T1+T2 cpu  B/order\n");
    for (const std::size_t size : {1UL, 10UL, 100UL, 500UL}) {
        if (!measure(directory, size == 1 ? std::min<std::size_t>(orders, 4000) : orders, size)) return false;
    }
    return true;
}

}  // namespace
}  // namespace orderflow::orders

int main(int argc, char** argv) {
    const std::string_view count = argc > 2 ? argv[2] : "40000";
    std::size_t orders = 0;
    const auto parsed = std::from_chars(count.data(), count.data() + count.size(), orders);
    if (parsed.ec != std::errc() || parsed.ptr != count.data() + count.size() || orders == 0) {
        fmt::print(stderr, "usage: store_bench [directory] [orders]\n");
        return 2;
    }
    return orderflow::orders::run(argc > 1 ? argv[1] : ".", orders) ? 0 : 1;
}
