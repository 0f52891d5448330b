#include "libs/net/connection.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace orderflow::net {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t scratch_bytes = 4096;
// What a peer may send into a stream or behind its last answer before it is cut off.
constexpr std::size_t ignored_bytes = 256 * 1024;

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

std::string peer_address(const asio::ip::tcp::socket& socket) {
    error_code gone;
    const auto endpoint = socket.remote_endpoint(gone);
    return gone ? std::string("unknown") : endpoint.address().to_string();
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket) : socket_(std::move(socket)), peer_(peer_address(socket_)) {
    error_code ignored;  // a socket that does not take the option is broken: the first receive will say so
    socket_.non_blocking(true, ignored);
}

task<Connection::Received> Connection::receive(std::size_t room, Instant deadline) {
    const auto free = input_.prepare(room);
    receive_by_ = deadline;
    const auto [error, count] = co_await socket_.async_read_some(asio::buffer(free.data(), free.size()), use_tuple);
    receive_by_ = Instant::max();
    if (error) co_return late_ ? Received::late : Received::closed;
    input_.commit(count);
    co_return Received::data;
}

task<bool> Connection::send(std::string_view first, std::string_view second, Instant deadline) {
    std::size_t sent = 0;
    const auto total = first.size() + second.size();
    while (sent < total) {
        const auto of_first = std::min(sent, first.size());
        const std::array<asio::const_buffer, 2> rest{
            asio::const_buffer(first.data() + of_first, first.size() - of_first),
            asio::const_buffer(second.data() + (sent - of_first), second.size() - (sent - of_first))};
        // The kernel nearly always has room: no suspension then.
        error_code error;
        const auto count =
            second.empty() ? socket_.write_some(asio::buffer(rest[0]), error) : socket_.write_some(rest, error);
        sent += count;
        if (!error) continue;
        if (error != asio::error::would_block && error != asio::error::interrupted) co_return false;
        send_by_ = deadline;
        const auto [unwritable] = co_await socket_.async_wait(asio::ip::tcp::socket::wait_write, use_tuple);
        send_by_ = Instant::max();
        if (unwritable) co_return false;
    }
    co_return true;
}

void Connection::send_now(std::string_view bytes) noexcept {
    error_code ignored;
    socket_.write_some(asio::const_buffer(bytes.data(), bytes.size()), ignored);
}

task<void> Connection::linger(Instant deadline) {
    error_code broken;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, broken);
    if (broken) co_return;
    input_.consume(input_.size());
    for (std::size_t dropped = 0; dropped < ignored_bytes;) {
        if (co_await receive(scratch_bytes, deadline) != Received::data) co_return;
        dropped += input_.size();
        input_.consume(input_.size());
    }
}

void Connection::watch_for_end(std::move_only_function<void()> tell) {
    if (std::exchange(*watching_, true)) return;
    socket_.async_wait(asio::ip::tcp::socket::wait_read, [this, watching = std::weak_ptr(watching_),
                                                          tell = std::move(tell)](const error_code& failure) mutable {
        const auto alive = watching.lock();
        if (!alive) return;
        *alive = false;
        if (failure == asio::error::operation_aborted) return;
        char byte = 0;
        error_code broken;
        socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, broken);
        if (broken == asio::error::would_block) return watch_for_end(std::move(tell));  // woken for nothing
        if (broken) tell();
    });
}

task<void> Connection::wait_for_end() {
    std::array<char, scratch_bytes> scratch;
    for (std::size_t dropped = 0; dropped < ignored_bytes;) {
        const auto [error, count] = co_await socket_.async_read_some(asio::buffer(scratch), use_tuple);
        if (error) co_return;
        dropped += count;
    }
}

void Connection::expire_if_due(Instant now) noexcept {
    if (now < receive_by_ && now < send_by_) return;
    late_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void Connection::close() noexcept {
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace orderflow::net
