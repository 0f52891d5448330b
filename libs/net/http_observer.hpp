// HttpObserver: what the server tells about its traffic. The service turns it into metrics and log lines.
#pragma once

#include <cstddef>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/net/method.hpp"

namespace orderflow::net {

// Called on the cores: with more than one, from several threads at once. No call may block or throw. Views are valid
// during the call.
class HttpObserver {
  public:
    virtual ~HttpObserver() = default;

    struct Exchange {
        Method method = Method::other;
        std::string_view route;  // name of the route; empty when none was chosen
        unsigned status = 0;
        std::string_view request_id;
        BootClock::duration took{};  // first byte of the request to the last byte handed to the kernel
        std::size_t body_bytes_in = 0;
        std::size_t bytes_out = 0;
    };
    // A request whose head could be read got its answer, whatever the status; for a stream, it has ended.
    virtual void answered(const Exchange&) {}
    // The server itself said no, or cut a peer off (status 0: nothing could be said). `code` is stable text, as in the
    // problem that the peer read: "request-line-too-long". answered() is told too when there was a head.
    virtual void refused(unsigned /*status*/, std::string_view /*code*/) {}
    virtual void connection_opened() {}
    virtual void connection_closed() {}
    // accept() failed: out of file descriptors or memory. The server waits and tries again.
    virtual void accept_failed(std::string_view /*reason*/) {}
    // A handler or the session threw: a bug.
    virtual void bug(std::string_view /*route*/, std::string_view /*what*/) {}
};

}  // namespace orderflow::net
