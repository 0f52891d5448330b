// order-search: how long operators wait for a page of orders when there are very many. It fills an order store through
// the store's own writer, asks for pages as operators do, and prints the times as JSON. SQLite in a directory, or
// PostgreSQL on a server of its own.
#include <fmt/format.h>
#include <time.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/orders/ports/order_reader.hpp"
#include "libs/orders/ports/order_store.hpp"
#include "libs/storage/postgres/postgres_order_reader.hpp"
#include "libs/storage/postgres/postgres_order_store.hpp"
#include "libs/storage/sqlite/sqlite_order_reader.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/postgres_server.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::bench {
namespace {

namespace samples = orders::samples;

constexpr std::size_t group = 1000;
constexpr std::size_t common_products = 20;
constexpr std::size_t products = 2000;
constexpr std::size_t orders_per_customer = 5;

double now_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

std::string sku_of(std::size_t number) { return fmt::format("SKU-{:04}", number); }

std::vector<orders::ShelfItem> catalogue() {
    std::vector<orders::ShelfItem> items;
    for (std::size_t n = 0; n < products; ++n) {
        orders::Product product(samples::sku(sku_of(n)));
        product.name = fmt::format("Product number {}", n);
        product.category = "Bench";
        product.prices = {orders::Money(1000, samples::eur())};
        items.emplace_back(std::move(product), orders::Stock{1'000'000'000, 0});
    }
    return items;
}

// One order a second. Each has a product that many want and one that few want; most are confirmed, some rejected, a few
// wait for their payment.
class Generator {
  public:
    orders::PlaceOrder next() {
        const auto n = made_++;
        orders::OrderId::Bytes bytes;
        entropy_.fill(bytes);
        const auto rare = n % 50 == 7 ? std::string("SKU-none") : sku_of(entropy_.below(products));
        auto common = sku_of(entropy_.below(common_products));
        auto draft = samples::draft({{rare, 1}, {std::move(common), 2}},
                                    n % 5000 == 11 ? samples::token("tok_ok") : samples::invoice());
        draft.customer.email = fmt::format("customer{}@example.org", n % customers_);
        auto place = samples::place(orders::OrderId(bytes), std::move(draft));
        place.accepted_at = samples::at(static_cast<std::int64_t>(n));
        return place;
    }
    explicit Generator(std::size_t count) : customers_(std::max<std::size_t>(count / orders_per_customer, 1)) {}
    std::size_t customers() const { return customers_; }

  private:
    std::size_t customers_;
    std::size_t made_ = 0;
    SeededEntropy entropy_{7};
};

struct Opened {
    std::unique_ptr<PostgresServer> server;
    std::unique_ptr<orders::OrderStore> store;
    std::unique_ptr<orders::OrderReader> reader;
};

Opened open_sqlite(SimLoop& loop, const orders::Pricing& pricing, const std::string& directory) {
    storage::SqliteStoreOptions options;
    options.path = directory + "/orders.db";
    options.first_catalogue = catalogue();
    auto store = storage::SqliteOrderStore::open(loop, loop.clock(), pricing, options).value();
    Opened opened;
    opened.reader = storage::SqliteOrderReader::open(loop, options.path, store->stored_ids()).value();
    opened.store = std::move(store);
    return opened;
}

Opened open_postgres(SimLoop& loop, const orders::Pricing& pricing) {
    Opened opened;
    opened.server = std::make_unique<PostgresServer>();
    storage::PostgresStoreOptions options;
    options.connect.url = opened.server->url();
    options.first_catalogue = catalogue();
    opened.store = storage::PostgresOrderStore::open(loop, loop.clock(), pricing, options).value();
    opened.reader = storage::PostgresOrderReader::open(loop, loop.clock(), options.connect).value();
    return opened;
}

void fill(SimLoop& loop, orders::OrderStore& store, Generator& generator, std::size_t count) {
    for (std::size_t made = 0; made < count; made += group) {
        std::vector<orders::Change> changes;
        for (std::size_t n = made; n < std::min(made + group, count); ++n) changes.emplace_back(generator.next());
        const auto applied = loop.run(store.apply(std::move(changes)));
        if (!applied) throw std::runtime_error("a group was not written: " + applied.error().detail());
        if (made % 100'000 == 0) std::cerr << fmt::format("{} orders\n", made);
    }
}

// How an operator asks; each question is another one.
struct Kind {
    std::string name;
    std::function<orders::OrderQuery(Entropy&)> make;
};

std::vector<Kind> kinds(std::size_t count, std::size_t customers, const std::vector<orders::OrderId>& known) {
    using orders::OrderQuery;
    using orders::OrderStatus;
    const auto any = [&known](Entropy& entropy) { return known[entropy.below(known.size())]; };
    const auto end = static_cast<std::int64_t>(count);
    std::vector<Kind> all;
    const auto add = [&all](std::string name, std::function<void(OrderQuery&, Entropy&)> fill_in) {
        all.push_back({std::move(name), [fill_in = std::move(fill_in)](Entropy& entropy) {
                           OrderQuery query;
                           fill_in(query, entropy);
                           return query;
                       }});
    };
    add("newest", [](OrderQuery&, Entropy&) {});
    add("id", [any](OrderQuery& query, Entropy& entropy) { query.id = any(entropy); });
    add("number", [count](OrderQuery& query, Entropy& entropy) {
        query.number = 1 + static_cast<std::int64_t>(entropy.below(count));
    });
    add("a page far behind", [any](OrderQuery& query, Entropy& entropy) { query.starting_after = any(entropy); });
    const auto customer = [customers](OrderQuery& query, Entropy& entropy) {
        query.customer_email = fmt::format("customer{}@example.org", entropy.below(customers));
    };
    add("customer", customer);
    add("customer and SKU", [customer](OrderQuery& query, Entropy& entropy) {
        customer(query, entropy);
        query.sku = samples::sku(sku_of(entropy.below(common_products)));
    });
    const auto common = [](OrderQuery& query, Entropy& entropy) {
        query.sku = samples::sku(sku_of(entropy.below(common_products)));
    };
    add("common SKU", common);
    add("common SKU, far behind", [common, any](OrderQuery& query, Entropy& entropy) {
        common(query, entropy);
        query.starting_after = any(entropy);
    });
    add("rare SKU", [](OrderQuery& query, Entropy& entropy) {
        query.sku = samples::sku(sku_of(common_products + entropy.below(products - common_products)));
    });
    add("common SKU, rejected", [common](OrderQuery& query, Entropy& entropy) {
        common(query, entropy);
        query.status = OrderStatus::rejected;
    });
    add("common SKU, reserved", [common](OrderQuery& query, Entropy& entropy) {
        common(query, entropy);
        query.status = OrderStatus::reserved;
    });
    for (const auto status : {OrderStatus::confirmed, OrderStatus::rejected, OrderStatus::reserved}) {
        add(std::string(to_string(status)), [status](OrderQuery& query, Entropy&) { query.status = status; });
    }
    add("of the last hour", [end](OrderQuery& query, Entropy& entropy) {
        query.created_after = samples::at(end - 1 - static_cast<std::int64_t>(entropy.below(3600)));
    });
    add("rejected of the last hour", [end](OrderQuery& query, Entropy& entropy) {
        query.status = OrderStatus::rejected;
        query.created_after = samples::at(end - 1 - static_cast<std::int64_t>(entropy.below(3600)));
    });
    const auto long_ago = [end](OrderQuery& query, Entropy& entropy) {
        query.created_before =
            samples::at(static_cast<std::int64_t>(entropy.below(static_cast<std::uint64_t>(end) / 10)));
    };
    add("before a time long ago", long_ago);
    add("before a time just now", [end](OrderQuery& query, Entropy& entropy) {
        query.created_before = samples::at(end - 1 - static_cast<std::int64_t>(entropy.below(3600)));
    });
    add("rejected, before a time long ago", [long_ago](OrderQuery& query, Entropy& entropy) {
        query.status = OrderStatus::rejected;
        long_ago(query, entropy);
    });
    add("common SKU, before a time long ago", [common, long_ago](OrderQuery& query, Entropy& entropy) {
        common(query, entropy);
        long_ago(query, entropy);
    });
    add("rare SKU, before a time long ago", [long_ago](OrderQuery& query, Entropy& entropy) {
        query.sku = samples::sku(sku_of(common_products + entropy.below(products - common_products)));
        long_ago(query, entropy);
    });
    add("rare SKU of the last day", [end](OrderQuery& query, Entropy& entropy) {
        query.sku = samples::sku(sku_of(common_products + entropy.below(products - common_products)));
        query.created_after = samples::at(end - 86'400);
    });
    return all;
}

struct Times {
    std::string name;
    std::vector<double> ms;  // ascending
    double part(double share) const {
        const auto at = static_cast<std::size_t>(share * static_cast<double>(ms.size()));
        return ms[std::min(at, ms.size() - 1)];
    }
};

Times measure(SimLoop& loop, orders::OrderReader& reader, const Kind& kind, std::size_t searches, Entropy& entropy) {
    Times times{kind.name, {}};
    for (std::size_t n = 0; n < searches; ++n) {
        auto query = kind.make(entropy);
        const auto began = now_ms();
        const auto page = loop.run(reader.list(std::move(query)));
        times.ms.push_back(now_ms() - began);
        if (!page) throw std::runtime_error(kind.name + ": " + page.error().detail());
    }
    std::ranges::sort(times.ms);
    return times;
}

// Ids of stored orders, some of each part of the store.
std::vector<orders::OrderId> sample_ids(SimLoop& loop, orders::OrderReader& reader, std::size_t count) {
    std::vector<orders::OrderId> ids;
    for (std::size_t n = 0; n < 200; ++n) {
        orders::OrderQuery query;
        query.number = 1 + static_cast<std::int64_t>(n * count / 200);
        const auto page = loop.run(reader.list(std::move(query)));
        if (page && !page->orders.empty()) ids.push_back(page->orders.front().id);
    }
    return ids;
}

void print(std::size_t count, const std::vector<Times>& all) {
    double worst = 0;
    std::string rows;
    for (const auto& times : all) {
        worst = std::max(worst, times.part(0.95));
        rows += fmt::format("{}{{\"search\":\"{}\",\"p50_ms\":{:.3f},\"p95_ms\":{:.3f},\"max_ms\":{:.3f}}}",
                            rows.empty() ? "" : ",", times.name, times.part(0.5), times.part(0.95), times.ms.back());
    }
    std::cout << fmt::format("{{\"orders\":{},\"p95_ms\":{:.3f},\"searches\":[{}]}}\n", count, worst, rows);
}

int run(const std::string& directory, bool postgres, std::size_t count, std::size_t searches) {
    SimLoop loop;
    const auto pricing = samples::plain_pricing();
    const auto opened = postgres ? open_postgres(loop, pricing) : open_sqlite(loop, pricing, directory);
    Generator generator(count);
    fill(loop, *opened.store, generator, count);
    if (postgres) opened.server->sql("ANALYZE");  // as autovacuum does after so many rows
    const auto known = sample_ids(loop, *opened.reader, count);
    SeededEntropy entropy(11);
    std::vector<Times> all;
    for (const auto& kind : kinds(count, generator.customers(), known)) {
        all.push_back(measure(loop, *opened.reader, kind, searches, entropy));
    }
    print(count, all);
    return 0;
}

}  // namespace
}  // namespace orderflow::bench

int main(int argc, char** argv) {
    CLI::App app{"Times of searches in an order store that holds very many orders."};
    std::string directory = ".";
    bool postgres = false;
    std::size_t orders = 1'000'000;
    std::size_t searches = 200;
    app.add_option("--dir", directory, "where the SQLite store is made");
    app.add_flag("--postgres", postgres, "PostgreSQL, on a server of its own, instead of SQLite");
    app.add_option("--orders", orders, "how many")->check(CLI::PositiveNumber);
    app.add_option("--searches", searches, "of each kind")->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);
    try {
        return orderflow::bench::run(directory, postgres, orders, searches);
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
