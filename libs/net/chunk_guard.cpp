#include "libs/net/chunk_guard.hpp"

#include <algorithm>
#include <array>

#include "libs/net/ascii.hpp"

namespace orderflow::net {

namespace {

constexpr std::size_t max_size_digits = 16;
constexpr std::size_t max_extension_bytes = 256;

// Fields that a trailer must not set (RFC 9110, section 6.5.1): framing, routing, authentication, content.
constexpr std::array<std::string_view, 13> forbidden_trailers{
    "transfer-encoding", "content-length", "host",          "connection",    "expect",           "te",     "trailer",
    "content-encoding",  "content-type",   "authorization", "content-range", "proxy-connection", "upgrade"};

void skip_token(std::string_view& text) noexcept {
    const auto end = std::ranges::find_if_not(text, is_token_char);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
}

// A quoted-string at the front of `text`, taken off. False when it has no end.
bool skip_quoted(std::string_view& text) noexcept {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return true;
        }
    }
    return false;
}

// *( ";" token [ "=" ( token / quoted-string ) ] )
bool is_chunk_extensions(std::string_view text) noexcept {
    while (!text.empty()) {
        if (text.front() != ';') return false;
        text.remove_prefix(1);
        const auto before_name = text.size();
        skip_token(text);
        if (text.size() == before_name) return false;
        if (!text.starts_with('=')) continue;
        text.remove_prefix(1);
        if (text.starts_with('"')) {
            if (!skip_quoted(text)) return false;
            continue;
        }
        const auto before_value = text.size();
        skip_token(text);
        if (text.size() == before_value) return false;
    }
    return true;
}

}  // namespace

bool ChunkGuard::refuse(unsigned status, std::string_view code, std::string_view detail) noexcept {
    refusal_ = {.status = status, .code = code, .detail = detail};
    return false;
}

void ChunkGuard::forget(std::size_t count) noexcept {
    accepted_ -= count;
    lines_.forget(count);
}

Progress ChunkGuard::advance(std::string_view bytes) noexcept {
    if (refusal_.status != 0) return Progress::refused;
    while (state_ != State::done) {
        if (state_ == State::data) {
            const auto here = std::min<std::uint64_t>(left_in_chunk_, bytes.size() - accepted_);
            accepted_ += static_cast<std::size_t>(here);
            left_in_chunk_ -= here;
            lines_.resume_at(accepted_);
            if (left_in_chunk_ > 0) return Progress::incomplete;
            state_ = State::data_end;
            continue;
        }
        const auto limit = state_ == State::data_end  ? 0
                           : state_ == State::trailer ? max_trailer_ - trailer_bytes_
                                                      : max_size_digits + max_extension_bytes;
        const auto found = lines_.next(bytes, limit);
        if (found == LineScanner::Found::incomplete) return Progress::incomplete;
        if (found != LineScanner::Found::line) {
            on_line_not_found(found);
            return Progress::refused;
        }
        if (!on_line(lines_.line(bytes))) return Progress::refused;
        // The last chunk is let through only with its whole trailer: Beast 1.81 asserts when it sees it in pieces.
        if (state_ != State::trailer) accepted_ = lines_.position();
    }
    return Progress::complete;
}

bool ChunkGuard::on_line(std::string_view line) noexcept {
    switch (state_) {
        case State::size_line: return on_size_line(line);
        case State::data_end:  // empty: its limit is 0
            state_ = State::size_line;
            return true;
        case State::trailer: return on_trailer(line);
        case State::data:
        case State::done: break;
    }
    return false;
}

bool ChunkGuard::on_line_not_found(LineScanner::Found found) noexcept {
    if (state_ == State::trailer && found == LineScanner::Found::too_long) {
        return refuse(431, "trailer-too-large", "The trailer fields together are too large.");
    }
    return refuse(400, "chunk-malformed", "The chunked body is malformed.");
}

bool ChunkGuard::on_size_line(std::string_view line) noexcept {
    std::uint64_t size = 0;
    std::size_t digits = 0;
    while (digits < line.size() && hex_value(line[digits]) >= 0) {
        if (digits == max_size_digits) return refuse(400, "chunk-malformed", "A chunk size has too many digits.");
        size = size * 16 + static_cast<std::uint64_t>(hex_value(line[digits]));
        ++digits;
    }
    if (digits == 0) return refuse(400, "chunk-malformed", "A chunk size is not hexadecimal.");
    if (!is_chunk_extensions(line.substr(digits))) {
        return refuse(400, "chunk-malformed", "A chunk extension is malformed.");
    }
    if (size > max_body_ - body_) return refuse(413, "body-too-large", "The body is too large.");
    body_ += size;
    left_in_chunk_ = size;
    state_ = size == 0 ? State::trailer : State::data;
    return true;
}

bool ChunkGuard::on_trailer(std::string_view line) noexcept {
    if (line.empty()) {
        state_ = State::done;
        return true;
    }
    trailer_bytes_ = std::min(max_trailer_, trailer_bytes_ + line.size() + 2);
    if (++trailers_ > max_trailers_) return refuse(431, "too-many-fields", "There are too many trailer fields.");
    const auto field = parse_field_line(line);
    const auto is_field = [&field](std::string_view name) { return iequals(field->name, name); };
    if (!field || std::ranges::any_of(forbidden_trailers, is_field)) {
        return refuse(400, "trailer-malformed", "A trailer field is malformed or not allowed.");
    }
    return true;
}

}  // namespace orderflow::net
