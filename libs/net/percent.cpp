#include "libs/net/percent.hpp"

#include <algorithm>
#include <ranges>

#include "libs/net/ascii.hpp"

namespace orderflow::net {

namespace {

// The octet of the escape at text[at], or -1.
int escaped(std::string_view text, std::size_t at) noexcept {
    if (at + 2 >= text.size()) return -1;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

unsigned char octet(std::string_view text, std::size_t at) noexcept { return static_cast<unsigned char>(text[at]); }

bool is_continuation(std::string_view text, std::size_t at) noexcept {
    return at < text.size() && (octet(text, at) & 0xC0U) == 0x80U;
}

}  // namespace

// The shortest form, no surrogates, nothing above U+10FFFF (RFC 3629, section 4).
bool is_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = octet(text, i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4) return false;
        for (std::size_t k = 1; k <= more; ++k) {
            if (!is_continuation(text, i + k)) return false;
        }
        const auto second = octet(text, i + 1);
        if (lead == 0xE0 && second < 0xA0) return false;
        if (lead == 0xED && second > 0x9F) return false;
        if (lead == 0xF0 && second < 0x90) return false;
        if (lead == 0xF4 && second > 0x8F) return false;
        i += more + 1;
    }
    return true;
}

std::optional<std::string_view> decode_path(std::string_view raw, std::string& out) {
    if (!raw.contains('%')) return raw;
    const auto begin = out.size();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '%') {
            out.push_back(raw[i]);
            continue;
        }
        const int code = escaped(raw, i);
        if (code < 0x20 || code == 0x7F || code == '/' || code == '\\') return std::nullopt;
        out.push_back(static_cast<char>(code));
        i += 2;
    }
    const auto decoded = std::string_view(out).substr(begin);
    if (!is_utf8(decoded)) return std::nullopt;
    return decoded;
}

std::optional<std::string> decode_form(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '%') {
            const int code = escaped(raw, i);
            if (code < 0) return std::nullopt;
            out.push_back(static_cast<char>(code));
            i += 2;
        } else {
            out.push_back(raw[i] == '+' ? ' ' : raw[i]);
        }
    }
    if (!is_utf8(out)) return std::nullopt;
    return out;
}

std::string encode_form(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view marks = "-._~";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto code = octet(text, i);
        const bool letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
        if (letter || is_digit(text[i]) || marks.contains(text[i])) {
            out.push_back(text[i]);
        } else {
            out.push_back('%');
            out.push_back(digits[code / 16U]);
            out.push_back(digits[code % 16U]);
        }
    }
    return out;
}

std::optional<std::string> query_param(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        if (decode_form(pair.substr(0, equals)) != name) continue;
        return equals == std::string_view::npos ? std::string() : decode_form(pair.substr(equals + 1));
    }
    return std::nullopt;
}

std::vector<std::string> query_names(std::string_view query) {
    std::vector<std::string> names;
    for (const auto part : std::views::split(query, '&')) {
        const std::string_view pair(part);
        if (pair.empty()) continue;
        const auto raw = pair.substr(0, pair.find('='));
        names.push_back(decode_form(raw).value_or(std::string(raw)));
    }
    return names;
}

bool is_query(std::string_view query) {
    if (query.find('%') == std::string_view::npos) return is_utf8(query);
    for (const auto part : std::views::split(query, '&')) {
        const std::string_view pair(part);
        const auto equals = std::min(pair.find('='), pair.size());
        if (!decode_form(pair.substr(0, equals)) || !decode_form(pair.substr(equals))) return false;
    }
    return true;
}

}  // namespace orderflow::net
