// Request: one HTTP request as a handler sees it: whole, checked and decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/net/method.hpp"

namespace orderflow::net {

// A field line. Names compare without case; values carry no surrounding blanks and no control characters.
struct Field {
    std::string_view name;
    std::string_view value;
};

// A {param} of the route's pattern with the segment it matched, percent-decoded, never empty.
struct PathParam {
    std::string_view name;
    std::string_view value;
};

// Every view points into memory of the session, valid until the handler has returned its Response. A test may point
// them at literals.
struct Request {
    Method method = Method::get;
    std::string_view path = {};   // percent-decoded once; begins with '/', valid UTF-8, no control character
    std::string_view query = {};  // as sent, without '?'; see query_param() in libs/net/percent.hpp
    std::span<const Field> fields = {};
    std::span<const PathParam> params = {};
    std::string_view body = {};  // without transfer coding
    std::string_view peer = {};  // address of the other end of the connection, without port: "127.0.0.1", "::1"
    std::string_view request_id = {};
    Instant arrived{};    // when its first byte was read
    Instant answer_by{};  // when the handler time of the route is over; `stop` is requested then
    // Time is over, or the server stops and the drain time is over, or the peer is gone (RouteOptions::ends_with_peer).
    // A handler ends soon after.
    std::stop_token stop = {};
    Executor* loop = nullptr;  // the core that runs the handler: for timers and Signals of this request

    // The value of the first field of that name.
    std::optional<std::string_view> field(std::string_view name) const noexcept;
    // How often the field was sent: 2 means that a single-valued field is ambiguous and has to be refused.
    std::size_t field_count(std::string_view name) const noexcept;
    // Empty when the pattern has no such {param}.
    std::string_view param(std::string_view name) const noexcept;
};

}  // namespace orderflow::net
