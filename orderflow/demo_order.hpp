// `orderflow --demo`: after the start, one order as a page would place it, followed to its end, so that who tries the
// program sees a first order.
#pragma once

#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/net/listen_address.hpp"

namespace orderflow {

struct DemoOrder {
    std::string id;
    std::string status;  // the last that was seen, as the API writes it
};

// Orders one piece of what the server at `address` has plenty of, over HTTP, and asks for the order until it is settled
// or ten seconds have passed. unavailable "demo.refused" when it was not taken. Blocks for at most fifteen seconds.
Result<DemoOrder> place_demo_order(const net::ListenAddress& address, const Clock& clock, Entropy& entropy);

}  // namespace orderflow
