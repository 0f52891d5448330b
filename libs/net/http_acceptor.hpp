// HttpAcceptor: the listening socket of one core. When the process has no file descriptor left it neither spins nor
// goes deaf: one descriptor is held in reserve, and one connection after the other is served on it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/net/listen_address.hpp"

namespace orderflow::net {

class HttpAcceptor {
  public:
    // Binds and listens on a port that no other socket has. A peer that acknowledges nothing for `user_timeout` is
    // gone. Errors: see HttpServer::listen().
    static Result<HttpAcceptor> open(boost::asio::any_io_executor loop, const ListenAddress& address,
                                     BootClock::duration user_timeout);
    // One more listener of this one's port for another loop: the kernel spreads new connections over them.
    Result<HttpAcceptor> open_beside(boost::asio::any_io_executor loop, BootClock::duration user_timeout);

    const ListenAddress& bound() const noexcept { return bound_; }

    struct Connected {
        boost::asio::ip::tcp::socket socket;
        // When set, this is the last descriptor: answer one request quickly. Drop it after the socket is closed.
        std::shared_ptr<void> on_reserve;
    };
    struct Outcome {
        std::optional<Connected> connected;
        std::string failure;  // why there may be no connection for a while; empty when the next call may come at once
    };
    // The next connection. After close() an outcome with neither.
    task<Outcome> accept();

    bool is_open() const noexcept { return acceptor_.is_open(); }
    void close() noexcept;

  private:
    class Reserve;

    // Of a bound socket, unless `error` says that something failed before.
    static Result<HttpAcceptor> listening(boost::asio::ip::tcp::acceptor acceptor, const ListenAddress& address,
                                          boost::system::error_code error);
    HttpAcceptor(boost::asio::ip::tcp::acceptor acceptor, ListenAddress bound);
    std::optional<Connected> accept_on_reserve();

    boost::asio::ip::tcp::acceptor acceptor_;
    ListenAddress bound_;
    std::shared_ptr<Reserve> reserve_;
};

}  // namespace orderflow::net
