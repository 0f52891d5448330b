// Method: a real server and real sockets; limits are tiny, and a test waits for what the server does, never for time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "tests/integration/http_test_routes.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::net {
namespace {

using ::testing::HasSubstr;

TEST(HttpServerTime, GivenSlowHead_WhenItsTimeIsOver_ThenSays408AndCloses) {
    HttpTestServer server({get("/ok", say_ok)}, {.header_time = 40ms});
    auto client = server.connect();

    const auto answer = client.ask("GET /ok HTTP/1.1\r\nHost: sh");

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 408U);
    EXPECT_THAT(answer->body, HasSubstr("head-timeout"));
    EXPECT_TRUE(client.ends());
}

// A byte now and then must not extend the time: that is what a slow-loris does.
TEST(HttpServerTime, GivenDrippingHead_WhenItsTimeIsOver_ThenSays408) {
    HttpTestServer server({get("/ok", say_ok)}, {.field_bytes = 64 * 1024 * 1024, .header_time = 40ms});
    auto client = server.connect();

    client.send("GET /ok HTTP/1.1\r\nX-Long: ");
    std::thread dripping([&client] {
        while (client.send("a")) {
        }
    });
    const bool refused = server.observer.wait_refused("head-timeout");
    dripping.join();

    EXPECT_TRUE(refused);
}

TEST(HttpServerTime, GivenSilentConnection_WhenHeadTimeIsOver_ThenClosesWithoutAWord) {
    HttpTestServer server({get("/ok", say_ok)}, {.header_time = 40ms});
    auto client = server.connect();

    EXPECT_TRUE(client.ends());
}

TEST(HttpServerTime, GivenKeptConnection_WhenIdleTimeIsOver_ThenClosesWithoutAWord) {
    HttpTestServer server({get("/ok", say_ok)}, {.idle_time = 40ms});
    auto client = server.connect();

    ASSERT_TRUE(client.ask(request_of("/ok")));

    EXPECT_TRUE(client.ends());
}

TEST(HttpServerTime, GivenSlowBody_WhenItsTimeIsOver_ThenSays408AndCloses) {
    HttpTestServer server({post("/echo", echo)}, {.body_time = 40ms});
    auto client = server.connect();

    const auto answer = client.ask("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhel");

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 408U);
    EXPECT_THAT(answer->body, HasSubstr("body-timeout"));
    EXPECT_TRUE(client.ends());
}

TEST(HttpServerTime, GivenSlowReader_WhenWriteTimeIsOver_ThenCutsItOff) {
    HttpTestServer server({get("/large", say_large)}, {.write_time = 40ms, .min_bytes_per_second = 0});
    auto client = server.connect(4096);

    client.send(request_of("/large"));

    EXPECT_TRUE(server.observer.wait_refused("answer-not-taken"));
    EXPECT_TRUE(server.observer.wait_closed(1));
}

TEST(HttpServerTime, GivenHandlerThatHeedsTheStop_WhenItsTimeIsOver_ThenItsAnswerIsSent) {
    HttpTestServer server({get("/wait", until_stopped)}, {.handler_time = 40ms});
    auto client = server.connect();

    const auto answer = client.ask(request_of("/wait"));

    ASSERT_TRUE(answer);
    EXPECT_THAT(answer->body, HasSubstr("gave-up"));
}

Route ending_with_peer(Handler handler) {
    auto route = get("/poll", std::move(handler));
    route.options.ends_with_peer = [](const Request&) { return true; };
    return route;
}

TEST(HttpServerPeer, GivenARouteThatEndsWithItsPeer_WhenThePeerCloses_ThenItsHandlerIsStopped) {
    HttpTestServer server({ending_with_peer(until_stopped), get("/ok", say_ok)});
    for (const bool reset : {false, true}) {
        auto client = server.connect();
        ASSERT_TRUE(client.ask(request_of("/ok"))) << "a kept connection";
        client.send(request_of("/poll"));
        reset ? client.reset() : client.close();
        EXPECT_TRUE(server.observer.wait_closed(reset ? 2 : 1));
    }
}

TEST(HttpServerPeer, GivenARouteThatEndsWithItsPeer_WhenThePeerSendsItsNextRequest_ThenBothAreAnswered) {
    Door door;
    HttpTestServer server({ending_with_peer(handler_at(door)), get("/ok", say_ok)});
    auto client = server.connect();
    client.send(request_of("/poll"));
    ASSERT_TRUE(door.wait_for_one());
    client.send(request_of("/ok"));
    door.open();
    ASSERT_TRUE(client.read_response());
    const auto next = client.read_response();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->body, "ok");
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.ask(request_of("/ok")));
}

TEST(HttpServerTime, GivenHandlerThatHangs_WhenGraceIsOver_ThenPeerIsTold503) {
    Door door;
    HttpTestServer server({get("/hang", handler_at(door)), get("/ok", say_ok)},
                          {.handler_time = 20ms, .handler_grace = 20ms});
    auto client = server.connect();

    const auto answer = client.ask(request_of("/hang"));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503U);
    EXPECT_THAT(answer->body, HasSubstr("handler-timeout"));
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(server.server().in_flight(), 1U) << "the handler still runs and keeps its place";
    door.open();
    EXPECT_TRUE(server.observer.wait_closed(1));
}

TEST(HttpServerLimit, GivenAsManyRequestsInFlightAsMayBe_WhenOneMoreComes_ThenSays503AtOnce) {
    Door door;
    auto health = get("/healthz", say_ok);
    health.options.always_admitted = true;
    HttpTestServer server({get("/wait", handler_at(door)), health}, {.in_flight = 1});
    auto first = server.connect();
    auto second = server.connect();

    first.send(request_of("/wait"));
    ASSERT_TRUE(door.wait_for_one());
    const auto refused = second.ask(request_of("/wait"));
    const auto healthy = second.ask(request_of("/healthz"));
    door.open();
    const auto served = first.read_response();

    ASSERT_TRUE(refused && healthy && served);
    EXPECT_EQ(refused->status, 503U);
    EXPECT_EQ(refused->field("retry-after"), "1");
    EXPECT_EQ(healthy->status, 200U);
    EXPECT_EQ(served->status, 200U);
}

TEST(HttpServerLimit, GivenIdleConnections_WhenOneMoreComes_ThenTheOneIdleLongestMakesRoomAndItIsServed) {
    HttpTestServer server({get("/ok", say_ok)}, {.connections = 2});
    auto silent = server.connect();
    while (server.server().connections() == 0) std::this_thread::yield();
    auto kept = server.connect();
    ASSERT_TRUE(kept.ask(request_of("/ok")));

    const auto served = server.connect().ask(request_of("/ok"));

    ASSERT_TRUE(served);
    EXPECT_EQ(served->status, 200U);
    EXPECT_TRUE(silent.ends());
    EXPECT_TRUE(kept.ask(request_of("/ok")));
}

TEST(HttpServerLimit, GivenAsManyBusyConnectionsAsMayBe_WhenOneMoreComes_ThenSays503AndCloses) {
    Door door;
    HttpTestServer server({get("/wait", handler_at(door)), get("/ok", say_ok)}, {.connections = 1});
    auto first = server.connect();
    first.send(request_of("/wait"));
    ASSERT_TRUE(door.wait_for_one());

    auto second = server.connect();
    const auto refused = second.ask(request_of("/ok"));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503U);
    EXPECT_EQ(refused->field("retry-after"), "1");
    EXPECT_TRUE(second.ends());

    door.open();
    ASSERT_TRUE(first.read_response());
    first.close();
    ASSERT_TRUE(server.observer.wait_closed(1));
    const auto third = server.connect().ask(request_of("/ok"));
    ASSERT_TRUE(third);
    EXPECT_EQ(third->status, 200U);
}

TEST(HttpServerLimit, GivenConnectionThatHadItsRequests_WhenTheLastIsAnswered_ThenCloses) {
    HttpTestServer server({get("/ok", say_ok)}, {.requests_per_connection = 2});
    auto client = server.connect();

    const auto first = client.ask(request_of("/ok"));
    const auto last = client.ask(request_of("/ok"));

    ASSERT_TRUE(first && last);
    EXPECT_FALSE(first->field("connection").has_value());
    EXPECT_EQ(last->field("connection"), "close");
    EXPECT_TRUE(client.ends());
}

}  // namespace
}  // namespace orderflow::net
