#include "libs/json/writer.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace orderflow::json {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// A byte of the result is 0x80 where the byte of `eight` has to be escaped. Eight at a time, as nearly all texts are
// plain from end to end.
std::uint64_t escapes_in(std::uint64_t eight) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = ones * 0x80;
    const auto zero_bytes = [](std::uint64_t word) { return (word - ones) & ~word & tops; };
    const auto below_space = (eight - ones * 0x20) & ~eight & tops;
    return below_space | zero_bytes(eight ^ (ones * '"')) | zero_bytes(eight ^ (ones * '\\'));
}

// How many bytes at the front need no escape.
std::size_t plain_length(std::string_view text) {
    std::size_t at = 0;
    for (std::uint64_t eight = 0; at + sizeof(eight) <= text.size(); at += sizeof(eight)) {
        std::memcpy(&eight, text.data() + at, sizeof(eight));
        if (escapes_in(eight) != 0) break;  // which of the eight, and whether it is one at all, the loop below says
    }
    while (at < text.size() && !needs_escape(text[at])) ++at;
    return at;
}

void append_escape(std::string& out, char c) {
    static constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    out += "\\u00";
    out += hex[static_cast<unsigned char>(c) >> 4U];
    out += hex[static_cast<unsigned char>(c) & 15U];
}

}  // namespace

Writer& Writer::key(std::string_view name) {
    separate();
    append_quoted(name);
    out_ += ':';
    needs_comma_ = false;
    return *this;
}

Writer& Writer::string(std::string_view text) {
    separate();
    append_quoted(text);
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    std::array<char, 20> digits{};  // "-9223372036854775808"
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return raw({digits.data(), end});
}

Writer& Writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

Writer& Writer::value(const Value& tree) {
    switch (tree.kind()) {
        case Value::Kind::null: return null();
        case Value::Kind::boolean: return boolean(*tree.boolean());
        case Value::Kind::number: return raw(tree.number()->text);
        case Value::Kind::string: return string(*tree.string());
        case Value::Kind::array:
            begin_array();
            for (const auto& item : *tree.array()) value(item);
            return end_array();
        case Value::Kind::object:
            begin_object();
            for (const auto& member : *tree.object()) key(member.name).value(member.value);
            return end_object();
    }
    return *this;
}

Writer& Writer::open(char bracket) {
    separate();
    out_ += bracket;
    needs_comma_ = false;
    return *this;
}

Writer& Writer::close(char bracket) {
    out_ += bracket;
    needs_comma_ = true;
    return *this;
}

void Writer::separate() {
    if (needs_comma_) out_ += ',';
    needs_comma_ = true;
}

void Writer::append_quoted(std::string_view text) {
    out_ += '"';
    for (;;) {
        const auto plain = plain_length(text);
        out_.append(text.data(), plain);
        if (plain == text.size()) break;
        append_escape(out_, text[plain]);
        text.remove_prefix(plain + 1);
    }
    out_ += '"';
}

}  // namespace orderflow::json
