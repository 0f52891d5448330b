// Who speaks from this very machine: what a server does for its own user alone, without a password.
#pragma once

#include <string_view>

#include "libs/net/request.hpp"

namespace orderflow::net {

// The address of a peer; IPv4 in IPv6 is IPv4.
bool is_loopback(std::string_view peer) noexcept;

// "localhost", "127.0.0.1:8080", "[::1]:8080": the host of a Host or Origin, with or without a port.
bool names_this_machine(std::string_view authority);

// Whether a request from this machine is of somebody at this machine. A page of elsewhere can be led here by a name of
// its own (DNS rebinding), and a proxy speaks for everybody: the Host names this machine, nothing says that it was
// forwarded. Its Origin is the caller's matter.
bool speaks_for_itself(const Request& request);

}  // namespace orderflow::net
