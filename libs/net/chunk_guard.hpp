// ChunkGuard: decides whether the bytes of a chunked body may be decoded, as HeadGuard does for heads. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/net/head_guard.hpp"
#include "libs/net/http_limits.hpp"
#include "libs/net/line_scanner.hpp"
#include "libs/net/refusal.hpp"

namespace orderflow::net {

// Chunk extensions are accepted in their grammar without blanks, up to 256 bytes a line, and ignored. Trailer fields
// count against the limits of header fields; those that would change the message (framing, routing) are refused, the
// others dropped.
class ChunkGuard {
  public:
    ChunkGuard(const HttpLimits& limits, std::size_t max_body_bytes) noexcept
        : max_body_(max_body_bytes), max_trailer_(limits.field_bytes), max_trailers_(limits.field_count) {}

    // `bytes`: all bytes of the body that have arrived, less those forgotten. What is refused stays refused.
    Progress advance(std::string_view bytes) noexcept;
    // How many of them are found good; after complete, where the body ends.
    std::size_t accepted() const noexcept { return accepted_; }
    // The first `count` bytes, at most accepted(), are gone from the front.
    void forget(std::size_t count) noexcept;

    const Refusal& refusal() const noexcept { return refusal_; }

  private:
    enum class State : std::uint8_t { size_line, data, data_end, trailer, done };

    bool refuse(unsigned status, std::string_view code, std::string_view detail) noexcept;
    bool on_line(std::string_view line) noexcept;
    bool on_line_not_found(LineScanner::Found found) noexcept;
    bool on_size_line(std::string_view line) noexcept;
    bool on_trailer(std::string_view line) noexcept;

    std::size_t max_body_;
    std::size_t max_trailer_;
    std::size_t max_trailers_;
    LineScanner lines_;
    Refusal refusal_{};
    State state_ = State::size_line;
    std::size_t accepted_ = 0;
    std::uint64_t left_in_chunk_ = 0;
    std::uint64_t body_ = 0;
    std::size_t trailer_bytes_ = 0;
    std::size_t trailers_ = 0;
};

}  // namespace orderflow::net
