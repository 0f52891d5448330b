// ConnectionSlots: how many connections each server gets, who waits for one, and which idle one is taken next. Knows no
// HTTP.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/base/result.hpp"
#include "libs/net/client_stream.hpp"

namespace orderflow::net {

// For one loop. What it hands out may outlive it.
class ConnectionSlots {
  public:
    struct Limits {
        std::size_t connections;  // of one server
        std::size_t waiting;      // for a connection to one server
        BootClock::duration idle_time;
    };

    // `timers` and `clock` outlive the loop's work.
    ConnectionSlots(Executor& timers, const Clock& clock, Limits limits);
    ~ConnectionSlots();
    ConnectionSlots(const ConnectionSlots&) = delete;
    ConnectionSlots& operator=(const ConnectionSlots&) = delete;

    // The right to one connection. Dropped, it goes to the next in line: with its connection when keep() was called.
    class Slot;

    // First come, first served. The Slot has a connection that was used before and is still open, or none yet.
    // throttled "http.busy" when too many wait already; unavailable "http.connect" when none became free until
    // `deadline`, or after a stop.
    task<Result<Slot>> acquire(std::string server, Instant deadline, std::stop_token stop);

    // Connections that nobody uses just now are closed.
    void close_idle();

    std::size_t open() const noexcept;  // connections, idle ones too, and those being made
    std::size_t idle() const noexcept;
    std::size_t waiting() const noexcept;

  private:
    struct Server;
    struct Waiter;
    struct State;
    std::shared_ptr<State> state_;
};

class ConnectionSlots::Slot {
  public:
    Slot(std::shared_ptr<State> state, std::shared_ptr<Server> server, std::shared_ptr<ClientStream> stream);
    Slot(Slot&& other) noexcept;
    Slot& operator=(Slot&&) = delete;
    ~Slot();

    std::shared_ptr<ClientStream> stream;
    // The connection may serve another request.
    void keep() noexcept { keep_ = true; }

  private:
    std::shared_ptr<State> state_;
    std::shared_ptr<Server> server_;
    bool keep_ = false;
};

}  // namespace orderflow::net
