// Method: a scripted server on the same loop; what the client makes of what it does.
#include "libs/net/http_client.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace orderflow::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto patience = std::chrono::seconds(10);
const std::string accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok";

// Answers each request, in order, with the next line of its script; without one it says nothing.
class ScriptedServer {
  public:
    struct Line {
        std::string answer;
        enum class Then : std::uint8_t { keep, close, reset } then = Then::keep;
    };

    explicit ScriptedServer(asio::io_context& loop) : acceptor_(loop, {asio::ip::make_address("127.0.0.1"), 0}) {
        accept();
    }

    ListenAddress address() const { return {"127.0.0.1", acceptor_.local_endpoint().port()}; }
    std::deque<Line> script;
    int connections = 0;
    std::vector<std::string> requests;
    void stop() { acceptor_.close(); }
    void close_all() { peers_.clear(); }

  private:
    struct Peer {
        explicit Peer(tcp::socket s) : socket(std::move(s)) {}
        tcp::socket socket;
        std::string received;
        std::array<char, 4096> buffer{};
    };

    void accept() {
        acceptor_.async_accept([this](const error_code& failure, tcp::socket socket) {
            if (failure) return;
            ++connections;
            peers_.push_back(std::make_shared<Peer>(std::move(socket)));
            read(peers_.back());
            accept();
        });
    }

    void read(const std::shared_ptr<Peer>& peer) {
        peer->socket.async_read_some(asio::buffer(peer->buffer),
                                     [this, peer](const error_code& failure, std::size_t n) {
                                         if (failure) return;
                                         peer->received.append(peer->buffer.data(), n);
                                         if (peer->received.ends_with("\r\n\r\n")) answer(*peer);
                                         if (peer->socket.is_open()) read(peer);
                                     });
    }

    void answer(Peer& peer) {
        requests.push_back(std::exchange(peer.received, {}));
        if (script.empty()) return;
        const auto line = script.front();
        script.pop_front();
        error_code ignored;
        asio::write(peer.socket, asio::buffer(line.answer), ignored);
        if (line.then == Line::Then::keep) return;
        if (line.then == Line::Then::reset) peer.socket.set_option(asio::socket_base::linger(true, 0), ignored);
        peer.socket.close(ignored);
    }

    tcp::acceptor acceptor_;
    std::vector<std::shared_ptr<Peer>> peers_;
};

struct Heard : HttpClient::Listener {
    void answered(HttpClient& client, const HttpAnswer& answer) override {
        heard.push_back(std::to_string(answer.status) + " " + std::string(answer.body));
        then(client);
    }
    void failed(HttpClient& client, HttpFailure failure) override {
        failures.push_back(failure);
        then(client);
    }
    std::vector<std::string> heard;
    std::vector<HttpFailure> failures;
    std::function<void(HttpClient&)> then = [](HttpClient&) {};
};

class HttpClientTest : public ::testing::Test {
  protected:
    void send(Instant deadline = Instant::max()) {
        client.request() = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        client.send(deadline);
    }
    // Runs the loop until the client has been told so many answers and failures.
    void wait_for(std::size_t count) {
        while (listener.heard.size() + listener.failures.size() < count) {
            ASSERT_NE(loop.run_one_for(patience), 0U) << "nothing happens any more";
        }
    }
    void wait_until(const std::function<bool()>& done) {
        while (!done()) ASSERT_NE(loop.run_one_for(patience), 0U) << "nothing happens any more";
    }

    asio::io_context loop{1};
    ScriptedServer server{loop};
    Heard listener;
    HttpClient client{loop, server.address(), listener, 1024};
};

TEST_F(HttpClientTest, GivenAnswers_ThenOneConnectionServesAllRequests) {
    server.script = {{accepted}, {accepted}, {accepted}};
    for (std::size_t n = 1; n <= 3; ++n) {
        send();
        EXPECT_TRUE(client.is_busy());
        wait_for(n);
        EXPECT_FALSE(client.is_busy());
    }
    EXPECT_EQ(listener.heard, (std::vector<std::string>{"202 ok", "202 ok", "202 ok"}));
    EXPECT_EQ(server.connections, 1);
}

TEST_F(HttpClientTest, GivenAListenerThatSendsAgain_ThenTheNextRequestFollows) {
    server.script = {{accepted}, {accepted}};
    listener.then = [&](HttpClient&) {
        if (listener.heard.size() == 1) send();
    };
    send();
    wait_for(2);
    EXPECT_EQ(server.requests.size(), 2U);
    EXPECT_EQ(server.connections, 1);
}

TEST_F(HttpClientTest, GivenConnectionClose_ThenTheNextRequestConnectsAnew) {
    server.script = {{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"}, {accepted}};
    send();
    wait_for(1);
    send();
    wait_for(2);
    EXPECT_EQ(listener.heard.back(), "202 ok");
    EXPECT_EQ(server.connections, 2);
}

TEST_F(HttpClientTest, GivenNobodyListening_ThenNothingWasSent) {
    server.stop();
    send();
    wait_for(1);
    EXPECT_EQ(listener.failures, std::vector{HttpFailure::not_sent});
}

TEST_F(HttpClientTest, GivenATruncatedAnswer_ThenItIsBroken) {
    server.script = {
        {"HTTP/1.1 202 Accepted\r\nContent-Length: 99\r\n\r\n{\"id\":", ScriptedServer::Line::Then::close}};
    send();
    wait_for(1);
    EXPECT_EQ(listener.failures, std::vector{HttpFailure::broken});
}

TEST_F(HttpClientTest, GivenAResetAfterTheRequest_ThenItIsBrokenAndTheNextRequestConnectsAnew) {
    server.script = {{"", ScriptedServer::Line::Then::reset}, {accepted}};
    send();
    wait_for(1);
    EXPECT_EQ(listener.failures, std::vector{HttpFailure::broken});
    send();
    wait_for(2);
    EXPECT_EQ(listener.heard, std::vector<std::string>{"202 ok"});
}

TEST_F(HttpClientTest, GivenGarbage_ThenItIsUnreadable) {
    server.script = {{"220 mail.example.com ESMTP\r\n\r\n"}};
    send();
    wait_for(1);
    EXPECT_EQ(listener.failures, std::vector{HttpFailure::unreadable});
}

TEST_F(HttpClientTest, GivenAnAnswerOverTheLimit_ThenItIsUnreadable) {
    server.script = {{"HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + std::string(4096, 'x')}};
    send();
    wait_for(1);
    EXPECT_EQ(listener.failures, std::vector{HttpFailure::unreadable});
}

TEST_F(HttpClientTest, GivenASilentServer_ThenItIsLateAtTheDeadlineAndNotBefore) {
    const Instant deadline(std::chrono::seconds(100));
    send(deadline);
    wait_until([&] { return server.requests.size() == 1; });
    client.expire_if_due(deadline - std::chrono::nanoseconds(1));
    EXPECT_TRUE(listener.failures.empty());
    client.expire_if_due(deadline);
    EXPECT_EQ(listener.failures, std::vector{HttpFailure::late});
    EXPECT_FALSE(client.is_busy());
}

TEST_F(HttpClientTest, GivenALateAnswer_ThenItIsNotTakenForTheNextRequests) {
    const Instant deadline(std::chrono::seconds(100));
    send(deadline);
    wait_until([&] { return server.requests.size() == 1; });
    client.expire_if_due(deadline);
    server.script = {{accepted}};
    send();
    wait_for(2);
    EXPECT_EQ(server.connections, 2);
    EXPECT_EQ(listener.heard, std::vector<std::string>{"202 ok"});
}

TEST_F(HttpClientTest, GivenAServerThatClosedTheIdleConnection_ThenTheNextRequestConnectsAnew) {
    server.script = {{accepted, ScriptedServer::Line::Then::close}, {accepted}};
    send();
    wait_for(1);
    loop.poll();
    send();
    wait_for(2);
    EXPECT_EQ(listener.heard.size(), 2U);
    EXPECT_TRUE(listener.failures.empty());
}

TEST_F(HttpClientTest, GivenBytesBehindTheAnswer_ThenTheConnectionIsNotTrustedAnyMore) {
    server.script = {{accepted + "HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nevil"}, {accepted}};
    send();
    wait_for(1);
    send();
    wait_for(2);
    EXPECT_EQ(listener.heard.back(), "202 ok");
    EXPECT_EQ(server.connections, 2);
}

TEST_F(HttpClientTest, GivenARequestLargerThanTheSocketsBuffer_ThenAllOfItArrives) {
    server.script = {{accepted}};
    const std::string large(8 * 1024 * 1024, 'x');
    client.request() = "POST / HTTP/1.1\r\n" + large + "\r\n\r\n";
    client.send(Instant::max());
    wait_for(1);
    EXPECT_EQ(listener.heard, std::vector<std::string>{"202 ok"});
    EXPECT_EQ(server.requests.at(0).size(), client.request().size());
}

TEST_F(HttpClientTest, GivenClose_ThenTheOutstandingRequestIsNotReported) {
    send();
    wait_until([&] { return server.requests.size() == 1; });
    client.close();
    server.close_all();
    loop.poll();
    EXPECT_FALSE(client.is_busy());
    EXPECT_TRUE(listener.failures.empty());
}

}  // namespace
}  // namespace orderflow::net
