#include "libs/net/http_acceptor.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace orderflow::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int backlog = 4096;  // the kernel cuts it down to net.core.somaxconn

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using tcp_user_timeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;

Error open_error(const error_code& error, const ListenAddress& address) {
    auto detail = "cannot listen on " + address.to_string() + ": " + error.message();
    if (error == asio::error::address_in_use) {
        detail += ". Another program listens there: stop it, or choose another port (0 picks a free one)";
        return {ErrorKind::unavailable, "listen.address-in-use", std::move(detail)};
    }
    if (error == asio::error::access_denied) return {ErrorKind::unauthorized, "listen.denied", std::move(detail)};
    return {ErrorKind::invalid_input, "listen.bad-address", std::move(detail)};
}

// What was wrong with one connection only (accept(2): the errors of the network are handed over like this).
bool concerns_one_connection(const error_code& error) {
    return error == asio::error::connection_aborted || error == asio::error::interrupted ||
           error == asio::error::network_down || error == asio::error::host_unreachable ||
           error == asio::error::network_unreachable || error == asio::error::try_again ||
           error == boost::system::errc::protocol_error || error == boost::system::errc::operation_not_permitted;
}

bool out_of_descriptors(const error_code& error) {
    return error == boost::system::errc::too_many_files_open ||
           error == boost::system::errc::too_many_files_open_in_system;
}

// Options of the listening socket are inherited by its connections: no system calls for each of them.
void set_options(tcp::acceptor& acceptor, BootClock::duration user_timeout, error_code& error) {
    acceptor.set_option(tcp::no_delay(true), error);
    const auto timeout_ms = std::chrono::duration_cast<std::chrono::milliseconds>(user_timeout).count();
    if (!error) acceptor.set_option(tcp_user_timeout(static_cast<int>(timeout_ms)), error);
}

}  // namespace

// Holds a descriptor that is of no use but to be given up.
class HttpAcceptor::Reserve {
  public:
    Reserve() { take(); }
    Reserve(const Reserve&) = delete;
    Reserve& operator=(const Reserve&) = delete;
    ~Reserve() { give_up(); }

    void take() noexcept {
        if (descriptor_ < 0) descriptor_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    bool give_up() noexcept {
        if (descriptor_ < 0) return false;
        ::close(std::exchange(descriptor_, -1));
        return true;
    }

  private:
    int descriptor_ = -1;
};

HttpAcceptor::HttpAcceptor(tcp::acceptor acceptor, ListenAddress bound)
    : acceptor_(std::move(acceptor)), bound_(std::move(bound)), reserve_(std::make_shared<Reserve>()) {}

Result<HttpAcceptor> HttpAcceptor::open(asio::any_io_executor loop, const ListenAddress& address,
                                        BootClock::duration user_timeout) {
    error_code error;
    const auto ip = asio::ip::make_address(address.host, error);
    if (error) return fail(open_error(error, address));
    const tcp::endpoint endpoint(ip, address.port);
    tcp::acceptor acceptor(std::move(loop));
    acceptor.open(endpoint.protocol(), error);
    // A port with connections of a former process in TIME-WAIT can be had again. Of a free port asked for (0), two
    // sockets with this option may get the same one, and the later one to listen is refused (socket(7)).
    if (!error && address.port != 0) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) set_options(acceptor, user_timeout, error);
    if (!error) acceptor.bind(endpoint, error);
    return listening(std::move(acceptor), address, error);
}

// Every listener needs SO_REUSEPORT, and with it another process of the same user could join the port as well. So the
// first has the port alone before it gets the option: another process asks without it, and is refused.
Result<HttpAcceptor> HttpAcceptor::open_beside(asio::any_io_executor loop, BootClock::duration user_timeout) {
    error_code error;
    acceptor_.set_option(reuse_port(true), error);
    if (error) return fail(open_error(error, bound_));
    const auto endpoint = acceptor_.local_endpoint(error);
    tcp::acceptor acceptor(std::move(loop));
    if (!error) acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.set_option(reuse_port(true), error);
    if (!error) set_options(acceptor, user_timeout, error);
    if (!error) acceptor.bind(endpoint, error);
    return listening(std::move(acceptor), bound_, error);
}

Result<HttpAcceptor> HttpAcceptor::listening(tcp::acceptor acceptor, const ListenAddress& address, error_code error) {
    if (!error) acceptor.listen(backlog, error);
    // Inherited too: after kill -9 the connections that are left in TIME-WAIT let the next process have the port.
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.non_blocking(true, error);
    if (error) return fail(open_error(error, address));
    const auto port = acceptor.local_endpoint(error).port();
    if (error) return fail(open_error(error, address));
    return HttpAcceptor(std::move(acceptor), ListenAddress{.host = address.host, .port = port});
}

task<HttpAcceptor::Outcome> HttpAcceptor::accept() {
    auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
    Outcome outcome;
    if (!error) {
        outcome.connected.emplace(std::move(socket), nullptr);
    } else if (out_of_descriptors(error)) {
        outcome.connected = accept_on_reserve();
        outcome.failure = error.message();
    } else if (acceptor_.is_open() && !concerns_one_connection(error)) {
        outcome.failure = error.message();
    }
    co_return outcome;
}

std::optional<HttpAcceptor::Connected> HttpAcceptor::accept_on_reserve() {
    if (!reserve_->give_up()) {  // lent out, or lost to another open() of this process
        reserve_->take();
        return std::nullopt;
    }
    error_code error;
    tcp::socket socket(acceptor_.get_executor());
    acceptor_.accept(socket, error);
    if (error) {
        reserve_->take();
        return std::nullopt;
    }
    std::shared_ptr<void> returned(reserve_.get(), [reserve = reserve_](void*) { reserve->take(); });
    return Connected{.socket = std::move(socket), .on_reserve = std::move(returned)};
}

void HttpAcceptor::close() noexcept {
    error_code ignored;
    acceptor_.close(ignored);
}

}  // namespace orderflow::net
