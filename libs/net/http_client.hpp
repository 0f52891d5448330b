// HttpClient: one connection to a server, one request at a time, kept alive between requests. For programs that send
// many requests and must know what became of each; a request costs one send and one receive and allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/net/listen_address.hpp"

namespace boost::asio {
class io_context;
}

namespace orderflow::net {

struct HttpAnswer {
    int status = 0;
    std::string_view body;  // valid during the call that hands it over
};

enum class HttpFailure : std::uint8_t {
    not_sent,    // nobody listens there, or the connection broke before a byte of the request left
    broken,      // the connection ended before the answer was whole: the request may have had its effect
    late,        // no whole answer by the deadline: the same
    unreadable,  // what came is no answer, or one that is too long: the same
};

class HttpClient {
  public:
    // Told once for every send(), in a turn of the loop. May call send() again. Outlives the client.
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void answered(HttpClient& client, const HttpAnswer& answer) = 0;
        virtual void failed(HttpClient& client, HttpFailure failure) = 0;
    };

    // `loop` is run by one thread, which is the only one to use the client, and runs no more when the client is
    // destroyed. Nothing is connected yet.
    HttpClient(boost::asio::io_context& loop, const ListenAddress& server, Listener& listener,
               std::size_t answer_bytes_max = 64 * 1024);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // A number for the listener; the client does not look at it.
    std::size_t tag = 0;

    bool is_busy() const noexcept;

    // The bytes of the next request, to be filled by the owner while the client is not busy; its memory is kept.
    std::string& request() noexcept;

    // Connects when there is no connection, and sends request(). Not while busy.
    void send(Instant deadline);

    // For every tick of the owner: a request whose deadline has passed fails as `late`, within the call.
    void expire_if_due(Instant now);

    // Ends the connection without a word; an outstanding request is not reported any more.
    void close();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace orderflow::net
