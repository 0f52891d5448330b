// A loop of the test's own thread with an HttpPool on it, and a server there that does what the target of a request
// says.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/async/asio_executor.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/net/http_pool.hpp"

namespace orderflow::net {

class LoopRig {
  public:
    static constexpr auto patience = std::chrono::seconds(20);

    boost::asio::io_context& loop() { return loop_; }
    AsioExecutor& timers() { return timers_; }
    Instant in(BootClock::duration time) const { return clock_.now() + time; }

    std::unique_ptr<HttpPool> pool(HttpPoolSettings settings = {}) {
        return HttpPool::create({.loop = loop_.get_executor(), .timers = timers_, .clock = clock_}, std::move(settings))
            .value();
    }

    template <class T>
    void start(task<T> work, std::optional<T>& out) {
        boost::asio::co_spawn(loop_, store(std::move(work), out), rethrow);
    }
    template <class T>
    T run(task<T> work) {
        std::optional<T> out;
        start(std::move(work), out);
        wait([&] { return out.has_value(); });
        return std::move(out).value();
    }
    void wait(const std::function<bool()>& done) {
        loop_.restart();  // it stops whenever it has nothing to do
        while (!done()) {
            if (loop_.run_one_for(patience) == 0) throw std::runtime_error("nothing happens any more");
        }
    }

  private:
    template <class T>
    static task<void> store(task<T> work, std::optional<T>& out) {
        out.emplace(co_await std::move(work));
    }
    static void rethrow(const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);
    }

    SystemClock clock_;
    // Last to go, so that timers and streams outlive what waits for them.
    boost::asio::io_context loop_{1};
    AsioExecutor timers_{loop_.get_executor(), clock_};
};

// What a server does for one request: sends `bytes`, then goes on with the connection in some way.
struct Reaction {
    enum class Then : std::uint8_t { keep, close, reset, stall };
    std::string bytes;
    Then then = Then::keep;
};

class ReactingServer {
  public:
    // Called with the head and body of each request, in their order.
    using React = std::function<Reaction(const std::string& request)>;

    ReactingServer(boost::asio::io_context& loop, React react)
        : shared_(std::make_shared<Shared>(tcp::acceptor(loop, {boost::asio::ip::make_address("127.0.0.1"), 0}),
                                           std::move(react))) {
        boost::asio::co_spawn(loop, accept(shared_), [](const std::exception_ptr&) {});
    }
    ~ReactingServer() { stop(); }
    ReactingServer(const ReactingServer&) = delete;
    ReactingServer& operator=(const ReactingServer&) = delete;

    void stop() {
        boost::system::error_code ignored;
        shared_->acceptor.close(ignored);
        close_all();
    }
    void close_all() {
        boost::system::error_code ignored;
        for (auto& socket : shared_->sockets) socket->close(ignored);
        shared_->sockets.clear();
    }
    std::uint16_t port() const { return port_; }
    std::string url(const std::string& target = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + target;
    }
    int connections() const { return shared_->connections; }
    const std::vector<std::string>& requests() const { return shared_->requests; }

  private:
    using tcp = boost::asio::ip::tcp;
    static constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

    struct Shared {
        Shared(tcp::acceptor a, React r) : acceptor(std::move(a)), react(std::move(r)) {}
        tcp::acceptor acceptor;
        React react;
        int connections = 0;
        std::vector<std::string> requests;
        std::vector<std::shared_ptr<tcp::socket>> sockets;
    };

    static task<void> accept(std::shared_ptr<Shared> shared) {
        for (;;) {
            auto [failure, socket] = co_await shared->acceptor.async_accept(as_result);
            if (failure) co_return;
            ++shared->connections;
            shared->sockets.push_back(std::make_shared<tcp::socket>(std::move(socket)));
            boost::asio::co_spawn(shared->acceptor.get_executor(), serve(shared, shared->sockets.back()),
                                  [](const std::exception_ptr&) {});
        }
    }

    static std::size_t length_of(const std::string& head) {
        const auto at = head.find("Content-Length: ");
        std::size_t length = 0;
        if (at != std::string::npos) std::from_chars(head.data() + at + 16, head.data() + head.size(), length);
        return length;
    }

    static task<void> serve(std::shared_ptr<Shared> shared, std::shared_ptr<tcp::socket> socket) {
        std::string received;
        std::array<char, 4096> buffer{};
        boost::system::error_code ignored;
        for (;;) {
            auto end = received.find("\r\n\r\n");
            while (end == std::string::npos || received.size() < end + 4 + length_of(received)) {
                const auto [failure, count] = co_await socket->async_read_some(boost::asio::buffer(buffer), as_result);
                if (failure) co_return;
                received.append(buffer.data(), count);
                end = received.find("\r\n\r\n");
            }
            const auto size = end + 4 + length_of(received);
            shared->requests.push_back(received.substr(0, size));
            received.erase(0, size);
            const auto reaction = shared->react(shared->requests.back());
            co_await boost::asio::async_write(*socket, boost::asio::buffer(reaction.bytes), as_result);
            if (reaction.then == Reaction::Then::keep) continue;
            if (reaction.then == Reaction::Then::stall) co_return;  // the socket stays open in `sockets`
            if (reaction.then == Reaction::Then::reset) {
                socket->set_option(boost::asio::socket_base::linger(true, 0), ignored);
            }
            socket->close(ignored);
            co_return;
        }
    }

    std::shared_ptr<Shared> shared_;
    std::uint16_t port_ = shared_->acceptor.local_endpoint().port();
};

inline ClientRequest request_of(const std::string& url, std::string method = "GET", std::string body = {}) {
    ClientRequest request;
    request.method = std::move(method);
    request.url = Url::parse(url).value();
    request.body = std::move(body);
    return request;
}

}  // namespace orderflow::net
