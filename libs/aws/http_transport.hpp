// HttpTransport: one HTTP exchange with a server somewhere. What this library needs of the network, and all of it.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "libs/async/task.hpp"
#include "libs/aws/http_header.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"

namespace orderflow::aws {

enum class HttpScheme : std::uint8_t { http, https };

struct HttpUrl {
    HttpScheme scheme = HttpScheme::https;
    std::string host;         // a name, an IPv4 address, or an IPv6 address without its brackets
    std::uint16_t port = 0;   // 0: the scheme's own
    std::string target{"/"};  // path and query as they are sent, escaped
};

// The transport writes Host (unless the headers have one), Content-Length and Connection; everything else is the
// caller's.
struct HttpAsk {
    std::string method{"GET"};
    HttpUrl url;
    HttpHeaders headers;
    std::string body;
    std::stop_token stop{};  // ends it early; requested on the transport's loop
};

struct HttpReply {
    int status = 0;
    HttpHeaders headers;  // names as they came
    std::string body;
};

class HttpTransport {
  public:
    virtual ~HttpTransport() = default;

    // Sends once, never again by itself, and follows no redirect. Any status is a reply. `deadline` covers everything
    // from the look-up of the name to the last byte. Loopback and link-local hosts are reached directly, never through
    // a proxy: credentials come from there. Errors, all unavailable: "http.connect" (no connection, or none in time:
    // nothing was sent), "http.timeout" (no whole reply by the deadline), "http.stopped" (the stop came first),
    // "http.broken" (the connection or the reply ended early, was unreadable or too large); after the last three the
    // request may have had its effect.
    virtual task<Result<HttpReply>> ask(HttpAsk ask, Instant deadline) = 0;
};

}  // namespace orderflow::aws
