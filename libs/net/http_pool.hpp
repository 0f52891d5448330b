// HttpPool: an HTTP/1.1 client for many requests at once, from the coroutines of one loop. Connections are kept and
// shared by requests to the same server; all is bounded in number, size and time. It sends a request once: whether to
// repeat one is the caller's decision.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "libs/net/answer_parser.hpp"
#include "libs/net/proxy_settings.hpp"
#include "libs/net/url.hpp"

namespace orderflow::net {

struct HttpPoolSettings {
    std::size_t connections_per_server = 64;
    std::size_t waiting_per_server = 1024;
    BootClock::duration connect_time = 5s;  // for one address; the same again for TLS
    BootClock::duration idle_time = 20s;    // below what servers allow, so that we are the first to close
    std::size_t head_bytes = 64 * 1024;     // of an answer
    ProxySettings proxies = {};
    std::string ca_bundle = {};  // PEM file instead of the system's trust store
    // Connects to public addresses alone; for URLs that somebody else chose. Without proxies, which look up names
    // themselves.
    bool public_addresses_only = false;
};

struct ClientRequest {
    std::string method = "GET";
    Url url = {};
    // Without Content-Length, Transfer-Encoding and Connection, which are the pool's. Host is made from the URL when it
    // is not there.
    std::vector<AnswerField> fields = {};
    std::string body = {};
    std::size_t answer_bytes_max = 4 * 1024 * 1024;  // of the body
};

// For one loop, which is run by one thread.
class HttpPool {
  public:
    // Everything outlives the loop's work.
    struct Parts {
        boost::asio::any_io_executor loop;
        Executor& timers;  // of this loop
        const Clock& clock;
    };

    // invalid_input "tls.trust_unreadable".
    static Result<std::unique_ptr<HttpPool>> create(Parts parts, HttpPoolSettings settings);
    // When no ask() is outstanding. Idle connections are closed: while the loop is still there, or after close_idle().
    ~HttpPool();
    HttpPool(const HttpPool&) = delete;
    HttpPool& operator=(const HttpPool&) = delete;

    // Any status is an answer. `deadline` covers everything, from the wait for a connection to the last byte. `stop`
    // ends it early. Errors:
    //   invalid_input "http.request_malformed"  a field or the method is none; nothing was sent
    //   throttled "http.busy"                   too many requests wait for a connection; nothing was sent
    //   unavailable "http.connect"              no connection, or none in time; nothing was sent
    //   unavailable "http.address_refused"      public_addresses_only; nothing was sent
    // and when the request may have had its effect, all unavailable:
    //   "http.stale"       a kept connection ended before a byte of the answer: most likely the server closed it just
    //                      before the request came, but that is not certain
    //   "http.broken"      the connection ended before the answer was whole
    //   "http.timeout"     no whole answer by the deadline
    //   "http.stopped"     the stop came first
    //   "http.unreadable"  what came is no answer, or one that is too long
    task<Result<ClientAnswer>> ask(ClientRequest request, Instant deadline, std::stop_token stop = {});

    // On the loop, or when it has stopped and is still there.
    void close_idle();

    // Just now, of all servers.
    std::size_t connections() const noexcept;
    std::size_t idle_connections() const noexcept;
    std::size_t waiting() const noexcept;

  private:
    struct State;
    explicit HttpPool(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace orderflow::net
