#include "tools/tidy/coroutines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace orderflow::tidy {
namespace {

using Tokens = std::vector<Token>;

bool text_is(const Tokens& tokens, std::size_t at, std::string_view text) {
    return at < tokens.size() && tokens[at].text == text;
}

// `[` begins a lambda unless it follows a value, which it would index.
bool begins_lambda(const Tokens& tokens, std::size_t at) {
    if (tokens[at].text != "[") return false;
    if (at == 0) return true;
    static constexpr std::array<std::string_view, 5> keywords = {"return", "co_return", "co_await", "co_yield", "case"};
    const auto before = tokens[at - 1].text;
    if (std::ranges::find(keywords, before) != keywords.end()) return true;
    return !is_identifier(before) && before != ")" && before != "]" && before != "\"\"";
}

struct Lambda {
    std::size_t open;   // [
    std::size_t close;  // ]
    std::size_t body;   // {
    std::size_t end;    // }
};

std::optional<Lambda> lambda_at(const Tokens& tokens, std::size_t at) {
    if (!begins_lambda(tokens, at)) return std::nullopt;
    const auto close = closing(tokens, at);
    // Between the captures and the body stand template parameters, parameters, specifiers and the result type.
    auto body = close + 1;
    while (body < tokens.size() && !text_is(tokens, body, "{")) {
        const auto text = tokens[body].text;
        if (text == ";" || text == ")" || text == "}" || text == "=") return std::nullopt;
        body = text == "(" || text == "[" || text == "[[" ? closing(tokens, body) + 1 : body + 1;
    }
    if (body >= tokens.size()) return std::nullopt;
    return Lambda{at, close, body, closing(tokens, body)};
}

// A co_ keyword between `from` and `to` that belongs to no lambda inside.
bool suspends(const Tokens& tokens, std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i) {
        const auto text = tokens[i].text;
        if (text == "co_await" || text == "co_return" || text == "co_yield") return true;
        if (const auto inner = lambda_at(tokens, i)) i = inner->end;
    }
    return false;
}

void check_lambdas(const Source& source, Findings& found) {
    const auto& tokens = source.tokens();
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        const auto lambda = lambda_at(tokens, at);
        if (!lambda || lambda->close == lambda->open + 1) continue;
        if (!suspends(tokens, lambda->body + 1, lambda->end)) continue;
        found.push_back({source.path(), tokens[at].line, "lambda-coroutine",
                         "a lambda that is a coroutine loses its captures at the first wait when the closure is gone",
                         "a named function with parameters by value, or a lambda without captures whose arguments are "
                         "passed in the call"});
    }
}

// The index after the `>` that closes the `<` at `open`.
std::size_t after_template(const Tokens& tokens, std::size_t open) {
    std::size_t depth = 0;
    for (auto i = open; i < tokens.size(); ++i) {
        if (tokens[i].text == "<") ++depth;
        if (tokens[i].text == ">" && --depth == 0) return i + 1;
        if (tokens[i].text == ";" || tokens[i].text == "{") break;
    }
    return tokens.size();
}

bool says_outlives(std::string_view comment) { return comment.find("outlive") != std::string_view::npos; }

bool is_template_head(std::string_view code) {
    const auto first = code.find_first_not_of(' ');
    return first != std::string_view::npos && code.substr(first).starts_with("template");
}

// In the block of comment lines directly above `line`, or above the template head there.
bool block_above_says(const Source& source, std::size_t line) {
    while (line > 1 && is_template_head(source.code(line - 1))) --line;
    for (auto number = line; number-- > 1;) {
        const auto code = source.code(number);
        const bool only_comment = code.find_first_not_of(' ') == std::string_view::npos;
        if (!only_comment || source.comment(number).find_first_not_of(' ') == std::string_view::npos) return false;
        if (says_outlives(source.comment(number))) return true;
    }
    return false;
}

bool lines_say(const Source& source, std::size_t from, std::size_t to) {
    for (auto number = from; number <= to; ++number) {
        if (says_outlives(source.comment(number))) return true;
    }
    return false;
}

// The lines of the classes and structs around the token `at`.
bool class_above_says(const Source& source, std::size_t at) {
    const auto& tokens = source.tokens();
    for (std::size_t i = 0; i < at; ++i) {
        if (tokens[i].text != "class" && tokens[i].text != "struct") continue;
        auto open = i;
        while (open < tokens.size() && tokens[open].text != "{" && tokens[open].text != ";" &&
               tokens[open].text != ">") {
            ++open;
        }
        if (!text_is(tokens, open, "{") || open > at || closing(tokens, open) < at) continue;
        if (block_above_says(source, tokens[i].line)) return true;
    }
    return false;
}

struct Parameters {
    std::size_t open;   // (
    std::size_t close;  // )
    std::string_view name;
};

// A function declared at `task<T> name(`. Calls such as `task<T>(x)` and qualified definitions have no such shape.
std::optional<Parameters> function_at(const Tokens& tokens, std::size_t at) {
    if (tokens[at].text != "task" || !text_is(tokens, at + 1, "<")) return std::nullopt;
    const auto name = after_template(tokens, at + 1);
    if (name >= tokens.size() || !is_identifier(tokens[name].text)) return std::nullopt;
    auto open = name + 1;
    if (tokens[name].text == "operator") {
        while (open < tokens.size() && !(text_is(tokens, open, "(") && !text_is(tokens, open + 1, ")"))) ++open;
    }
    if (!text_is(tokens, open, "(")) return std::nullopt;
    return Parameters{open, closing(tokens, open), tokens[name].text};
}

// What dangles when the caller's object goes first, or an empty text.
std::string_view borrowed(const Tokens& tokens, const Parameters& parameters) {
    for (auto i = parameters.open + 1; i < parameters.close && i < tokens.size(); ++i) {
        const auto text = tokens[i].text;
        if (text == "&" || text == "&&" || text == "*") return "a reference";
        if (text == "string_view") return "a string_view";
        if (text == "span") return "a span";
        if (text == "<") i = after_template(tokens, i) - 1;
        if (text == "(") i = closing(tokens, i);
    }
    return {};
}

std::set<std::string_view> declared_in(const Source* header) {
    std::set<std::string_view> names;
    for (std::size_t at = 0; header != nullptr && at < header->tokens().size(); ++at) {
        if (const auto function = function_at(header->tokens(), at)) names.insert(function->name);
    }
    return names;
}

void check_parameters(const Source& source, const Source* header, Findings& found) {
    const auto declared = declared_in(header);
    const auto& tokens = source.tokens();
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        const auto function = function_at(tokens, at);
        if (!function || function->close >= tokens.size() || declared.contains(function->name)) continue;
        const auto what = borrowed(tokens, *function);
        if (what.empty()) continue;
        const auto first = tokens[at].line;
        const auto last = tokens[function->close].line;
        if (lines_say(source, first, last) || block_above_says(source, first) || class_above_says(source, at)) continue;
        found.push_back({source.path(), first, "coroutine-parameter",
                         fmt::format("{} takes {}, which may be gone when the coroutine goes on", function->name, what),
                         "a value; or keep it and say in a comment what outlives the coroutine"});
    }
}

}  // namespace

Findings check_coroutines(const Source& source, const Source* header) {
    Findings found;
    check_lambdas(source, found);
    if (!source.is_test()) check_parameters(source, header, found);
    return found;
}

}  // namespace orderflow::tidy
