// Method: a real server and real sockets; limits are tiny, and a test waits for what the server does, never for time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/http_test_routes.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::net {
namespace {

using ::testing::HasSubstr;

TEST(HttpServer, GivenKeptConnection_WhenAskedAgain_ThenAnswersOnIt) {
    HttpTestServer server({get("/ok", say_ok)});
    auto client = server.connect();

    for (int i = 0; i < 100; ++i) {
        const auto answer = client.ask(request_of("/ok"));

        ASSERT_TRUE(answer.has_value());
        EXPECT_EQ(answer->status, 200U);
    }
    EXPECT_EQ(server.server().connections(), 1U);
}

TEST(HttpServer, GivenHead_WhenGetRouteExists_ThenSendsItsFieldsWithoutBody) {
    HttpTestServer server({get("/ok", say_ok)});
    auto client = server.connect();

    const auto head = client.ask("HEAD /ok HTTP/1.1\r\nHost: shop\r\n\r\n");
    const auto next = client.ask(request_of("/ok"));

    ASSERT_TRUE(head && next);
    EXPECT_EQ(head->field("content-length"), "2");
    EXPECT_EQ(next->body, "ok");
}

TEST(HttpServer, GivenOtherMethod_WhenPathExists_ThenNamesTheAllowedOnes) {
    HttpTestServer server({get("/ok", say_ok), post("/ok", echo)});
    auto client = server.connect();

    const auto answer = client.ask("DELETE /ok HTTP/1.1\r\nHost: shop\r\n\r\n");

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 405U);
    EXPECT_EQ(answer->field("allow"), "GET, HEAD, POST, OPTIONS");
}

TEST(HttpServer, GivenRequestId_WhenWellFormed_ThenEchoesIt) {
    HttpTestServer server({get("/ok", say_ok)});
    auto client = server.connect();

    const auto answer = client.ask(request_of("/ok", "Request-Id: a-B.c_9~\r\n"));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->field("request-id"), "a-B.c_9~");
}

TEST(HttpServer, GivenNoUsableRequestId_WhenAnswered_ThenEveryAnswerHasItsOwn) {
    HttpTestServer server({get("/ok", say_ok)});
    auto client = server.connect();
    std::set<std::string> ids;

    for (const auto* sent : {"", "Request-Id: a b\r\n", "Request-Id: <x>\r\n", "Request-Id:\r\n"}) {
        const auto answer = client.ask(request_of("/ok", sent));
        ASSERT_TRUE(answer);
        ids.insert(answer->field("request-id").value_or(""));
    }
    const auto too_long = client.ask(request_of("/ok", "Request-Id: " + std::string(65, 'a') + "\r\n"));
    ASSERT_TRUE(too_long);
    ids.insert(too_long->field("request-id").value_or(""));

    EXPECT_EQ(ids.size(), 5U);
    for (const auto& id : ids) EXPECT_EQ(id.size(), 32U);
}

TEST(HttpServer, GivenExpectation_WhenBodyIsAwaited_ThenSays100First) {
    HttpTestServer server({post("/echo", echo)});
    auto client = server.connect();

    const auto interim =
        client.ask("POST /echo HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    const auto answer = client.ask("hello");

    ASSERT_TRUE(interim && answer);
    EXPECT_EQ(interim->status, 100U);
    EXPECT_EQ(answer->body, "hello");
}

TEST(HttpServer, GivenAnnouncedBodyAboveTheRoutesLimit_WhenOnlyTheHeadCame_ThenRefusesBeforeReading) {
    HttpTestServer server({post("/small", echo, {.body_bytes = 10}), post("/echo", echo)});
    auto client = server.connect();

    const auto answer = client.ask("POST /small HTTP/1.1\r\nHost: shop\r\nContent-Length: 11\r\n\r\n");

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 413U);
    EXPECT_THAT(answer->body, HasSubstr("body-too-large"));
    EXPECT_TRUE(client.ends());
}

TEST(HttpServer, GivenBodyOfExactlyTheLimit_WhenSent_ThenServed) {
    HttpTestServer server({post("/large", echo, {.body_bytes = 1'000'000})});
    auto client = server.connect();
    const std::string body(1'000'000, 'b');

    const auto answer = client.ask(post_of("/large", body));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_TRUE(answer->body == body);
}

TEST(HttpServer, GivenPeer_WhenAsked_ThenHandlerSeesItsAddress) {
    HttpTestServer server({get("/peer", say_peer)});
    auto client = server.connect();

    const auto answer = client.ask(request_of("/peer"));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "127.0.0.1");
}

TEST(HttpServer, GivenPeerThatEndsItsSide_WhenRequestIsWhole_ThenStillAnswered) {
    HttpTestServer server({get("/ok", say_ok)});
    auto client = server.connect();

    client.send(request_of("/ok"));
    client.end_sending();

    const auto answer = client.read_response();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
}

TEST(HttpServer, GivenHandlerThatThrows_WhenAsked_ThenSays500AndLivesOn) {
    HttpTestServer server({get("/fail", fail_hard), get("/ok", say_ok)});
    auto client = server.connect();

    const auto failed = client.ask(request_of("/fail"));
    const auto next = client.ask(request_of("/ok"));

    ASSERT_TRUE(failed && next);
    EXPECT_EQ(failed->status, 500U);
    EXPECT_THAT(failed->body, ::testing::Not(HasSubstr("on purpose")));
    EXPECT_EQ(next->status, 200U);
    EXPECT_THAT(server.observer.bugs(), ::testing::ElementsAre("broken on purpose"));
}

TEST(HttpServer, GivenFieldThatWouldSplitTheHead_WhenAnswered_ThenSays500Instead) {
    HttpTestServer server({get("/split", split_head)});
    auto client = server.connect();

    const auto answer = client.ask(request_of("/split"));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 500U);
    EXPECT_FALSE(answer->field("x-injected").has_value());
    EXPECT_EQ(server.observer.bugs().size(), 1U);
}

TEST(HttpServer, GivenAnswers_WhenObserved_ThenEveryReadableRequestIsToldWithItsRoute) {
    HttpTestServer server({get("/ok", say_ok)});

    ASSERT_TRUE(server.connect().ask(request_of("/ok")));
    ASSERT_TRUE(server.connect().ask("POST /nowhere HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\n"));
    ASSERT_TRUE(server.connect().ask("GET /ok\r\n"));

    ASSERT_TRUE(server.observer.wait_refused("request-line-malformed"));
    ASSERT_TRUE(server.observer.wait_answered(2));
    EXPECT_THAT(server.observer.answers(),
                ::testing::UnorderedElementsAre(::testing::Pair("/ok", 200U), ::testing::Pair("", 404U)));
}

TEST(HttpServer, GivenManyClients_WhenTwoCoresServe_ThenEveryRequestIsAnswered) {
    HttpTestServer server({post("/echo", echo)}, {}, 2);
    std::atomic<int> right = 0;
    std::vector<std::thread> clients;

    for (int c = 0; c < 8; ++c) {
        clients.emplace_back([&server, &right, c] {
            for (int connection = 0; connection < 5; ++connection) {
                auto client = server.connect();
                for (int i = 0; i < 20; ++i) {
                    const auto body = std::to_string(c * 1000 + i);
                    const auto answer = client.ask(post_of("/echo", body));
                    right += answer && answer->body == body ? 1 : 0;
                }
            }
        });
    }
    for (auto& client : clients) client.join();

    EXPECT_EQ(right, 8 * 5 * 20);
    EXPECT_TRUE(server.observer.wait_closed(8 * 5));
    EXPECT_EQ(server.server().connections(), 0U);
    EXPECT_EQ(server.server().in_flight(), 0U);
}

bool listens(HttpTestServer& server) {
    try {
        server.connect();
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

TEST(HttpServerStop, GivenIdleConnection_WhenStopped_ThenClosesIt) {
    HttpTestServer server({get("/ok", say_ok)});
    auto client = server.connect();
    ASSERT_TRUE(client.ask(request_of("/ok")));

    EXPECT_TRUE(server.server().stop(10s));

    EXPECT_TRUE(client.ends());
    EXPECT_THROW(server.connect(), std::runtime_error);
}

TEST(HttpServerStop, GivenRequestOnItsWayOverAKeptConnection_WhenStopped_ThenItIsAnsweredAndToldThatTheConnectionEnds) {
    HttpTestServer server({get("/ok", say_ok)}, {.drain_idle_time = 10s});
    auto client = server.connect();
    ASSERT_TRUE(client.ask(request_of("/ok")));
    bool clean = false;
    std::thread stopping([&] { clean = server.server().stop(20s); });
    while (listens(server)) std::this_thread::yield();

    auto answer = client.ask(request_of("/ok"));
    // Nobody listens any more before the connections are told.
    while (answer && answer->field("connection") != "close") answer = client.ask(request_of("/ok"));
    stopping.join();

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->field("connection"), "close");
    EXPECT_TRUE(client.ends());
    EXPECT_TRUE(clean);
}

TEST(HttpServerStop, GivenRequestInItsHandler_WhenStopped_ThenItIsAnsweredFirst) {
    Door door;
    HttpTestServer server({get("/wait", handler_at(door))});
    auto client = server.connect();
    client.send(request_of("/wait"));
    ASSERT_TRUE(door.wait_for_one());

    bool clean = false;
    std::thread stopping([&] { clean = server.server().stop(10s); });
    door.open();
    const auto answer = client.read_response();
    stopping.join();

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_TRUE(clean);
    EXPECT_TRUE(client.ends());
}

// Method: one core's thread is held in a handler, so that its listener cannot close yet.
TEST(HttpServerStop, GivenACoreThatStillListens_WhenStopped_ThenNoOtherCoreSendsItsClientsAway) {
    std::atomic<bool> held = false;
    std::atomic<bool> release = false;
    const auto hold = [&](const Request& request) {
        held = true;
        while (!release) std::this_thread::yield();
        return say_ok(request);
    };
    HttpTestServer server({get("/ok", say_ok), get("/hold", hold)}, {.drain_idle_time = 10s}, 2);
    auto holder = server.connect();
    holder.send(request_of("/hold"));
    while (!held) std::this_thread::yield();
    std::vector<HttpTestClient> clients;  // the kernel spreads them over both cores
    for (int i = 0; i < 64; ++i) clients.push_back(server.connect());
    for (auto& client : clients) client.send(request_of("/ok"));
    const auto free = std::ranges::find_if(clients, [](auto& client) { return client.has_input_within(100); });
    ASSERT_NE(free, clients.end());
    ASSERT_TRUE(free->read_response());

    std::thread stopping([&] { server.server().stop(20s); });
    int kept = 0;
    for (; kept < 200; ++kept) {
        const auto answer = free->ask(request_of("/ok"));
        if (!answer || answer->field("connection") == "close") break;
    }
    release = true;
    stopping.join();

    EXPECT_EQ(kept, 200);
}

TEST(HttpServerStop, GivenHandlerThatHangs_WhenDrainTimeIsOver_ThenStopSaysSo) {
    Door door;
    HttpTestServer server({get("/hang", handler_at(door))}, {.handler_grace = 20ms});
    auto client = server.connect();
    client.send(request_of("/hang"));
    ASSERT_TRUE(door.wait_for_one());

    const bool clean = server.server().stop(20ms);

    EXPECT_FALSE(clean);
    const auto answer = client.read_response();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503U);
    door.open();
}

TEST(HttpServerStop, GivenStoppedServer_WhenStoppedAgain_ThenSaysTheSame) {
    HttpTestServer server({get("/ok", say_ok)});

    EXPECT_TRUE(server.server().stop(1s));
    EXPECT_TRUE(server.server().stop(1s));
}

TEST(HttpServerListen, GivenTakenPort_WhenListening_ThenSaysSo) {
    SystemClock clock;
    SeededEntropy entropy(1);
    Router router({get("/ok", say_ok)});
    HttpObserver observer;

    for (const unsigned cores_there : {1U, 2U}) {
        HttpTestServer taken({get("/ok", say_ok)}, {}, cores_there);
        for (const unsigned cores : {1U, 2U}) {
            Runtime runtime(clock, cores);
            HttpServer server(
                {.runtime = runtime, .clock = clock, .entropy = entropy, .router = router, .observer = observer}, {});
            const auto listening = server.listen(taken.server().bound());

            ASSERT_FALSE(listening) << cores << " beside " << cores_there;
            EXPECT_EQ(listening.error().code(), "listen.address-in-use");
            EXPECT_THAT(listening.error().detail(), HasSubstr(std::to_string(taken.server().bound().port)));
        }
    }
}

TEST(HttpServerListen, GivenAServerOfSeveralCores_WhenClientsConnect_ThenEveryCoreHasSome) {
    std::mutex mutex;
    std::set<std::thread::id> served_by;
    HttpTestServer server({get("/who",
                               [&](const Request& request) {
                                   const std::lock_guard lock(mutex);
                                   served_by.insert(std::this_thread::get_id());
                                   return say_ok(request);
                               })},
                          {}, 2);

    for (int i = 0; i < 64; ++i) server.connect().ask(request_of("/who"));

    const std::lock_guard lock(mutex);
    EXPECT_EQ(served_by.size(), 2U);
}

}  // namespace
}  // namespace orderflow::net
