#include "libs/aws/xml_document.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "libs/net/percent.hpp"

namespace orderflow::aws {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::uint32_t code_point_max = 0x10FFFF;

bool is_blank(char c) { return blanks.contains(c); }
bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

// "Char" of the specification.
bool is_character(std::uint32_t code) {
    if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
    return code <= code_point_max && (code < 0xD800 || code > 0xDFFF) && code != 0xFFFE && code != 0xFFFF;
}

void append_utf8(std::string& out, std::uint32_t code) {
    const auto add = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) return add(code);
    if (code < 0x800) {
        add(0xC0 | (code >> 6U));
    } else if (code < 0x10000) {
        add(0xE0 | (code >> 12U));
        add(0x80 | ((code >> 6U) & 0x3FU));
    } else {
        add(0xF0 | (code >> 18U));
        add(0x80 | ((code >> 12U) & 0x3FU));
        add(0x80 | ((code >> 6U) & 0x3FU));
    }
    add(0x80 | (code & 0x3FU));
}

std::optional<std::uint32_t> number_of(std::string_view digits, std::uint32_t base) {
    std::uint32_t value = 0;
    for (const char c : digits) {
        std::uint32_t digit = base;
        if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
        if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
        if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
        if (digit >= base) return std::nullopt;
        value = value * base + digit;
        if (value > code_point_max) return std::nullopt;
    }
    return digits.empty() ? std::nullopt : std::optional(value);
}

class Parser {
  public:
    Parser(std::string_view text, XmlLimits limits) : text_(text), limits_(limits) {}

    Result<XmlElement> document() {
        if (text_.size() > limits_.bytes) return too_large("bytes");
        if (!net::is_utf8(text_)) return malformed();
        if (!declaration()) return malformed();
        skip_blanks();
        auto root = element(1);
        if (!root) return root;
        skip_blanks();
        if (!at_end()) return malformed();
        return root;
    }

  private:
    std::unexpected<Error> malformed() const {
        return fail(ErrorKind::invalid_input, "xml.malformed", "at byte " + std::to_string(at_));
    }
    static std::unexpected<Error> too_large(std::string what) {
        return fail(ErrorKind::invalid_input, "xml.too_large", std::move(what));
    }

    bool at_end() const { return at_ == text_.size(); }
    bool sees(std::string_view what) const { return text_.substr(at_).starts_with(what); }
    bool take(std::string_view what) {
        if (!sees(what)) return false;
        at_ += what.size();
        return true;
    }
    bool skip_blanks() {
        const auto from = at_;
        while (!at_end() && is_blank(text_[at_])) ++at_;
        return at_ > from;
    }
    std::string_view name() {
        const auto from = at_;
        if (at_end() || !is_name_start(text_[at_])) return {};
        while (!at_end() && is_name_part(text_[at_])) ++at_;
        return text_.substr(from, at_ - from);
    }

    // Before the root, if there is one. Its attributes say nothing that matters here.
    bool declaration() {
        if (!take("<?xml")) return true;
        if (!attributes()) return false;
        return take("?>");
    }

    // Each behind a blank; false: malformed.
    bool attributes() {
        while (skip_blanks() && !at_end() && is_name_start(text_[at_])) {
            (void)name();
            skip_blanks();
            if (!take("=")) return false;
            skip_blanks();
            const char quote = at_end() ? '\0' : text_[at_];
            if (quote != '"' && quote != '\'') return false;
            const auto end = text_.find(quote, at_ + 1);
            if (end == std::string_view::npos || text_.substr(at_, end - at_).contains('<')) return false;
            at_ = end + 1;
        }
        return true;
    }

    // `depth` is bounded, and so is the recursion.
    Result<XmlElement> element(std::size_t depth) {
        if (depth > limits_.depth) return too_large("depth");
        if (++elements_ > limits_.elements) return too_large("elements");
        XmlElement found;
        if (!take("<")) return malformed();
        found.name = name();
        if (found.name.empty() || !attributes()) return malformed();
        if (take("/>")) return found;
        if (!take(">")) return malformed();
        while (!sees("</")) {
            if (sees("<")) {
                auto child = element(depth + 1);
                if (!child) return child;
                found.children.push_back(*std::move(child));
            } else if (!character_data(found.text)) {
                return malformed();
            }
        }
        at_ += 2;
        if (name() != found.name) return malformed();
        skip_blanks();
        if (!take(">")) return malformed();
        if (found.children.empty()) return found;
        if (!std::ranges::all_of(found.text, is_blank)) return malformed();
        found.text.clear();
        return found;
    }

    // Up to the next '<', which has to come.
    bool character_data(std::string& out) {
        for (; !at_end() && text_[at_] != '<';) {
            const char c = text_[at_];
            if (c == '&') {
                if (!reference(out)) return false;
                continue;
            }
            if (!is_character(static_cast<unsigned char>(c)) || sees("]]>")) return false;
            out += c;
            ++at_;
        }
        return !at_end();
    }

    bool reference(std::string& out) {
        constexpr std::size_t longest = 10;  // "&#x10FFFF;"
        const auto end = text_.substr(at_, longest).find(';');
        if (end == std::string_view::npos) return false;
        const auto what = text_.substr(at_ + 1, end - 1);
        at_ += end + 1;
        for (const auto& [word, meaning] : {std::pair{"lt", '<'}, std::pair{"gt", '>'}, std::pair{"amp", '&'},
                                            std::pair{"quot", '"'}, std::pair{"apos", '\''}}) {
            if (what != word) continue;
            out += meaning;
            return true;
        }
        if (!what.starts_with('#')) return false;
        const bool hexadecimal = what.starts_with("#x");
        const auto code = number_of(what.substr(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
        if (!code || !is_character(*code)) return false;
        append_utf8(out, *code);
        return true;
    }

    std::string_view text_;
    XmlLimits limits_;
    std::size_t at_ = 0;
    std::size_t elements_ = 0;
};

}  // namespace

const XmlElement* XmlElement::find(std::string_view child) const {
    const auto found = std::ranges::find(children, child, &XmlElement::name);
    return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::text_of(std::string_view child) const {
    const auto* found = find(child);
    return found == nullptr ? std::string_view() : std::string_view(found->text);
}

Result<XmlElement> read_xml(std::string_view text, XmlLimits limits) { return Parser(text, limits).document(); }

}  // namespace orderflow::aws
