#include "libs/testing/fault_proxy.hpp"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>
#include <utility>

#include "libs/async/task.hpp"

namespace orderflow {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

// What came from one side and was not taken yet.
struct Side {
    tcp::socket socket;
    std::string unread{};
};

// The next whole message; empty when the connection ended before.
task<std::string> next_message(Side& from) {
    for (;;) {
        const auto bytes = http_message_bytes(from.unread);
        if (bytes && from.unread.size() >= *bytes) {
            auto message = from.unread.substr(0, *bytes);
            from.unread.erase(0, *bytes);
            co_return message;
        }
        const auto before = from.unread.size();
        from.unread.resize(before + piece_bytes);
        const auto [error, count] =
            co_await from.socket.async_read_some(asio::buffer(from.unread.data() + before, piece_bytes), as_result);
        from.unread.resize(before + count);
        if (error) co_return std::string();
    }
}

// The same, but empty as soon as the other side, which has nothing to say meanwhile, is gone.
task<std::string> response_while_wanted(Side& server, Side& client) {
    auto first = co_await (next_message(server) || client.socket.async_wait(tcp::socket::wait_read, as_result));
    if (first.index() == 0) co_return std::get<0>(std::move(first));
    co_return std::string();
}

task<bool> send(Side& to, std::string text) {
    const auto [error, count] = co_await asio::async_write(to.socket, asio::buffer(text), as_result);
    co_return !error;
}

void reset(Side& side) {
    boost::system::error_code ignored;
    side.socket.set_option(asio::socket_base::linger(true, 0), ignored);
    side.socket.close(ignored);
}

// Programs that a test starts must not inherit a socket: it would stay open with them.
tcp::socket new_socket(asio::io_context& loop) {
    return {loop, tcp::v4(), ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
}

task<void> wait(asio::io_context& loop, std::chrono::milliseconds time) {
    asio::steady_timer timer(loop, time);
    co_await timer.async_wait(as_result);
}

}  // namespace

struct FaultProxy::State {
    State(std::uint16_t to, NetworkFaults chosen)
        : server{asio::ip::address_v4::loopback(), to}, faults(std::move(chosen)) {
        acceptor.assign(tcp::v4(), ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        acceptor.bind({asio::ip::address_v4::loopback(), 0});
        acceptor.listen();
        port = acceptor.local_endpoint().port();
        asio::co_spawn(loop, take_connections(), asio::detached);
        thread = std::jthread([this] { loop.run(); });
    }
    ~State() {
        loop.stop();
        thread.join();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    task<void> take_connections() {
        for (;;) {
            const auto [error] = co_await acceptor.async_wait(tcp::acceptor::wait_read, as_result);
            if (error) co_return;
            const int accepted = ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC);
            if (accepted < 0) continue;
            asio::co_spawn(loop, carry(Side{tcp::socket(loop, tcp::v4(), accepted)}), asio::detached);
        }
    }

    task<void> carry(Side client) {
        Side to{new_socket(loop)};
        const auto [error] = co_await to.socket.async_connect(server, as_result);
        if (error) co_return reset(client);
        while (co_await exchange(client, to)) {
        }
    }

    NetworkFate next_fate() {
        const auto fate = faulty ? faults.next() : NetworkFate{};
        ++counts[static_cast<std::size_t>(fate.fault)];
        return fate;
    }

    // False when the connection is not to be used any more. `client` and `to` are carry()'s.
    task<bool> exchange(Side& client, Side& to) {
        auto request = co_await next_message(client);
        if (request.empty()) co_return false;
        const auto fate = next_fate();
        if (fate.fault == NetworkFault::lose_request) {
            reset(client);
            co_return false;
        }
        if (fate.fault == NetworkFault::throttle) co_return co_await send(client, throttling_response(fate.nth));
        if (fate.fault == NetworkFault::delay) co_await wait(loop, fate.time);
        if (!co_await send(to, std::move(request))) co_return false;
        auto response = co_await response_while_wanted(to, client);
        if (response.empty() || fate.fault == NetworkFault::lose_response) {
            reset(client);
            co_return false;
        }
        if (fate.fault == NetworkFault::cut_response) {
            const auto cut = cut_of(fate.nth, response.size());
            co_await send(client, response.substr(0, cut.bytes));
            if (cut.reset) reset(client);
            co_return false;
        }
        if (fate.fault == NetworkFault::stall) {
            const auto half = response.size() / 2;
            co_await send(client, response.substr(0, half));
            co_await wait(loop, fate.time);
            response.erase(0, half);
        }
        co_return co_await send(client, std::move(response));
    }

    asio::io_context loop{1};
    tcp::acceptor acceptor{loop};
    tcp::endpoint server;
    NetworkFaults faults;
    std::uint16_t port = 0;
    std::atomic<bool> faulty = true;
    std::array<std::atomic<std::uint64_t>, network_fault_count> counts{};
    std::jthread thread;
};

FaultProxy::FaultProxy(std::uint16_t server, NetworkFaults faults)
    : state_(std::make_unique<State>(server, std::move(faults))) {}

FaultProxy::~FaultProxy() = default;

std::uint16_t FaultProxy::port() const { return state_->port; }

void FaultProxy::set_faulty(bool faulty) { state_->faulty = faulty; }

FaultProxy::Counts FaultProxy::counts() const {
    Counts now{};
    for (std::size_t i = 0; i < now.size(); ++i) now[i] = state_->counts[i];
    return now;
}

}  // namespace orderflow
