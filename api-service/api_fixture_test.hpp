// The whole service on one loop with virtual time: requests go through the router, the quotas and the handlers, ports
// are in memory with faults on command.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api-service/api_service.hpp"
#include "libs/json/parse.hpp"
#include "libs/orders/application/intake/intake_fixture_test.hpp"
#include "libs/storage/memory/in_memory_instances.hpp"
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/testing/in_memory_message_queue.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::api {

namespace samples = orders::samples;

// A digest for tests: content told apart, no cryptography.
inline std::array<std::byte, 32> toy_digest(std::string_view text) {
    std::array<std::byte, 32> digest{};
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    for (std::size_t i = 0; i < 8; ++i) digest[i] = static_cast<std::byte>(hash >> (8 * i));
    return digest;
}

inline ApiKey key_of(std::string tenant, std::vector<Scope> scopes) {
    ApiKey key;
    key.tenant = std::move(tenant);
    key.scopes = std::move(scopes);
    return key;
}

inline std::array<std::byte, 32> toy_mac(std::string_view key, std::string_view text) {
    return toy_digest(std::string(key) + "|" + std::string(text));
}

// The reader of a store that can be down.
class SwitchableReader final : public orders::OrderReader {
  public:
    explicit SwitchableReader(orders::OrderReader& store) : store_(store) {}
    bool down = false;
    int finds = 0;

    task<Result<orders::OrderLookup>> find(orders::OrderId id) override {
        ++finds;
        if (down) co_return unreadable();
        co_return co_await store_.find(id);
    }
    task<Result<std::vector<std::optional<orders::Fingerprint>>>> fingerprints(
        std::vector<orders::OrderId> ids) override {
        if (down) co_return unreadable();
        co_return co_await store_.fingerprints(std::move(ids));
    }
    task<Result<std::vector<orders::OrderEvent>>> events(orders::OrderId id, std::int32_t after) override {
        if (down) co_return unreadable();
        co_return co_await store_.events(id, after);
    }
    task<Result<std::vector<orders::ShelfItem>>> products() override {
        if (down) co_return unreadable();
        co_return co_await store_.products();
    }
    task<Result<orders::OrderPage>> list(orders::OrderQuery query) override {
        if (down) co_return unreadable();
        co_return co_await store_.list(std::move(query));
    }
    task<Result<std::vector<orders::LedgerPosting>>> ledger(orders::OrderId id) override {
        co_return co_await store_.ledger(id);
    }
    task<Result<std::vector<orders::StoredDeadLetter>>> dead_letters(std::int64_t after, std::uint32_t limit) override {
        co_return co_await store_.dead_letters(after, limit);
    }

  private:
    static std::unexpected<Error> unreadable() { return fail(ErrorKind::unavailable, "sqlite.busy", "secret path"); }
    orders::OrderReader& store_;
};

// What operators see of that store.
class SwitchableOperatorReader final : public orders::OperatorReader {
  public:
    explicit SwitchableOperatorReader(orders::OperatorReader& store) : store_(store) {}
    bool down = false;

    task<Result<orders::LetterPage>> letters(orders::LetterQuery query) override {
        if (down) co_return unreadable();
        co_return co_await store_.letters(std::move(query));
    }
    task<Result<std::optional<orders::StoredDeadLetter>>> letter(std::int64_t number) override {
        if (down) co_return unreadable();
        co_return co_await store_.letter(number);
    }
    task<Result<std::int64_t>> letter_count(orders::LetterSelection selection, orders::LetterState state) override {
        if (down) co_return unreadable();
        co_return co_await store_.letter_count(std::move(selection), state);
    }
    task<Result<std::vector<orders::LetterGroup>>> letter_groups(orders::LetterState state) override {
        if (down) co_return unreadable();
        co_return co_await store_.letter_groups(state);
    }
    task<Result<orders::CommandPage>> commands(orders::CommandQuery query) override {
        if (down) co_return unreadable();
        co_return co_await store_.commands(std::move(query));
    }
    task<Result<std::optional<orders::CommandRecord>>> command(std::string wanted) override {
        if (down) co_return unreadable();
        co_return co_await store_.command(std::move(wanted));
    }
    task<Result<orders::WorkerSettings>> worker_settings() override {
        if (down) co_return unreadable();
        co_return co_await store_.worker_settings();
    }

  private:
    static std::unexpected<Error> unreadable() { return fail(ErrorKind::unavailable, "sqlite.busy", "secret path"); }
    orders::OperatorReader& store_;
};

struct RememberingSink final : observe::LogSink {
    void write(observe::LogLevel, std::string_view line) override { lines.emplace_back(line); }
    std::vector<std::string> lines;
};

// One request as a test writes it; what it points to lives in it.
struct TestRequest {
    net::Method method = net::Method::get;
    std::string path = {};
    std::string query = {};
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::string body = {};
    std::string peer = "127.0.0.1";
    std::stop_token stop = {};
};

class ApiTest : public testing::Test {
  protected:
    static std::vector<orders::ShelfItem> catalogue() {
        const samples::SampleShelf shelf;
        std::vector<orders::ShelfItem> items;
        for (const auto& [sku, item] : shelf.items()) items.push_back(item);
        return items;
    }

    ApiService& service() {
        if (!service_) {
            service_ = std::make_unique<ApiService>(
                ApiParts{.orders_queue = queue,
                         .commands_queue = commands,
                         .reader = reader,
                         .operators = operator_reader,
                         .instance_rows = instance_rows,
                         .endpoints = store,
                         .feed = store,
                         .ids = ids,
                         .sha256 = toy_digest,
                         .mac = toy_mac,
                         .clock = loop.clock(),
                         .entropy = entropy,
                         .metrics = metrics,
                         .log = log,
                         .loops = {orders::parts_of(loop)},
                         .webhook_secret = [](std::string_view command) { return "whsec_of_" + std::string(command); },
                         .check_callback = check_callback,
                         .api_keys = api_keys,
                         .instances = shared_by,
                         .forward_client_error = forward_client_error},
                config);
            service_->start();
        }
        return *service_;
    }

    net::Response send(TestRequest test) { return loop.run(dispatch(std::move(test))); }

    // For requests that run beside each other.
    void start(TestRequest test, std::vector<net::Response>& answers) {
        loop.spawn(orders::collect(dispatch(std::move(test)), answers));
    }

    task<net::Response> dispatch(TestRequest test) {
        const auto match = service().router().match(test.method, test.path);
        if (!std::holds_alternative<net::Router::Matched>(match)) {
            co_return net::problem(404, "not-found", "no route");
        }
        const auto& matched = std::get<net::Router::Matched>(match);
        std::vector<net::Field> fields;
        for (const auto& [name, value] : test.fields) fields.push_back({name, value});
        net::Request request;
        request.method = test.method;
        request.path = test.path;
        request.query = test.query;
        request.fields = fields;
        request.params = std::span(matched.params).first(matched.param_count);
        request.body = test.body;
        request.peer = test.peer;
        request.request_id = "req-1";
        request.arrived = loop.clock().now();
        request.answer_by = loop.clock().now() + 30s;
        request.stop = test.stop;
        request.loop = &loop;
        co_return co_await matched.route->handler(request);
    }

    static TestRequest get(std::string path, std::string query = {}) {
        return {.path = std::move(path), .query = std::move(query)};
    }
    static TestRequest post_json(std::string path, std::string body) {
        TestRequest request{.method = net::Method::post, .path = std::move(path), .body = std::move(body)};
        request.fields = {{"Content-Type", "application/json"}};
        return request;
    }
    static TestRequest order(std::optional<std::string> key = std::nullopt, int quantity = 2) {
        auto request = post_json("/v1/orders", order_body(quantity));
        if (key) request.fields.emplace_back("Idempotency-Key", *key);
        return request;
    }
    static std::string order_body(int quantity = 2) {
        return R"({"currency":"EUR","items":[{"sku":"mug","quantity":)" + std::to_string(quantity) +
               R"(}],"customer":{"name":"Ada Lovelace","email":"ada@example.com","phone":"+49 421 1234"},)"
               R"("shipping_address":{"line1":"Am Markt 1","city":"Bremen","country":"DE"},)"
               R"("payment":{"mode":"token","token":"tok_ok"}})";
    }

    static std::optional<std::string> field(const net::Response& response, std::string_view name) {
        for (const auto& [field_name, value] : response.fields) {
            if (field_name == name) return value;
        }
        return std::nullopt;
    }
    static json::Document body_of(const net::Response& response) {
        return json::parse(response.body, {.bytes = 1 << 22}).value_or(json::Document());
    }
    static std::string text_in(const json::Document& document, std::string_view name) {
        return text_in(document.root(), name);
    }
    static std::string text_in(const json::Value& object, std::string_view name) {
        const auto* member = object.find(name);
        return member != nullptr && member->string() != nullptr ? std::string(*member->string()) : "(none)";
    }
    // "status code" of a problem, such as "422 validation-failed".
    static std::string verdict(const net::Response& response) {
        return std::to_string(response.status) + " " + text_in(body_of(response), "code");
    }

    // As the worker would: stores the order under its id.
    void store_order(const orders::OrderId& order_id, orders::OrderDraft draft = samples::draft({{"mug", 2}})) {
        std::vector<orders::Change> group;
        group.emplace_back(
            orders::PlaceOrder(order_id, std::move(draft), samples::fingerprint(1), loop.clock().wall()));
        apply(std::move(group));
    }
    // An order that is over and then archived.
    void bury_order(const orders::OrderId& order_id) {
        store_order(order_id, samples::draft({{"unknown", 1}}));
        const auto version = loop.run(store.find(order_id)).value().order.value().version;
        EXPECT_TRUE(loop.run(store.bury(order_id, version)));
    }
    void apply(std::vector<orders::Change> group) { (void)loop.run(store.apply(std::move(group))); }

    double counted(const std::string& line) const {
        const auto text = metrics.render();
        const auto at = text.find("\n" + line + " ");
        return at == std::string::npos ? -1
                                       : std::stod(text.substr(at + line.size() + 2));  // NOLINT: a test's own text
    }

    SimLoop loop;
    SeededEntropy entropy{11};
    orders::LegibleIds ids;
    InMemoryMessageQueue queue{loop, loop.clock(), {}};
    InMemoryMessageQueue commands{loop, loop.clock(), {.name = "orders-commands"}};
    orders::TablePricing pricing = samples::pricing();
    storage::InMemoryOrderStore store{loop.clock(), pricing, catalogue()};
    SwitchableReader reader{store};
    SwitchableOperatorReader operator_reader{store};
    storage::InMemoryInstances instance_rows;
    RememberingSink sink;
    observe::Logger log{loop.clock(), sink, observe::LogLevel::debug};
    observe::Metrics metrics;
    ApiConfig config;
    CheckSignature check_callback;
    ApiKeySource api_keys;
    std::function<std::int64_t()> shared_by;
    ForwardClientError forward_client_error;
    std::unique_ptr<ApiService> service_;
    const orders::OrderId id = orders::LegibleIds::of("order");
    const std::string key = "key-0123456789abcdef";
};

}  // namespace orderflow::api
