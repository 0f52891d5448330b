// Response heads as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/net/response.hpp"

namespace orderflow::net {

// What the session knows and the handler does not.
struct ResponseFrame {
    enum class Body : std::uint8_t { none, sized, chunked, until_close };
    Body body = Body::sized;
    std::size_t length = 0;        // of a sized body, also for HEAD, where it is not sent
    bool close = false;            // the connection ends behind this answer
    bool says_keep_alive = false;  // to HTTP/1.0, where it has to be said
    std::string_view date;         // IMF-fixdate
    std::string_view request_id;
};

// Appends status line and fields with the empty line. False, and nothing appended, when a field would break the head
// (a name that is no token, a control character in a value) or is one of the session's own.
bool append_head(std::string& out, const Response& response, const ResponseFrame& frame);

// "1f4\r\n": what stands before the data of a chunk of that size; CR LF follows the data.
void append_chunk_size(std::string& out, std::size_t size);

// A client's Request-Id that is taken over: [A-Za-z0-9._~-]{1,64}.
bool is_request_id(std::string_view text) noexcept;

}  // namespace orderflow::net
