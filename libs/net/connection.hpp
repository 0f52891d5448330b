// Connection: one TCP connection with its input, and a deadline on every wait. It knows no HTTP.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/net/input_buffer.hpp"

namespace orderflow::net {

// For one core. One receive() and one send() may wait at a time.
//
// A deadline is a number that the owner compares with the time in every tick (expire_if_due), not a timer: a request
// costs no timer operations that way, and a deadline is kept to one tick.
class Connection {
  public:
    enum class Received : std::uint8_t { data, closed, late };

    explicit Connection(boost::asio::ip::tcp::socket socket);

    InputBuffer& input() noexcept { return input_; }
    const std::string& peer() const noexcept { return peer_; }

    // Appends at least one byte to input(), `room` or more if they are there. `closed`: the peer has ended its side, or
    // the connection is broken.
    task<Received> receive(std::size_t room, Instant deadline);

    // Hands `first` and `second` to the kernel, whole. False: broken, or late; the connection is of no use then.
    // Both outlive the returned task: the session that awaits it owns them.
    task<bool> send(std::string_view first, std::string_view second, Instant deadline);

    // Without waiting, as much as the kernel takes: for a last word to a peer whose turn is over.
    void send_now(std::string_view bytes) noexcept;

    // Ends our side, and reads and drops what the peer sends until it ends its own: closing with unread bytes would
    // reset the connection, and the peer could lose the answer.
    task<void> linger(Instant deadline);

    // Calls `tell` once, in a turn of the loop, when the peer has ended its side or the connection is broken. Reads
    // nothing: what the peer sends instead ends the watch without a call. One watch at a time; a second one is ignored.
    void watch_for_end(std::move_only_function<void()> tell);

    // Waits until the peer ends its side or sends more than a few kilobytes (which are dropped).
    task<void> wait_for_end();

    void expire_if_due(Instant now) noexcept;
    // Waits inside receive() and send() end. Idempotent.
    void close() noexcept;

  private:
    boost::asio::ip::tcp::socket socket_;
    InputBuffer input_;
    std::string peer_;
    Instant receive_by_ = Instant::max();
    Instant send_by_ = Instant::max();
    bool late_ = false;
    std::shared_ptr<bool> watching_ = std::make_shared<bool>(false);  // outlives the connection in its watch
};

}  // namespace orderflow::net
