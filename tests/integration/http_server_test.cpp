// Method: a real server and real sockets; limits are tiny, and a test waits for what the server does, never for time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "libs/async/sleep.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::net {
namespace {

using ::testing::HasSubstr;

constexpr auto patience = std::chrono::seconds(10);

// Handlers stop at the door until the test opens it.
class Door {
  public:
    task<void> pass() {
        co_await await_completion<bool>([this](Completion<bool> done) {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(done));
            arrived_.release();
        });
    }
    // True as soon as one more handler waits.
    bool wait_for_one() { return arrived_.try_acquire_for(patience); }
    void open() {
        const std::lock_guard lock(mutex_);
        for (auto& done : waiting_) done.complete(true);
        waiting_.clear();
    }

  private:
    std::mutex mutex_;
    std::vector<Completion<bool>> waiting_;
    std::counting_semaphore<> arrived_{0};
};

task<Response> say_ok(const Request&) { co_return Response::of(200, "text/plain", "ok"); }
task<Response> echo(const Request& request) { co_return Response::of(200, "text/plain", std::string(request.body)); }
task<Response> say_peer(const Request& request) {
    co_return Response::of(200, "text/plain", std::string(request.peer));
}
task<Response> say_large(const Request&) {
    co_return Response::of(200, "text/plain", std::string(std::size_t{32} * 1024 * 1024, 'x'));
}
task<Response> fail_hard(const Request&) {
    throw std::runtime_error("broken on purpose");
    co_return Response{};
}
task<Response> split_head(const Request&) {
    co_return Response::of(200, "text/plain", "ok").field("X-Name", "a\r\nX-Injected: b");
}
task<Response> until_stopped(const Request& request) {
    co_await sleep_until(*request.loop, Instant::max(), request.stop);
    co_return problem(503, "gave-up", "The handler saw the stop.");
}
task<Response> through(Door* door) {
    co_await door->pass();
    co_return Response::of(200, "text/plain", "through");
}
Handler handler_at(Door& door) {
    return [&door](const Request&) { return through(&door); };
}

Route get(std::string pattern, Handler handler) {
    std::string name = pattern;
    return {
        .method = Method::get, .pattern = std::move(pattern), .handler = std::move(handler), .name = std::move(name)};
}
Route post(std::string pattern, Handler handler, RouteOptions options = {}) {
    auto route = get(std::move(pattern), std::move(handler));
    route.method = Method::post;
    route.options = options;
    return route;
}
std::string request_of(const std::string& path, const std::string& fields = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: shop\r\n" + fields + "\r\n";
}
std::string post_of(const std::string& path, const std::string& body, const std::string& fields = {}) {
    return "POST " + path + " HTTP/1.1\r\nHost: shop\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           fields + "\r\n" + body;
}

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
    EXPECT_THAT(answer->body, HasSubstr("content-too-large"));
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

// Time-outs

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

// Limits

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

TEST(HttpServerLimit, GivenAsManyConnectionsAsMayBe_WhenOneMoreComes_ThenSays503AndCloses) {
    HttpTestServer server({get("/ok", say_ok)}, {.connections = 1});
    auto first = server.connect();
    ASSERT_TRUE(first.ask(request_of("/ok")));

    auto second = server.connect();
    const auto refused = second.ask(request_of("/ok"));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503U);
    EXPECT_EQ(refused->field("retry-after"), "1");
    EXPECT_TRUE(second.ends());

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

// Streams

// Hands out what it was given, then ends or waits for the stop. Its end is told: without the stop it never comes.
class PieceBody final : public StreamBody {
  public:
    PieceBody(std::vector<std::string> pieces, bool ends, Executor& loop, std::counting_semaphore<>& stopped)
        : pieces_(std::move(pieces)), ends_(ends), loop_(loop), stopped_(stopped) {}
    PieceBody(const PieceBody&) = delete;
    PieceBody& operator=(const PieceBody&) = delete;
    ~PieceBody() override { stopped_.release(); }

    task<std::optional<std::string>> next(std::stop_token stop) override {
        if (at_ < pieces_.size()) co_return pieces_[at_++];
        if (ends_) co_return std::nullopt;
        co_await sleep_until(loop_, Instant::max(), stop);
        co_return std::nullopt;
    }

  private:
    std::vector<std::string> pieces_;
    bool ends_;
    Executor& loop_;
    std::counting_semaphore<>& stopped_;
    std::size_t at_ = 0;
};

// Pieces without an end, as fast as they are taken.
class FloodBody final : public StreamBody {
  public:
    task<std::optional<std::string>> next(std::stop_token stop) override {
        if (stop.stop_requested()) co_return std::nullopt;
        co_return std::string(std::size_t{256} * 1024, 'x');
    }
};

task<Response> flood(const Request&) { co_return Response::of_stream("text/plain", std::make_shared<FloodBody>()); }

task<Response> stream_of(const Request& request, std::vector<std::string> pieces, bool ends,
                         std::counting_semaphore<>* stopped) {
    co_return Response::of_stream("text/event-stream",
                                  std::make_shared<PieceBody>(std::move(pieces), ends, *request.loop, *stopped));
}
Handler streaming(std::vector<std::string> pieces, bool ends, std::counting_semaphore<>& stopped) {
    return [pieces = std::move(pieces), ends, &stopped](const Request& request) {
        return stream_of(request, pieces, ends, &stopped);
    };
}

TEST(HttpServerStream, GivenPieces_WhenStreamed_ThenArriveAsChunksAndTheConnectionEnds) {
    std::counting_semaphore<> stopped{0};
    HttpTestServer server({get("/stream", streaming({"one", "", "two"}, true, stopped))});
    auto client = server.connect();

    const auto answer = client.ask(request_of("/stream"));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->field("transfer-encoding"), "chunked");
    EXPECT_EQ(answer->body, "onetwo");
    EXPECT_TRUE(client.ends());
}

TEST(HttpServerStream, GivenHttp10_WhenStreamed_ThenBodyEndsWithTheConnection) {
    std::counting_semaphore<> stopped{0};
    HttpTestServer server({get("/stream", streaming({"one", "two"}, true, stopped))});
    auto client = server.connect();

    const auto answer = client.ask("GET /stream HTTP/1.0\r\n\r\n");

    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->field("transfer-encoding").has_value());
    EXPECT_EQ(answer->body, "onetwo");
}

TEST(HttpServerStream, GivenHead_WhenRouteStreams_ThenSourceIsNotAsked) {
    std::counting_semaphore<> stopped{0};
    HttpTestServer server({get("/stream", streaming({"one"}, false, stopped))});
    auto client = server.connect();

    const auto answer = client.ask("HEAD /stream HTTP/1.1\r\nHost: shop\r\n\r\n");

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_TRUE(client.ends());
}

TEST(HttpServerStream, GivenOpenStream_WhenPeerLeaves_ThenSourceIsStopped) {
    std::counting_semaphore<> stopped{0};
    HttpTestServer server({get("/stream", streaming({"one"}, false, stopped))});
    auto client = server.connect();
    client.send(request_of("/stream"));
    ASSERT_TRUE(client.read_head());
    ASSERT_EQ(client.read_chunk(), "one");

    client.close();

    EXPECT_TRUE(stopped.try_acquire_for(patience));
    EXPECT_TRUE(server.observer.wait_closed(1));
}

TEST(HttpServerStream, GivenOpenStream_WhenPeerResets_ThenSourceIsStopped) {
    std::counting_semaphore<> stopped{0};
    HttpTestServer server({get("/stream", streaming({"one"}, false, stopped))});
    auto client = server.connect();
    client.send(request_of("/stream"));
    ASSERT_TRUE(client.read_head());

    client.reset();

    EXPECT_TRUE(stopped.try_acquire_for(patience));
    EXPECT_TRUE(server.observer.wait_closed(1));
}

TEST(HttpServerStream, GivenSlowReader_WhenWriteTimeIsOver_ThenCutsItOff) {
    HttpTestServer server({get("/flood", flood)}, {.write_time = 40ms, .min_bytes_per_second = 0});
    auto client = server.connect(4096);

    client.send(request_of("/flood"));

    EXPECT_TRUE(server.observer.wait_refused("answer-not-taken"));
    EXPECT_TRUE(server.observer.wait_closed(1));
}

TEST(HttpServerStream, GivenAsManyStreamsAsAClientMayHave_WhenItWantsOneMore_ThenSays429) {
    std::counting_semaphore<> stopped{0};
    HttpTestServer server({get("/stream", streaming({"one"}, false, stopped))}, {.streams_per_client = 1});
    auto first = server.connect();
    first.send(request_of("/stream"));
    ASSERT_TRUE(first.read_head());

    const auto refused = server.connect().ask(request_of("/stream"));
    first.close();
    ASSERT_TRUE(stopped.try_acquire_for(patience));
    ASSERT_TRUE(server.observer.wait_closed(2));
    auto third = server.connect();
    third.send(request_of("/stream"));
    const auto admitted = third.read_head();

    ASSERT_TRUE(refused && admitted);
    EXPECT_EQ(refused->status, 429U);
    EXPECT_EQ(admitted->status, 200U);
}

TEST(HttpServerStream, GivenAsManyStreamsAsMayBe_WhenOneMoreIsWanted_ThenSays503) {
    std::counting_semaphore<> stopped{0};
    HttpTestServer server({get("/stream", streaming({"one"}, false, stopped))}, {.streams = 1});
    auto first = server.connect();
    first.send(request_of("/stream"));
    ASSERT_TRUE(first.read_head());

    const auto refused = server.connect().ask(request_of("/stream"));

    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503U);
}

// The end

TEST(HttpServerStop, GivenIdleConnection_WhenStopped_ThenClosesItAtOnce) {
    HttpTestServer server({get("/ok", say_ok)});
    auto client = server.connect();
    ASSERT_TRUE(client.ask(request_of("/ok")));

    EXPECT_TRUE(server.server().stop(10s));

    EXPECT_TRUE(client.ends());
    EXPECT_THROW(server.connect(), std::runtime_error);
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

TEST(HttpServerStop, GivenOpenStream_WhenStopped_ThenItEndsInOrder) {
    std::counting_semaphore<> stopped{0};
    HttpTestServer server({get("/stream", streaming({"one"}, false, stopped))});
    auto client = server.connect();
    client.send(request_of("/stream"));
    ASSERT_TRUE(client.read_head());
    ASSERT_EQ(client.read_chunk(), "one");

    EXPECT_TRUE(server.server().stop(10s));

    EXPECT_EQ(client.read_chunk(), "");
    EXPECT_TRUE(client.ends());
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
    HttpTestServer taken({get("/ok", say_ok)});
    SystemClock clock;
    SeededEntropy entropy(1);
    Router router({get("/ok", say_ok)});
    HttpObserver observer;

    for (const unsigned cores : {1U, 2U}) {
        Runtime runtime(clock, cores);
        HttpServer server(
            {.runtime = runtime, .clock = clock, .entropy = entropy, .router = router, .observer = observer}, {});
        const auto listening = server.listen(taken.server().bound());

        ASSERT_FALSE(listening);
        EXPECT_EQ(listening.error().code(), "listen.address-in-use");
        EXPECT_THAT(listening.error().detail(), HasSubstr(std::to_string(taken.server().bound().port)));
    }
}

}  // namespace
}  // namespace orderflow::net
