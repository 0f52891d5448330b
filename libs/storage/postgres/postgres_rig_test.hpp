// A PostgreSQL store with its reader and its feed on one SimLoop, in a namespace that outlives them: for tests. The
// server is one for the whole program.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/postgres/connection.hpp"
#include "libs/storage/postgres/postgres_order_feed.hpp"
#include "libs/storage/postgres/postgres_order_reader.hpp"
#include "libs/storage/postgres/postgres_order_store.hpp"
#include "libs/testing/postgres_server.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::storage {

inline PostgresServer& test_server() {
    static PostgresServer server;
    return server;
}

class PostgresRig {
  public:
    PostgresRig() : PostgresRig(test_server().url()) {}
    explicit PostgresRig(std::string url) {
        options_.connect.url = std::move(url);
        options_.first_catalogue = orders::sample_catalogue();
        open();
    }

    SimLoop& loop() { return loop_; }
    PostgresOrderStore& store() { return *store_; }
    PostgresOrderReader& reader() { return *reader_; }
    PostgresOrderStore& operators() { return *store_; }
    PostgresOrderReader& operator_reader() { return *reader_; }
    PostgresOrderStore& endpoints() { return *store_; }
    PostgresOrderReader& endpoint_reader() { return *reader_; }
    PostgresOrderFeed& feed() { return *feed_; }
    PostgresOrderReader& oldest() { return *reader_; }
    PostgresOrderStore& burial() { return *store_; }
    Result<bool> bury(const orders::OrderId& id) {
        const auto found = loop_.run(reader_->find(id));
        return loop_.run(store_->bury(id, found && found->order ? found->order->version : 0));
    }

    // The error of the store or the reader, if one could not be opened.
    std::optional<Error> try_open() {
        auto store = PostgresOrderStore::open(loop_, loop_.clock(), pricing_, options_);
        if (!store) return store.error();
        store_ = *std::move(store);
        auto reader = PostgresOrderReader::open(loop_, loop_.clock(), options_.connect);
        if (!reader) return reader.error();
        reader_ = *std::move(reader);
        feed_ = std::make_unique<PostgresOrderFeed>(loop_, loop_.clock(), PostgresFeedOptions{options_.connect});
        return std::nullopt;
    }
    void open() {
        if (const auto error = try_open()) ADD_FAILURE() << error->code() << ": " << error->detail();
    }
    void restart() {
        feed_.reset();
        reader_.reset();
        store_.reset();
        open();
    }

    PostgresStoreOptions& options() { return options_; }
    const orders::TablePricing& pricing() const { return pricing_; }

  private:
    SimLoop loop_;
    orders::TablePricing pricing_ = orders::samples::pricing();
    PostgresStoreOptions options_;
    std::unique_ptr<PostgresOrderStore> store_;
    std::unique_ptr<PostgresOrderReader> reader_;
    std::unique_ptr<PostgresOrderFeed> feed_;
};

using StoreSteps = std::vector<Result<orders::Step>>;

inline orders::Change placing(std::uint32_t number, const orders::samples::Lines& lines = {{"mug", 1}}) {
    return orders::samples::place(orders::samples::order_id(number), orders::samples::draft(lines));
}

inline orders::Change captured(std::uint32_t number) {
    const auto id = orders::samples::order_id(number);
    return orders::SettleCharge(id, charge_effect(id), orders::EffectState::captured, "ref");
}

// As SQL writes it.
inline std::string uuid_of(const orders::OrderId& id) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : id.bytes()) {
        text.push_back(digits[std::to_integer<std::size_t>(byte) >> 4U]);
        text.push_back(digits[std::to_integer<std::size_t>(byte) & 15U]);
    }
    return text;
}

// A store of another worker, on a loop of its own; apply() runs it on the calling thread.
class OtherWorker {
  public:
    explicit OtherWorker(PostgresRig& rig) {
        auto opened = PostgresOrderStore::open(loop, clock, pricing, rig.options());
        if (!opened) throw std::runtime_error(opened.error().detail());
        store = *std::move(opened);
    }
    Result<StoreSteps> apply(std::vector<orders::Change> group) { return loop.run(store->apply(std::move(group))); }

    SystemClock clock;
    SimLoop loop;
    orders::TablePricing pricing = orders::samples::pricing();
    std::unique_ptr<PostgresOrderStore> store;
};

// A session of the test's own, that gets in the way of others.
class Intruder {
  public:
    explicit Intruder(const std::string& url) : connection_(open(url)) {}
    void run(const std::string& sql) {
        const postgres::Statement statement{"intruder_" + std::to_string(++statements_), sql};
        const auto done = connection_.run(statement);
        if (!done) throw std::runtime_error(done.error().detail());
    }
    // Until so many sessions wait for a lock.
    void wait_for_waiting(std::int64_t sessions) {
        const postgres::Statement count{"count_waiting", "SELECT count(*) FROM pg_locks WHERE NOT granted"};
        while (connection_.run(count).value().integer(0, 0) < sessions) std::this_thread::yield();
    }

  private:
    static postgres::Connection open(const std::string& url) {
        static const SystemClock clock;
        postgres::ConnectOptions options;
        options.url = url;
        return postgres::Connection::open(options, clock).value();
    }
    postgres::Connection connection_;
    int statements_ = 0;
};

}  // namespace orderflow::storage
