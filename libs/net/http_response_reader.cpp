#include "libs/net/http_response_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "libs/net/ascii.hpp"

namespace orderflow::net {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

template <class Number>
bool parse_all(std::string_view text, Number& out) {
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && at == end && !text.empty();
}

bool has_no_body(int status) { return status == 204 || status == 304; }

}  // namespace

HttpResponseReader::HttpResponseReader(std::size_t bytes_max, std::size_t bytes_expected)
    : bytes_max_(bytes_max), buffer_(std::min(bytes_max, bytes_expected)) {}

std::span<char> HttpResponseReader::space() {
    if (filled_ == buffer_.size()) buffer_.resize(std::min(bytes_max_, buffer_.size() * 2));
    return std::span(buffer_).subspan(filled_);
}

HttpResponseReader::State HttpResponseReader::received(std::size_t count) {
    filled_ += count;
    return judge();
}

HttpResponseReader::State HttpResponseReader::judge() {
    while (head_bytes_ == 0) {
        const auto end = text().find(head_end, scanned_);
        if (end == std::string_view::npos) {
            scanned_ = filled_ - std::min(filled_, head_end.size() - 1);
            return filled_ == bytes_max_ ? State::too_large : State::incomplete;
        }
        if (const auto state = read_head(text().substr(0, end + line_end.size())); state != State::complete) {
            return state;
        }
        head_bytes_ = end + head_end.size();
        if (status_ < 200) drop_answer();  // interim: the answer is still to come
    }
    if (body_bytes_ > bytes_max_ - head_bytes_) return State::too_large;
    return filled_ - head_bytes_ < body_bytes_ ? State::incomplete : State::complete;
}

HttpResponseReader::State HttpResponseReader::read_head(std::string_view head) {
    // "HTTP/1.1 202 Accepted"
    constexpr std::string_view version = "HTTP/1.";
    constexpr std::size_t status_at = 9;
    constexpr std::size_t status_end = 12;
    if (!head.starts_with(version) || head.size() < status_end + line_end.size() || head[status_at - 1] != ' ' ||
        (head[status_end] != ' ' && head[status_end] != '\r') ||
        !parse_all(head.substr(status_at, status_end - status_at), status_) || status_ < 100) {
        return State::malformed;
    }
    keep_alive_ = head[version.size()] == '1';
    auto rest = head.substr(head.find(line_end) + line_end.size());
    while (!rest.empty()) {
        const auto end = rest.find(line_end);
        if (const auto state = read_field(rest.substr(0, end)); state != State::complete) return state;
        rest.remove_prefix(end + line_end.size());
    }
    if (status_ < 200 || has_no_body(status_)) {
        body_bytes_ = 0;
    } else if (!has_length_) {
        return State::unsupported;
    }
    return State::complete;
}

HttpResponseReader::State HttpResponseReader::read_field(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return State::malformed;
    const auto name = line.substr(0, colon);
    const auto value = trim_ows(line.substr(colon + 1));
    if (iequals(name, "content-length")) {
        std::size_t length = 0;
        if (!parse_all(value, length) || (has_length_ && length != body_bytes_)) return State::malformed;
        body_bytes_ = length;
        has_length_ = true;
    } else if (iequals(name, "transfer-encoding")) {
        return State::unsupported;
    } else if (iequals(name, "connection")) {
        keep_alive_ = !iequals(value, "close");
    }
    return State::complete;
}

void HttpResponseReader::forget_head() {
    scanned_ = head_bytes_ = body_bytes_ = 0;
    has_length_ = false;
    keep_alive_ = true;
}

void HttpResponseReader::drop_answer() {
    const auto used = head_bytes_ + body_bytes_;
    std::memmove(buffer_.data(), buffer_.data() + used, filled_ - used);
    filled_ -= used;
    forget_head();
}

HttpResponseReader::State HttpResponseReader::next() {
    drop_answer();
    return filled_ == 0 ? State::incomplete : judge();
}

void HttpResponseReader::reset() {
    filled_ = 0;
    forget_head();
}

}  // namespace orderflow::net
