// Goal: kill -9 at any moment loses nothing and doubles nothing.
// Method: clients place orders and repeat each with the same key until they have an answer; meanwhile the program is
// killed after a random number of answers and started again on the same data. In the end every acknowledged order is
// settled once, no order is there that nobody asked for, and stock and the payment provider's own ledger agree with it.
// The seed is printed; ORDERFLOW_E2E_SEED repeats the choices, ORDERFLOW_E2E_KILLS sets how many kills.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "libs/payments/payment_ledger.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

constexpr int client_count = 3;
constexpr int answers_between_kills_max = 40;
const std::vector<std::string> skus{"PC-SHARP", "PC-ERASER", "PA-BLOT-10", "DK-CLIP-50", "NB-PRESS-01"};

std::uint64_t setting(const char* name, std::uint64_t fallback) {
    const char* value = std::getenv(name);
    return value == nullptr ? fallback : std::stoull(value);
}

struct Placed {
    std::string id;
    std::map<std::string, int> lines;
    std::string token;
    bool cancelled = false;
};

// Where the program listens now; clients wait here while it is down.
class Address {
  public:
    void up(std::uint16_t port) {
        {
            const std::lock_guard lock(mutex_);
            port_ = port;
        }
        changed_.notify_all();
    }
    void down() { up(0); }
    std::uint16_t wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return port_ != 0; });
        return port_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint16_t port_ = 0;
};

// What the clients saw.
class Book {
  public:
    void add(Placed placed) {
        {
            const std::lock_guard lock(mutex_);
            placed_.push_back(std::move(placed));
        }
        answered_.notify_all();
    }
    void wait_for_more(std::size_t count) {
        std::unique_lock lock(mutex_);
        const auto target = placed_.size() + count;
        answered_.wait(lock, [&] { return placed_.size() >= target; });
    }
    std::vector<Placed> all() {
        const std::lock_guard lock(mutex_);
        return placed_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable answered_;
    std::vector<Placed> placed_;
};

class Client {
  public:
    Client(int number, std::uint64_t seed, Address& address, Book& book)
        : number_(number), random_(seed + static_cast<std::uint64_t>(number)), address_(address), book_(book) {}

    void run(const std::atomic<bool>& stop) {
        for (int n = 0; !stop; ++n) book_.add(place(n));
    }

  private:
    // Repeats with the same key until the answer is definite: what a client of ours has to do.
    Placed place(int n) {
        Placed placed = next_order();
        const auto key = "kill-test-client-" + std::to_string(number_) + "-order-" + std::to_string(n);
        const auto body = order_body({placed.lines.begin(), placed.lines.end()}, placed.token);
        for (;;) {
            const auto answer = ShopClient(address_.wait()).try_post_order(key, body);
            if (!answer || answer->status >= 500) continue;
            EXPECT_EQ(answer->status, 202) << answer->body;
            const auto id = answer->text("id");
            EXPECT_TRUE(placed.id.empty() || placed.id == id);
            placed.id = id;
            break;
        }
        while (placed.cancelled) {
            const auto answer = ShopClient(address_.wait())
                                    .try_request("POST", "/v1/orders/" + placed.id + "/cancel",
                                                 {{"Content-Type", "application/json"}}, R"({"reason":"customer"})");
            if (!answer || answer->status >= 500) continue;
            if (answer->status == 409) placed.cancelled = false;  // rejected or cancelled before
            break;
        }
        return placed;
    }

    Placed next_order() {
        Placed placed;
        const auto line_count = 1 + random_() % 3;
        for (std::uint64_t i = 0; i < line_count; ++i) {
            placed.lines[skus[random_() % skus.size()]] = static_cast<int>(1 + random_() % 2);
        }
        const auto luck = random_() % 10;
        placed.token = luck == 0 ? "tok_declined" : luck == 1 ? "tok_unknown" : "tok_ok";
        placed.cancelled = random_() % 8 == 0;
        return placed;
    }

    int number_;
    std::mt19937_64 random_;
    Address& address_;
    Book& book_;
};

struct Money {
    int charges = 0;
    int refunds = 0;
};

// How often the provider took money for an order and how often it gave it back, from its own ledger.
std::map<std::string, Money> provider_ledger(const std::filesystem::path& file) {
    std::map<std::string, Money> result;
    auto ledger = payments::PaymentLedger::open(file.string());
    if (!ledger) throw std::runtime_error(ledger.error().detail());
    for (std::int64_t after = 0;;) {
        const auto page = ledger->list(after, 1000);
        if (!page) throw std::runtime_error(page.error().detail());
        if (page->empty()) return result;
        for (const auto& effect : *page) {
            after = effect.number;
            auto& money = result[effect.order.to_string()];
            if (effect.state == orders::EffectState::captured) ++money.charges;
            if (effect.state == orders::EffectState::refunded) ++money.refunds;
        }
    }
}

// Every order that the store lists.
std::map<std::string, std::string> stored_orders(const ShopClient& shop) {
    std::map<std::string, std::string> result;
    std::string after;
    for (bool more = true; more;) {
        const auto page =
            shop.get("/v1/orders?limit=100" + (after.empty() ? "" : "&starting_after=" + after)).document();
        for (const auto& order : *page.find("data")->array()) {
            after = *order.find("id")->string();
            EXPECT_TRUE(result.emplace(after, *order.find("status")->string()).second);
        }
        more = *page.find("has_more")->boolean();
    }
    return result;
}

// No event of an order happened twice, and versions count up by one.
void check_events(const ShopClient& shop, const std::string& id) {
    const auto page = shop.get("/v1/orders/" + id + "/events").document();
    std::set<std::string> types;
    std::int64_t version = 0;
    for (const auto& event : *page.find("data")->array()) {
        EXPECT_TRUE(types.emplace(*event.find("type")->string()).second)
            << id << " has two " << *event.find("type")->string();
        EXPECT_EQ(event.find("version")->number()->to_int64().value(), ++version);
    }
}

TEST(Kill, GivenKill9AtRandomMomentsUnderLoad_WhenStartedAgain_ThenNothingIsLostAndNothingDoubled) {
    const auto seed = setting("ORDERFLOW_E2E_SEED", std::random_device{}());
    const auto kills = setting("ORDERFLOW_E2E_KILLS", 30);
    std::printf("seed %llu (ORDERFLOW_E2E_SEED), %llu kills\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(kills));
    std::mt19937_64 random(seed);
    const TempDir data;
    const ServerProcess::Settings settings{{"ORDERFLOW_DATA_DIR", data.path().string()},
                                           {"ORDERFLOW_LOG_LEVEL", "error"}};
    Address address;
    Book book;
    std::atomic<bool> stop = false;

    std::optional<ServerProcess> server(std::in_place, settings);
    address.up(server->wait_until_ready());
    std::map<std::string, std::int64_t> stock_before;
    for (const auto& sku : skus) stock_before[sku] = ShopClient(address.wait()).available(sku);
    std::vector<std::thread> clients;
    for (int i = 0; i < client_count; ++i) {
        clients.emplace_back([&, i] { Client(i, seed, address, book).run(stop); });
    }
    for (std::uint64_t i = 0; i < kills; ++i) {
        book.wait_for_more(1 + random() % answers_between_kills_max);
        address.down();
        server->kill();
        server.emplace(settings);
        address.up(server->wait_until_ready());
    }
    stop = true;
    for (auto& client : clients) client.join();

    const ShopClient shop(address.wait());
    const auto placed = book.all();
    std::map<std::string, std::int64_t> held;
    int confirmed = 0;
    int cancelled = 0;
    for (const auto& order : placed) {
        auto status = shop.wait_until_settled(order.id);
        while (order.cancelled && status == "confirmed") status = shop.wait_until_settled(order.id);
        if (status == "confirmed") {
            ++confirmed;
            for (const auto& [sku, quantity] : order.lines) held[sku] += quantity;
        }
        if (status == "cancelled") ++cancelled;
        if (!order.cancelled && order.token == "tok_declined") EXPECT_EQ(status, "rejected");
        check_events(shop, order.id);
    }
    const auto stored = stored_orders(shop);
    EXPECT_EQ(stored.size(), placed.size()) << "an order is missing or nobody asked for it";
    for (const auto& order : placed) EXPECT_TRUE(stored.contains(order.id)) << order.id << " is lost";
    for (const auto& sku : skus) {
        EXPECT_EQ(stock_before[sku] - shop.available(sku), held[sku]) << sku;
        EXPECT_GE(shop.available(sku), 0) << sku << " is oversold";
    }

    server->terminate();
    EXPECT_EQ(server->wait(), 0);
    auto money = provider_ledger(data.path() / "payments-simulated.db");
    for (const auto& [id, status] : stored) {
        const auto& moved = money[id];
        EXPECT_LE(moved.charges, 1) << id << " was charged twice";
        EXPECT_EQ(moved.charges - moved.refunds, status == "confirmed" ? 1 : 0) << id << " is " << status;
        money.erase(id);
    }
    EXPECT_TRUE(money.empty()) << "money moved for an order that is not stored";
    std::printf("%zu orders acknowledged, %d confirmed, %d cancelled, %llu kills: %s\n", placed.size(), confirmed,
                cancelled, static_cast<unsigned long long>(kills),
                HasFailure() ? "see the failures" : "lost 0, doubled 0");
    EXPECT_GT(confirmed, 0);
}

}  // namespace
}  // namespace orderflow::e2e
