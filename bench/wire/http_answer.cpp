#include "bench/wire/http_answer.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace orderflow::bench {
namespace {

constexpr std::string_view line_end = "\r\n";

std::size_t number_in(std::string_view text, int base) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end == text.data()) throw std::runtime_error("no number: " + std::string(text));
    return value;
}

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

struct Head {
    int status = 0;
    std::size_t length = 0;
    bool chunked = false;
    bool last = false;
};

Head read_head(std::string_view text) {
    if (!text.starts_with("HTTP/1.1 ") || text.size() < 12) throw std::runtime_error("no HTTP/1.1 answer");
    Head head;
    head.status = static_cast<int>(number_in(text.substr(9, 3), 10));
    for (auto at = text.find(line_end); at != std::string_view::npos; at = text.find(line_end, at)) {
        at += line_end.size();
        const auto line = text.substr(at, text.find(line_end, at) - at);
        const auto colon = line.find(": ");
        if (colon == std::string_view::npos) continue;
        const auto name = line.substr(0, colon);
        const auto value = line.substr(colon + 2);
        if (same_name(name, "content-length")) head.length = number_in(value, 10);
        if (same_name(name, "transfer-encoding")) head.chunked = same_name(value, "chunked");
        if (same_name(name, "connection")) head.last = same_name(value, "close");
    }
    return head;
}

// Adds the chunks from `at` on to the body; false while the last one is not there.
bool read_chunks(std::string_view bytes, std::size_t at, HttpAnswer& answer) {
    for (;;) {
        const auto end = bytes.find(line_end, at);
        if (end == std::string_view::npos) return false;
        const auto length = number_in(bytes.substr(at, end - at), 16);
        at = end + line_end.size();
        if (bytes.size() < at + length + line_end.size()) return false;
        answer.body.append(bytes.substr(at, length));
        at += length + line_end.size();
        if (length > 0) continue;
        answer.size = at;
        return true;
    }
}

}  // namespace

std::optional<HttpAnswer> answer_in(std::string_view bytes) {
    const auto head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return std::nullopt;
    const auto head = read_head(bytes.substr(0, head_end));
    const auto body_at = head_end + 2 * line_end.size();
    HttpAnswer answer;
    answer.status = head.status;
    answer.last = head.last;
    if (head.chunked) {
        if (!read_chunks(bytes, body_at, answer)) return std::nullopt;
        return answer;
    }
    if (bytes.size() < body_at + head.length) return std::nullopt;
    answer.body = bytes.substr(body_at, head.length);
    answer.size = body_at + head.length;
    return answer;
}

}  // namespace orderflow::bench
