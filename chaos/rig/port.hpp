// A port for a server that comes back: the same one after each restart, so that clients find it again.
#pragma once

#include <cstdint>

namespace orderflow::chaos {

// A free port of loopback below the range from which the kernel takes ports for clients. In that range a client that
// keeps trying to reach a server that is away sooner or later gets the server's own port and connects to itself.
std::uint16_t free_port();

}  // namespace orderflow::chaos
