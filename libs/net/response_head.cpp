#include "libs/net/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "libs/net/ascii.hpp"

namespace orderflow::net {

namespace {

constexpr std::array<std::string_view, 5> own_fields{"content-length", "transfer-encoding", "connection", "date",
                                                     "request-id"};

bool is_sendable(const std::pair<std::string, std::string>& field) noexcept {
    const auto& [name, value] = field;
    return is_token(name) && std::ranges::all_of(value, is_field_value_char) &&
           std::ranges::none_of(own_fields, [&name](std::string_view own) { return iequals(own, name); });
}

void append_number(std::string& out, std::size_t number, int base = 10) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

}  // namespace

bool append_head(std::string& out, const Response& response, const ResponseFrame& frame) {
    if (!std::ranges::all_of(response.fields, is_sendable)) return false;
    out += "HTTP/1.1 ";
    append_number(out, response.status);
    out.append(" ").append(reason_phrase(response.status));
    out.append("\r\nDate: ").append(frame.date);
    out.append("\r\nRequest-Id: ").append(frame.request_id);
    for (const auto& [name, value] : response.fields) out.append("\r\n").append(name).append(": ").append(value);
    switch (frame.body) {
        case ResponseFrame::Body::sized:
            out += "\r\nContent-Length: ";
            append_number(out, frame.length);
            break;
        case ResponseFrame::Body::chunked: out += "\r\nTransfer-Encoding: chunked"; break;
        case ResponseFrame::Body::none:
        case ResponseFrame::Body::until_close: break;
    }
    if (frame.close) {
        out += "\r\nConnection: close";
    } else if (frame.says_keep_alive) {
        out += "\r\nConnection: keep-alive";
    }
    out += "\r\n\r\n";
    return true;
}

void append_chunk_size(std::string& out, std::size_t size) {
    append_number(out, size, 16);
    out += "\r\n";
}

bool is_request_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, is_unreserved);
}

}  // namespace orderflow::net
