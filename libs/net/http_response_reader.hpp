// HttpResponseReader: takes the bytes of HTTP/1.1 responses as they come and says when one is whole. No I/O.
//
// For answers of a server that we ask one request at a time: the length is given by Content-Length (RFC 9112, 6.2) or
// is zero by status; a transfer coding is not understood. Interim answers (1xx) are passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace orderflow::net {

class HttpResponseReader {
  public:
    enum class State : std::uint8_t {
        incomplete,
        complete,
        malformed,    // not HTTP/1.x, or fields that contradict each other
        unsupported,  // a transfer coding, or a body that ends with the connection
        too_large,    // head and body together exceed the limit
    };

    // Allocates `bytes_expected` at once and more only for a longer answer, `bytes_max` at most.
    explicit HttpResponseReader(std::size_t bytes_max, std::size_t bytes_expected = 4096);

    // Where the next bytes go; never empty while the state is incomplete. Valid until the next call.
    std::span<char> space();
    // `count` bytes of space() were filled.
    State received(std::size_t count);

    // Of a complete answer. The views are valid until next().
    int status() const noexcept { return status_; }
    std::string_view body() const noexcept { return text().substr(head_bytes_, body_bytes_); }
    // Whether the server keeps the connection for another request.
    bool keep_alive() const noexcept { return keep_alive_; }

    // Whether a byte came since the last answer: an end of the connection then breaks one.
    bool has_begun() const noexcept { return filled_ > 0; }

    // Forgets the complete answer, and keeps what came behind it.
    State next();
    // Forgets everything: another connection.
    void reset();

  private:
    std::string_view text() const noexcept { return {buffer_.data(), filled_}; }
    State judge();
    State read_head(std::string_view head);
    State read_field(std::string_view line);
    void forget_head();
    void drop_answer();

    std::size_t bytes_max_;
    std::vector<char> buffer_;
    std::size_t filled_ = 0;
    std::size_t scanned_ = 0;     // no end of the head before this
    std::size_t head_bytes_ = 0;  // 0: the head is not whole
    std::size_t body_bytes_ = 0;
    int status_ = 0;
    bool keep_alive_ = true;
    bool has_length_ = false;
};

}  // namespace orderflow::net
