// Url: an absolute http or https URL, taken apart. Source: RFC 3986, as far as programs write such URLs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow::net {

struct Url {
    bool secure = false;       // https
    std::string user_info;     // "name:password" as written, percent-encoded; usually empty
    std::string host;          // lower case; an IPv6 address without brackets
    std::uint16_t port = 0;    // the scheme's own when none is written
    std::string target = "/";  // path and query, as sent; a fragment is dropped

    // invalid_input "url.malformed": another scheme, no host, a port outside of 1 to 65535, or characters that no URL
    // has (blanks, controls, octets beyond ASCII).
    static Result<Url> parse(std::string_view text);

    std::string_view scheme() const noexcept { return secure ? "https" : "http"; }
    // What the field Host says: "example.com", "[::1]:8080"; without the scheme's own port.
    std::string authority() const;
    // "https://example.com:443": names the server, with the port always.
    std::string origin() const;

    friend bool operator==(const Url&, const Url&) = default;
};

}  // namespace orderflow::net
