// Where an HTTP/1.1 answer ends: with Content-Length or in chunks, which is what servers of the SQS protocol send.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orderflow::bench {

struct HttpAnswer {
    int status = 0;
    std::string body;
    std::size_t size = 0;  // of the whole answer in bytes
    bool last = false;     // the server closes the connection after it
};

// The answer at the beginning of `bytes`; nothing while it is not whole. Throws std::runtime_error when it is none.
std::optional<HttpAnswer> answer_in(std::string_view bytes);

}  // namespace orderflow::bench
