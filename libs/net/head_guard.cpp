#include "libs/net/head_guard.hpp"

#include <algorithm>

#include "libs/net/ascii.hpp"

namespace orderflow::net {

namespace {

// Calls `each` for every member of a comma-separated list; empty members are skipped (RFC 9110, section 5.6.1.2).
// False as soon as `each` is.
template <class Each>
bool for_each_member(std::string_view list, Each each) {
    for (;;) {
        const auto comma = list.find(',');
        const auto member = trim_ows(list.substr(0, comma));
        if (!member.empty() && !each(member)) return false;
        if (comma == std::string_view::npos) return true;
        list.remove_prefix(comma + 1);
    }
}

// Digits without sign, blank, list or leading zero, below 10^18.
std::optional<std::uint64_t> parse_length(std::string_view text) noexcept {
    if (text.empty() || text.size() > 18 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    std::uint64_t length = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        length = length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return length;
}

}  // namespace

std::optional<FieldLine> parse_field_line(std::string_view line) noexcept {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return std::nullopt;
    const auto value = trim_ows(line.substr(colon + 1));
    if (!std::ranges::all_of(value, is_field_value_char)) return std::nullopt;
    return FieldLine{.name = line.substr(0, colon), .value = value};
}

bool HeadGuard::refuse(unsigned status, std::string_view code, std::string_view detail) noexcept {
    refusal_ = {.status = status, .code = code, .detail = detail};
    return false;
}

std::size_t HeadGuard::line_limit() const noexcept {
    if (!has_request_line_) return max_line_;
    const auto used = lines_.position() - fields_begin_;
    return used < max_fields_ ? max_fields_ - used : 0;
}

Progress HeadGuard::advance(std::string_view bytes) noexcept {
    if (refusal_.status != 0) return Progress::refused;
    while (!finished_) {
        switch (lines_.next(bytes, line_limit())) {
            case LineScanner::Found::incomplete: return Progress::incomplete;
            case LineScanner::Found::line:
                if (!on_line(lines_.line(bytes), bytes)) return Progress::refused;
                break;
            case LineScanner::Found::too_long:
                if (has_request_line_) {
                    refuse(431, "fields-too-large", "The header fields together are too large.");
                } else {
                    refuse(414, "request-line-too-long", "The request line is too long.");
                }
                return Progress::refused;
            case LineScanner::Found::bare_cr:
                refuse(400, "bare-cr", "A carriage return stands without a line feed.");
                return Progress::refused;
            case LineScanner::Found::bare_lf:
                refuse(400, "bare-lf", "A line ends with a line feed alone.");
                return Progress::refused;
            case LineScanner::Found::control_character:
                refuse(400, "control-character", "The head holds a control character.");
                return Progress::refused;
        }
    }
    return Progress::complete;
}

bool HeadGuard::on_line(std::string_view line, std::string_view bytes) noexcept {
    if (has_request_line_) return line.empty() ? on_end(bytes) : on_field(line, bytes);
    if (line.empty()) {
        if (begin_ > 0) return refuse(400, "request-line-malformed", "Empty lines stand before the request line.");
        begin_ = lines_.position();
        return true;
    }
    has_request_line_ = true;
    fields_begin_ = lines_.position();
    return on_request_line(line, bytes);
}

bool HeadGuard::on_request_line(std::string_view line, std::string_view bytes) noexcept {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return refuse(400, "request-line-malformed", "The request line is not method, target and version.");
    }
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    if (!is_token(method)) return refuse(400, "method-malformed", "The method is not a token.");
    if (!on_version(line.substr(last + 1))) return false;
    facts_.method = to_method(method);
    const auto parsed = parse_target(facts_.method, target);
    if (!parsed) return refuse(400, "target-malformed", "The request target is malformed.");
    facts_.form = parsed->form;
    if (!parsed->authority.empty()) {
        authority_ = {.begin = static_cast<std::size_t>(parsed->authority.data() - bytes.data()),
                      .size = parsed->authority.size()};
    }
    return true;
}

bool HeadGuard::on_version(std::string_view version) noexcept {
    const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                             version[6] == '.' && is_digit(version[7]);
    if (!well_formed) return refuse(400, "version-malformed", "The HTTP version is malformed.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return refuse(505, "version-not-supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    }
    facts_.http_1_1 = version == "HTTP/1.1";
    return true;
}

bool HeadGuard::on_field(std::string_view line, std::string_view bytes) noexcept {
    if (++field_count_ > max_count_) return refuse(431, "too-many-fields", "There are too many header fields.");
    const auto field = parse_field_line(line);
    if (!field) return refuse(400, "field-malformed", "A header field is malformed or folded.");
    const auto [name, value] = *field;
    switch (name.size()) {  // the length tells the names apart that matter here
        case 4:
            if (!iequals(name, "host")) return true;
            if (has_host_) return refuse(400, "host-repeated", "There is more than one Host field.");
            if (!is_host(value)) return refuse(400, "host-malformed", "The Host field is malformed.");
            has_host_ = true;
            host_ = {.begin = static_cast<std::size_t>(value.data() - bytes.data()), .size = value.size()};
            return true;
        case 6:
            if (!iequals(name, "expect")) return true;
            if (!iequals(value, "100-continue")) {
                return refuse(417, "expectation-failed", "The only expectation known is 100-continue.");
            }
            facts_.expects_continue = true;
            return true;
        case 10: return !iequals(name, "connection") || on_connection(value);
        case 14: return !iequals(name, "content-length") || on_content_length(value);
        case 16:
            return !iequals(name, "proxy-connection") || for_each_member(value, is_token) ||
                   refuse(400, "connection-malformed", "The Proxy-Connection field is malformed.");
        case 17: return !iequals(name, "transfer-encoding") || on_transfer_encoding(value);
        default: return true;
    }
}

bool HeadGuard::on_content_length(std::string_view value) noexcept {
    if (facts_.content_length) return refuse(400, "content-length-repeated", "Content-Length is given twice.");
    facts_.content_length = parse_length(value);
    return facts_.content_length.has_value() ||
           refuse(400, "content-length-malformed", "Content-Length is not a decimal number.");
}

// Only `chunked` alone is served. A list that ends in chunked, or a coding of its own, is well-formed but not
// implemented; anything else leaves the end of the body unknown.
bool HeadGuard::on_transfer_encoding(std::string_view value) noexcept {
    if (has_transfer_encoding_) {
        return refuse(400, "transfer-encoding-repeated", "Transfer-Encoding is given twice.");
    }
    has_transfer_encoding_ = true;
    if (iequals(value, "chunked")) {
        facts_.chunked = true;
        return true;
    }
    std::size_t members = 0;
    bool chunked_before = false;
    const bool well_formed = for_each_member(value, [&](std::string_view member) {
        ++members;
        if (chunked_before || !is_token(member)) return false;
        chunked_before = iequals(member, "chunked");
        return true;
    });
    if (!well_formed || members == 0 || (chunked_before && members == 1)) {
        return refuse(400, "transfer-encoding-malformed", "Transfer-Encoding is malformed.");
    }
    return refuse(501, "transfer-encoding-not-implemented", "The only transfer coding known is chunked.");
}

bool HeadGuard::on_connection(std::string_view value) noexcept {
    const bool well_formed = for_each_member(value, [this](std::string_view option) {
        facts_.wants_close = facts_.wants_close || iequals(option, "close");
        facts_.wants_keep_alive = facts_.wants_keep_alive || iequals(option, "keep-alive");
        return is_token(option);
    });
    return well_formed || refuse(400, "connection-malformed", "The Connection field is malformed.");
}

bool HeadGuard::on_end(std::string_view bytes) noexcept {
    if (facts_.http_1_1 && !has_host_) return refuse(400, "host-missing", "HTTP/1.1 needs a Host field.");
    if (facts_.chunked && facts_.content_length) {
        return refuse(400, "framing-ambiguous", "Content-Length and Transfer-Encoding exclude each other.");
    }
    if (facts_.chunked && !facts_.http_1_1) {
        return refuse(400, "framing-ambiguous", "HTTP/1.0 has no Transfer-Encoding.");
    }
    const auto text = [bytes](Span span) { return bytes.substr(span.begin, span.size); };
    if (facts_.form == TargetForm::absolute && has_host_ && !iequals(text(host_), text(authority_))) {
        return refuse(400, "host-mismatch", "The Host field and the request target name different hosts.");
    }
    finished_ = true;
    return true;
}

}  // namespace orderflow::net
