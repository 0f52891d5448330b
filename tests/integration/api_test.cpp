// The API over real sockets: HttpServer, ApiService and in-memory ports. The store is written from the test's thread,
// as a worker would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <set>
#include <thread>

#include "api-service/api_service.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/hmac_order_ids.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/json/parse.hpp"
#include "libs/net/http_server.hpp"
#include "libs/storage/memory/in_memory_instances.hpp"
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/testing/http_test_client.hpp"
#include "libs/testing/in_memory_message_queue.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

namespace samples = orders::samples;

struct SilentSink final : observe::LogSink {
    void write(observe::LogLevel, std::string_view) override {}
};

// Owned in the order of use: the loops end before what their coroutines refer to.
class ApiOverSockets : public testing::Test {
  protected:
    void serve(unsigned cores, net::HttpLimits limits = {}) {
        runtime = std::make_unique<net::Runtime>(clock, cores);
        ApiParts parts{.orders_queue = queue,
                       .commands_queue = commands,
                       .reader = store,
                       .operators = store,
                       .instance_rows = instance_rows,
                       .endpoints = store,
                       .feed = store,
                       .ids = ids,
                       .sha256 = crypto::sha256,
                       .clock = clock,
                       .entropy = entropy,
                       .metrics = metrics,
                       .log = log,
                       .loops = {}};
        for (unsigned i = 0; i < cores; ++i) {
            parts.loops.push_back({runtime->executor(i), Spawner(runtime->loop(i)), clock});
        }
        service = std::make_unique<ApiService>(std::move(parts), ApiConfig{});
        server = std::make_unique<net::HttpServer>(net::HttpServer::Parts{.runtime = *runtime,
                                                                          .clock = clock,
                                                                          .entropy = entropy,
                                                                          .router = service->router(),
                                                                          .observer = service->observer()},
                                                   limits);
        runtime->start();
        ASSERT_TRUE(server->listen({.host = "127.0.0.1", .port = 0}));
        server->start();
        service->start();
    }
    void TearDown() override {
        if (!server) return;
        service->begin_drain();
        EXPECT_TRUE(server->stop(10s));
        for (unsigned i = 0; i < runtime->cores(); ++i) EXPECT_TRUE(drained(i));
        server.reset();
        runtime->stop();
        service.reset();
    }
    bool drained(unsigned core) { return await(service->drain_loop(core, clock.now() + 10s), core); }

    // Runs the task on a core and waits for it, on the test's thread.
    template <class T>
    T await(task<T> work, unsigned core = 0) {
        std::promise<T> done;
        auto result = done.get_future();
        runtime->spawn(report(std::move(work), done), core);
        return result.get();
    }
    template <class T>
    static task<void> report(task<T> work, std::promise<T>& done) {
        done.set_value(co_await std::move(work));
    }

    HttpTestClient connect() const { return HttpTestClient(server->bound().port); }

    static std::string post(const std::string& path, const std::string& body, const std::string& fields = {}) {
        return "POST " + path + " HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n" + fields +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    static std::string get(const std::string& path, const std::string& fields = {}) {
        return "GET " + path + " HTTP/1.1\r\nHost: shop\r\n" + fields + "\r\n";
    }
    static std::string order_body() {
        return R"({"currency":"EUR","items":[{"sku":"mug","quantity":2}],"customer":{"name":"A","email":"a@b.c"},)"
               R"("shipping_address":{"line1":"x","city":"y","country":"DE"},)"
               R"("payment":{"mode":"token","token":"tok_ok"}})";
    }
    static std::string text_in(const TestResponse& response, std::string_view name) {
        const auto body = json::parse(response.body, {.bytes = 1 << 20}).value_or(json::Document());
        const auto* member = body.find(name);
        return member != nullptr && member->string() != nullptr ? std::string(*member->string()) : "(none)";
    }
    // Takes every message from the queue and stores its order.
    void work() {
        const auto received = await(queue.receive({}));
        std::vector<orders::Change> group;
        for (const auto& message : received.value()) {
            auto decoded = contract::decode_message(message.body);
            ASSERT_TRUE(decoded);
            group.emplace_back(std::get<orders::PlaceOrder>(std::move(decoded->command)));
        }
        ASSERT_TRUE(await(store.apply(std::move(group))));
    }

    static std::vector<orders::ShelfItem> catalogue() {
        const samples::SampleShelf shelf;
        std::vector<orders::ShelfItem> items;
        for (const auto& [sku, item] : shelf.items()) items.push_back(item);
        return items;
    }

    SystemClock clock;
    crypto::SystemEntropy entropy;
    crypto::HmacOrderIds ids{crypto::SecretBytes(32, std::byte{1}), {crypto::SecretBytes(32, std::byte{2})}, entropy};
    SilentSink sink;
    observe::Logger log{clock, sink};
    observe::Metrics metrics;
    orders::TablePricing pricing = samples::pricing();
    storage::InMemoryOrderStore store{clock, pricing, catalogue()};
    storage::InMemoryInstances instance_rows;
    ThreadExecutor queue_thread{clock, "queue"};
    InMemoryMessageQueue queue{queue_thread, clock, {}};
    InMemoryMessageQueue commands{queue_thread, clock, {.name = "orders-commands"}};
    std::unique_ptr<ApiService> service;
    std::unique_ptr<net::Runtime> runtime;
    std::unique_ptr<net::HttpServer> server;
};

TEST_F(ApiOverSockets, GivenAnOrder_ThenItIsAcceptedAndFollowedLive) {
    serve(1);
    auto client = connect();
    const auto accepted = client.ask(post("/order", order_body(), "Idempotency-Key: 0123456789abcdef\r\n"));
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->status, 202U);
    const auto location = accepted->field("location").value();
    const auto waiting = client.ask(get(location));
    ASSERT_TRUE(waiting);
    EXPECT_THAT(waiting->body, HasSubstr("\"stored\":false"));

    auto follower = connect();
    ASSERT_TRUE(follower.send(get(location + "/stream")));
    const auto head = follower.read_head();
    ASSERT_TRUE(head);
    EXPECT_EQ(head->field("content-type"), "text/event-stream");
    EXPECT_THAT(follower.read_chunk().value(), StartsWith("retry: 2000\n\nevent: heartbeat\n"));
    work();

    EXPECT_THAT(follower.read_chunk().value(), StartsWith("id: 1\nevent: order.accepted\n"));
    const auto stored = client.ask(get(location));
    ASSERT_TRUE(stored);
    EXPECT_EQ(text_in(*stored, "status"), "reserved");
    EXPECT_EQ(client.ask(get(location, "If-None-Match: " + stored->field("etag").value() + "\r\n"))->status, 304U);
}

TEST_F(ApiOverSockets, GivenEveryAnswer_ThenItHasARequestIdAndTheHeadersOfItsKind) {
    serve(1);
    auto client = connect();

    const auto page = client.ask(get("/", "Request-Id: mine-1\r\nAccept-Encoding: gzip\r\n"));
    const auto head = client.ask("HEAD / HTTP/1.1\r\nHost: shop\r\n\r\n");
    const auto options = client.ask("OPTIONS /order HTTP/1.1\r\nHost: shop\r\n\r\n");
    const auto nothing = client.ask(get("/nothing"));
    const auto wrong = client.ask("DELETE /order HTTP/1.1\r\nHost: shop\r\n\r\n");

    EXPECT_EQ(page->field("request-id"), "mine-1");
    EXPECT_EQ(page->field("content-encoding"), "gzip");
    EXPECT_TRUE(page->field("content-security-policy"));
    EXPECT_EQ(head->status, 200U);
    EXPECT_EQ(head->body, "");
    EXPECT_EQ(options->status, 204U);
    EXPECT_EQ(options->field("allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(nothing->status, 404U);
    EXPECT_EQ(nothing->field("content-type"), "application/problem+json");
    EXPECT_TRUE(nothing->field("request-id"));
    EXPECT_EQ(wrong->status, 405U);
}

TEST_F(ApiOverSockets, GivenABodyOver60KiB_Then413_AndOneOf60KiBIsRead) {
    serve(1);
    const auto padded = [](std::size_t bytes) { return order_body() + std::string(bytes - order_body().size(), ' '); };

    EXPECT_EQ(connect().ask(post("/order", padded(60 * 1024)))->status, 202U);
    const auto refused = connect().ask(post("/order", padded(60 * 1024 + 1)));
    EXPECT_EQ(refused->status, 413U);
    EXPECT_EQ(text_in(*refused, "code"), "body-too-large");
}

TEST_F(ApiOverSockets, GivenOneKeyFromManyConnectionsOnSeveralCores_ThenThereIsOneId) {
    serve(2);
    constexpr int connections = 8;
    constexpr int each = 25;
    std::vector<std::future<std::set<std::string>>> clients;
    for (int i = 0; i < connections; ++i) {
        clients.push_back(std::async(std::launch::async, [this] {
            std::set<std::string> seen;
            auto client = connect();
            for (int k = 0; k < each; ++k) {
                const auto answer =
                    client.ask(post("/v1/orders", order_body(), "Idempotency-Key: one-key-for-everybody\r\n"));
                if (!answer || answer->status != 202) {
                    seen.insert("status " + std::to_string(answer ? answer->status : 0));
                } else {
                    seen.insert(text_in(*answer, "id"));
                }
            }
            return seen;
        }));
    }
    std::set<std::string> all;
    for (auto& client : clients) all.merge(client.get());

    EXPECT_THAT(all, SizeIs(1));
    EXPECT_THAT(*all.begin(), StartsWith("ord_"));
}

TEST_F(ApiOverSockets, GivenManyOrdersAtOnce_ThenEachAnswerNamesAMessageOnTheQueue) {
    serve(2);
    constexpr int connections = 8;
    constexpr int each = 25;
    std::atomic<int> accepted = 0;
    {
        std::vector<std::jthread> clients;
        for (int i = 0; i < connections; ++i) {
            clients.emplace_back([this, &accepted] {
                auto client = connect();
                for (int k = 0; k < each; ++k) {
                    const auto answer = client.ask(post("/v1/orders", order_body()));
                    if (answer && answer->status == 202) ++accepted;
                }
            });
        }
    }
    EXPECT_EQ(accepted, connections * each);
    EXPECT_EQ(await(queue.counts())->visible, static_cast<std::uint64_t>(connections * each));
}

TEST_F(ApiOverSockets, GivenAStreamsLimitPerClient_ThenOneMoreIs429) {
    serve(1, {.streams_per_client = 1});
    auto client = connect();
    const auto location = client.ask(post("/order", order_body()))->field("location").value();
    auto first = connect();
    ASSERT_TRUE(first.send(get(location + "/stream")));
    ASSERT_TRUE(first.read_head());

    const auto second = connect().ask(get(location + "/stream"));

    ASSERT_TRUE(second);
    EXPECT_EQ(second->status, 429U);
}

}  // namespace
}  // namespace orderflow::api
