#include "tools/tidy/source.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace orderflow::tidy {
namespace {

bool is_word(char c) noexcept { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Blanks a range, keeping the line breaks, so that every position keeps its line.
void blank(std::string& text, std::size_t from, std::size_t to) {
    for (auto i = from; i < to && i < text.size(); ++i) {
        if (text[i] != '\n') text[i] = ' ';
    }
}

// Where the word that ends just before `at` begins.
std::size_t word_start(std::string_view text, std::size_t at) {
    while (at > 0 && is_word(text[at - 1])) --at;
    return at;
}

// A ' inside a number separates digits; anywhere else it begins a character literal.
bool separates_digits(std::string_view text, std::size_t at) {
    auto start = word_start(text, at);
    while (start > 1 && text[start - 1] == '\'' && is_word(text[start - 2])) start = word_start(text, start - 1);
    return start < at && std::isdigit(static_cast<unsigned char>(text[start])) != 0;
}

std::size_t end_of_quoted(std::string_view text, std::size_t open) {
    const auto quote = text[open];
    for (auto i = open + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '\n') {
            return i;
        } else if (text[i] == quote) {
            return i + 1;
        }
    }
    return text.size();
}

std::size_t end_of_raw(std::string_view text, std::size_t quote) {
    const auto paren = text.find('(', quote);
    if (paren == std::string_view::npos) return text.size();
    const auto end = ")" + std::string(text.substr(quote + 1, paren - quote - 1)) + "\"";
    const auto at = text.find(end, paren);
    return at == std::string_view::npos ? text.size() : at + end.size();
}

struct Region {
    enum class Kind { code, comment, literal } kind;
    std::size_t end;
};

// What begins at `at`. Code is returned one character at a time.
Region region_at(std::string_view text, std::size_t at) {
    using enum Region::Kind;
    const auto rest = text.substr(at);
    if (rest.starts_with("//")) return {comment, std::min(text.find('\n', at), text.size())};
    if (rest.starts_with("/*")) {
        const auto end = text.find("*/", at + 2);
        return {comment, end == std::string_view::npos ? text.size() : end + 2};
    }
    if (text[at] == '"') {
        const auto prefix = text.substr(word_start(text, at), at - word_start(text, at));
        const bool raw = prefix == "R" || prefix == "u8R" || prefix == "uR" || prefix == "UR" || prefix == "LR";
        return {literal, raw ? end_of_raw(text, at) : end_of_quoted(text, at)};
    }
    if (text[at] == '\'' && !separates_digits(text, at)) return {literal, end_of_quoted(text, at)};
    return {code, at + 1};
}

bool is_preprocessor(std::string_view code_line) {
    const auto first = code_line.find_first_not_of(' ');
    return first != std::string_view::npos && code_line[first] == '#';
}

void read_include(std::string_view code_line, std::string_view line, std::size_t number, std::vector<Include>& out) {
    if (!is_preprocessor(code_line)) return;
    const auto word = line.find("include");
    if (word == std::string_view::npos || line.substr(0, word).find_first_not_of(" #") != std::string_view::npos)
        return;
    const auto open = line.find_first_of("<\"", word);
    if (open == std::string_view::npos) return;
    const auto close = line.find(line[open] == '<' ? '>' : '"', open + 1);
    if (close == std::string_view::npos) return;
    out.push_back({std::string(line.substr(open + 1, close - open - 1)), line[open] == '<', number});
}

}  // namespace

Source::Source(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)), code_(text_), comments_(text_) {
    for (std::size_t at = 0; at < text_.size();) {
        const auto region = region_at(text_, at);
        if (region.kind == Region::Kind::comment) blank(code_, at, region.end);
        if (region.kind == Region::Kind::literal) blank(code_, at + 1, region.end - 1);
        if (region.kind == Region::Kind::literal && region.end - 1 > at) code_[region.end - 1] = text_[at];
        if (region.kind != Region::Kind::comment) blank(comments_, at, region.end);
        at = region.end;
    }
    lines_ = split_lines(text_);
    code_lines_ = split_lines(code_);
    comment_lines_ = split_lines(comments_);

    std::string plain = code_;
    bool continued = false;
    for (std::size_t number = 1; number <= lines_.size(); ++number) {
        read_include(code(number), line(number), number, includes_);
        const bool preprocessor = continued || is_preprocessor(code(number));
        continued = preprocessor && code(number).ends_with('\\');
        if (preprocessor) {
            const auto from = static_cast<std::size_t>(code(number).data() - code_.data());
            blank(plain, from, from + code(number).size());
        }
    }
    code_ = std::move(plain);
    code_lines_ = split_lines(code_);
    tokens_ = tokenize(code_);
}

bool Source::is_test() const noexcept { return is_test_file(path_); }

bool Source::is_main() const noexcept { return path_.ends_with("/main.cpp"); }

bool is_test_file(std::string_view path) noexcept {
    static constexpr auto names =
        std::to_array<std::string_view>({"_test", "_suite", "_contract", "_fixture", "_rig", "_double", "_under_test"});
    static constexpr auto folders =
        std::to_array<std::string_view>({"tests/", "fuzz/", "bench/", "chaos/", "libs/testing/"});
    const auto stem = path.substr(0, path.rfind('.'));
    return std::ranges::any_of(names, [&](auto name) { return stem.ends_with(name); }) ||
           std::ranges::any_of(folders, [&](auto folder) { return path.starts_with(folder); });
}

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<Token> tokenize(std::string_view code) {
    static constexpr std::array<std::string_view, 6> pairs = {"::", "->", "&&", "[[", "]]", "\"\""};
    std::vector<Token> tokens;
    std::size_t line = 1;
    for (std::size_t at = 0; at < code.size();) {
        const auto c = code[at];
        auto end = at + 1;
        if (c == '\n') {
            ++line;
        } else if (is_word(c)) {
            while (end < code.size() && (is_word(code[end]) || (code[end] == '\'' && separates_digits(code, end))))
                ++end;
        } else if (c == '"' || c == '\'') {
            end = std::min(code.find(c, at + 1), code.size() - 1) + 1;
        } else if (std::ranges::find(pairs, code.substr(at, 2)) != pairs.end()) {
            end = at + 2;
        }
        if (std::isspace(static_cast<unsigned char>(c)) == 0) {
            const bool literal = c == '"' || c == '\'';
            tokens.push_back({literal ? std::string_view("\"\"") : code.substr(at, end - at), line});
        }
        line += c == '\n' ? 0U : static_cast<std::size_t>(std::ranges::count(code.substr(at, end - at), '\n'));
        at = end;
    }
    return tokens;
}

std::size_t closing(const std::vector<Token>& tokens, std::size_t open) {
    static constexpr std::string_view opening = "([{";
    static constexpr std::string_view ending = ")]}";
    std::size_t depth = 0;
    for (auto i = open; i < tokens.size(); ++i) {
        const auto text = tokens[i].text;
        const auto weight = text == "[[" || text == "]]" ? 2U : 1U;
        if (opening.find(text.front()) != std::string_view::npos) depth += weight;
        if (ending.find(text.front()) == std::string_view::npos) continue;
        if (depth <= weight) return i;
        depth -= weight;
    }
    return tokens.size();
}

bool is_identifier(std::string_view token) noexcept {
    return !token.empty() && is_word(token.front()) && std::isdigit(static_cast<unsigned char>(token.front())) == 0;
}

}  // namespace orderflow::tidy
