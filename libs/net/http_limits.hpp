// HttpLimits: every bound of the HTTP server in one place. There is no unbounded resource behind it.
#pragma once

#include <cstddef>

#include "libs/base/clock.hpp"

namespace orderflow::net {

// Durations are from the monotonic clock and are kept to a quarter of the shortest one, 250 ms at most.
struct HttpLimits {
    // Sizes in bytes, as sent.
    std::size_t request_line_bytes = 8 * 1024;  // beyond: 414
    std::size_t field_bytes = 16 * 1024;        // all field lines together, trailers too; beyond: 431
    std::size_t field_count = 64;               // beyond: 431
    std::size_t body_bytes = 64 * 1024;         // of a route that does not say otherwise; beyond: 413, before reading

    // Counts, for the whole server. Each core has an equal share of connections, requests in flight and streams.
    // Beyond, the connection that has waited longest for its next request is closed; when all are busy: 503 and close.
    std::size_t connections = 8192;
    std::size_t in_flight = 2048;         // requests inside handlers; beyond: 503 with Retry-After
    std::size_t streams = 1024;           // beyond: 503 with Retry-After
    std::size_t streams_per_client = 64;  // by peer address; beyond: 429. Behind one proxy all clients are one
    std::size_t requests_per_connection =
        100'000;  // then Connection: close; moves long-lived clients to other instances

    // A slow sender has header_time for the head, and for a body body_time plus one second for every
    // min_bytes_per_second that have arrived. Then: 408 and close.
    BootClock::duration header_time = 10s;
    BootClock::duration body_time = 10s;
    // A slow reader has write_time plus one second for every min_bytes_per_second of the answer (of a stream: of the
    // piece). Then: reset.
    BootClock::duration write_time = 10s;
    std::size_t min_bytes_per_second = 1024;
    // From the whole request to the handler's answer; a route may say otherwise. Then the request's stop is requested;
    // handler_grace later the peer gets 503 and a closed connection, whatever the handler does.
    BootClock::duration handler_time = 30s;
    BootClock::duration handler_grace = 2s;
    // Between two requests of a kept connection; then: close. Longer than the 60 s of load balancers, which close
    // first.
    BootClock::duration idle_time = 75s;
    BootClock::duration drain_idle_time = 100ms;  // when the server stops, kept connections stay open for so long
    // After an answer to a request that was not read to its end, bytes are read and dropped for this long, so that the
    // answer is not lost in a reset.
    BootClock::duration linger_time = 1s;
};

}  // namespace orderflow::net
