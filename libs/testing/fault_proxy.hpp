// FaultProxy: stands between HTTP/1.1 clients and a server on this machine and does to each exchange what NetworkFaults
// says. A connection of a client has one of its own to the server; requests are not pipelined.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "libs/testing/network_faults.hpp"

namespace orderflow {

class FaultProxy {
  public:
    using Counts = std::array<std::uint64_t, network_fault_count>;  // by NetworkFault

    // Listens on a free port of loopback, with a thread of its own. The server may come and go. Throws
    // boost::system::system_error when there is no socket to be had.
    FaultProxy(std::uint16_t server, NetworkFaults faults);
    // Breaks every connection.
    ~FaultProxy();
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    std::uint16_t port() const;

    // Any thread. Without faults every exchange passes; those on their way keep their fate.
    void set_faulty(bool faulty);
    Counts counts() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace orderflow
