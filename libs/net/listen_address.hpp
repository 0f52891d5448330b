// ListenAddress: where a server waits, as written in configuration.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow::net {

struct ListenAddress {
    std::string host;        // IP literal without brackets: "127.0.0.1", "::"
    std::uint16_t port = 0;  // 0: the system picks a free one

    // "127.0.0.1:8080", "[::1]:8080". invalid_input "listen.malformed" for anything else (names are not resolved;
    // "localhost" stands for 127.0.0.1).
    static Result<ListenAddress> parse(std::string_view text);

    bool is_loopback() const;
    // As parse() takes it.
    std::string to_string() const;

    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

}  // namespace orderflow::net
