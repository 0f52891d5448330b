// HttpServer: HTTP/1.1 and 1.0 (RFC 9110, RFC 9112) over plain TCP, strict about what it reads, bounded in everything
// (HttpLimits). TLS and HTTP/2 end at the load balancer in front.
#pragma once

#include <memory>

#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/net/http_limits.hpp"
#include "libs/net/http_observer.hpp"
#include "libs/net/listen_address.hpp"
#include "libs/net/router.hpp"
#include "libs/net/runtime.hpp"

namespace orderflow::net {

class HttpServer {
  public:
    // Everything passed in outlives the server and, as handlers may still wait, the runtime's threads. Handlers run on
    // every core of the runtime.
    struct Parts {
        Runtime& runtime;
        const Clock& clock;
        Entropy& entropy;
        const Router& router;
        HttpObserver& observer;
    };
    HttpServer(Parts parts, HttpLimits limits);
    // stop(0s).
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Once. Binds and listens; connections wait in the kernel until start(). unavailable "listen.address-in-use" when
    // another process has the port, unauthorized "listen.denied", invalid_input "listen.bad-address".
    Result<void> listen(const ListenAddress& address);
    // Where it really listens: port 0 has become a number.
    ListenAddress bound() const;

    // Accepts and serves. After listen() and with the runtime started.
    void start();

    // Stops accepting, ends streams, closes idle connections after drain_idle_time (a request that comes before is
    // answered), lets requests inside finish until `drain` is over, then requests their stop, cuts the connections and
    // waits handler_grace for the handlers. True when every request was answered. Idempotent; a second caller waits
    // too. Blocks: not on a core.
    bool stop(BootClock::duration drain);

    // Now open, all cores. Any thread.
    std::size_t connections() const noexcept;
    std::size_t in_flight() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::net
