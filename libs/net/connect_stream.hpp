// connect_stream(): a connection to the server of a URL: its name looked up, its addresses tried in turn, through a
// proxy when there is one, and TLS when the URL says https.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <span>
#include <stop_token>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/net/client_stream.hpp"
#include "libs/net/url.hpp"

namespace orderflow::net {

// All of it outlives the loop's work.
struct ConnectParts {
    boost::asio::any_io_executor loop;
    Executor& timers;
    const Clock& clock;
    TlsTrust& trust;
    BootClock::duration connect_time;  // for one address; the same again for the proxy's answer and for TLS
    bool public_addresses_only = false;
};

// What ConnectParts::public_addresses_only asks of a name: every one of its addresses, as any may be connected to.
bool all_public(std::span<const boost::asio::ip::tcp::endpoint> addresses);

// unavailable "http.connect" with the step that failed, "http.address_refused" when one of the addresses of the name is
// not public and those alone are allowed: a name whose addresses change (DNS rebinding) is looked up once for a
// connection, and the connection goes to what was judged. Nothing of a request was sent. A stop ends it early, but for
// the system's look-up of a name, which cannot be ended: it goes on alone, and others wait behind it. `parts` outlive
// the loop's work.
task<Result<std::shared_ptr<ClientStream>>> connect_stream(const ConnectParts& parts, Url url, std::optional<Url> proxy,
                                                           Instant deadline, std::stop_token stop);

}  // namespace orderflow::net
