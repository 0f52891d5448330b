// Method: a real server and real sockets; limits are tiny, and a test waits for what the server does, never for time.
#include <gtest/gtest.h>

#include <memory>
#include <semaphore>
#include <string>
#include <vector>

#include "tests/integration/http_test_routes.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::net {
namespace {

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

TEST(HttpServerStream, GivenOpenStream_WhenStopped_ThenItEndsInOrder) {
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

}  // namespace
}  // namespace orderflow::net
