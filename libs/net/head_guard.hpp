// HeadGuard: decides whether the bytes of a request head may be parsed at all.
//
// Beast's parser is lenient in places where two programs in a row can read one request differently (repeated
// Content-Length, obs-fold, blanks in lists, codings before chunked). So this strict recogniser sees the bytes first
// and settles the framing; Beast only takes apart what passed, and must agree. Pure: no I/O, no allocation. Sources:
// RFC 9112 sections 2 to 6 and 11, RFC 9110 sections 5, 7 and 10.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/net/http_limits.hpp"
#include "libs/net/line_scanner.hpp"
#include "libs/net/method.hpp"
#include "libs/net/refusal.hpp"
#include "libs/net/request_target.hpp"

namespace orderflow::net {

enum class Progress : std::uint8_t { incomplete, complete, refused };

// What an accepted head says about its message.
struct HeadFacts {
    Method method = Method::other;
    TargetForm form = TargetForm::origin;
    bool http_1_1 = false;  // else HTTP/1.0
    bool chunked = false;
    bool expects_continue = false;
    bool wants_close = false;
    bool wants_keep_alive = false;  // said so; HTTP/1.1 means it without saying
    std::optional<std::uint64_t> content_length;

    bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
    bool keep_alive() const noexcept { return !wants_close && (http_1_1 || wants_keep_alive); }
};

class HeadGuard {
  public:
    explicit HeadGuard(const HttpLimits& limits) noexcept
        : max_line_(limits.request_line_bytes), max_fields_(limits.field_bytes), max_count_(limits.field_count) {}

    // `bytes`: everything of this request that has arrived. Between calls they only grow. One empty line before the
    // request line is skipped (RFC 9112, section 2.2). What is refused stays refused.
    Progress advance(std::string_view bytes) noexcept;

    // After complete.
    const HeadFacts& facts() const noexcept { return facts_; }
    std::size_t begin() const noexcept { return begin_; }            // offset of the request line
    std::size_t size() const noexcept { return lines_.position(); }  // of the head with its empty line, from 0
    // After refused. The connection has to be closed behind the answer: where the next request begins is unknown.
    const Refusal& refusal() const noexcept { return refusal_; }

  private:
    struct Span {
        std::size_t begin = 0;
        std::size_t size = 0;
    };

    bool refuse(unsigned status, std::string_view code, std::string_view detail) noexcept;
    bool on_line(std::string_view line, std::string_view bytes) noexcept;
    bool on_request_line(std::string_view line, std::string_view bytes) noexcept;
    bool on_version(std::string_view version) noexcept;
    bool on_field(std::string_view line, std::string_view bytes) noexcept;
    bool on_content_length(std::string_view value) noexcept;
    bool on_transfer_encoding(std::string_view value) noexcept;
    bool on_connection(std::string_view value) noexcept;
    bool on_end(std::string_view bytes) noexcept;
    std::size_t line_limit() const noexcept;

    std::size_t max_line_;
    std::size_t max_fields_;
    std::size_t max_count_;
    LineScanner lines_;
    HeadFacts facts_;
    Refusal refusal_{};
    std::size_t begin_ = 0;
    std::size_t fields_begin_ = 0;
    std::size_t field_count_ = 0;
    Span host_;
    Span authority_;
    bool has_request_line_ = false;
    bool has_host_ = false;
    bool has_transfer_encoding_ = false;
    bool finished_ = false;
};

// A field line without its end, for heads and trailers: a token, a colon at once, a value without control characters.
// nullopt when it is none: an obs-fold, a blank before the colon, an empty name.
struct FieldLine {
    std::string_view name;
    std::string_view value;
};
std::optional<FieldLine> parse_field_line(std::string_view line) noexcept;

}  // namespace orderflow::net
