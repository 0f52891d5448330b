#include "tools/tidy/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace orderflow::tidy {
namespace {

// Characters, not bytes: continuation bytes of UTF-8 have the top bits 10.
std::size_t columns(std::string_view line) {
    return static_cast<std::size_t>(
        std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool ends_with_any(std::string_view path, std::span<const std::string_view> endings) {
    return std::ranges::any_of(endings, [&](auto ending) { return path.ends_with(ending); });
}

void check_header(const Source& source, Findings& found) {
    std::size_t first = 1;
    while (first <= source.line_count() && source.line(first).empty()) ++first;
    if (!source.line(first).starts_with("//")) {
        found.push_back({std::string(source.path()), first, "head-comment", "a header opens with its purpose",
                         "two to five lines of // before #pragma once: what it is, what it promises"});
    }
    for (std::size_t number = 1; number <= source.line_count(); ++number) {
        if (source.line(number) == "#pragma once") return;
    }
    found.push_back({std::string(source.path()), 1, "pragma-once", "the header can be included twice",
                     "#pragma once after the head comment"});
}

enum class Scope : std::uint8_t { names, function, other };

// What the `{` after the tokens [from, open) begins, seen inside `outer`.
Scope scope_of(const std::vector<Token>& tokens, std::size_t from, std::size_t open, Scope outer) {
    if (outer == Scope::function) return Scope::other;
    bool parens = false;
    for (auto i = from; i < open; ++i) {
        const auto text = tokens[i].text;
        if (text == "namespace" || text == "extern") return Scope::names;
        if (text == "=") return Scope::other;
        const bool type = text == "class" || text == "struct" || text == "union" || text == "enum";
        if (type && !parens) return Scope::names;
        parens = parens || text == "(";
    }
    return parens ? Scope::function : Scope::other;
}

void check_functions(const Source& source, Findings& found) {
    struct Open {
        Scope scope;
        std::size_t first_line;
    };
    const auto& tokens = source.tokens();
    std::vector<Open> stack;
    std::size_t statement = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto text = tokens[i].text;
        const auto outer = stack.empty() ? Scope::names : stack.back().scope;
        if (text == "{") {
            const auto scope = outer == Scope::other ? outer : scope_of(tokens, statement, i, outer);
            stack.push_back({scope, tokens[std::min(statement, i)].line});
            if (scope != Scope::other) statement = i + 1;
        } else if (text == "}" && !stack.empty()) {
            const auto open = stack.back();
            stack.pop_back();
            if (open.scope != Scope::other) statement = i + 1;
            const auto lines = tokens[i].line - open.first_line + 1;
            if (open.scope != Scope::function || lines <= max_function_lines) continue;
            found.push_back({source.path(), open.first_line, "function-length",
                             fmt::format("{} lines: a function past one screen mixes decision and work", lines),
                             "split it, or leave it whole when it is one table or one switch", Severity::warning});
        } else if (text == ";" && outer != Scope::other) {
            statement = i + 1;
        }
    }
}

}  // namespace

Findings check_text(std::string_view path, std::string_view text) {
    static constexpr auto any_width =
        std::to_array<std::string_view>({".md", ".yaml", ".yml", ".html", ".css", ".js", ".mjs"});
    Findings found;
    std::size_t number = 0;
    for (const auto line : split_lines(text)) {
        ++number;
        const auto add = [&](std::string_view rule, std::string message, std::string replacement) {
            found.push_back({std::string(path), number, rule, std::move(message), std::move(replacement)});
        };
        if (!ends_with_any(path, any_width) && columns(line) > max_columns) {
            add("columns", fmt::format("{} columns", columns(line)), fmt::format("{} at most", max_columns));
        }
        if (line.find('\t') != std::string_view::npos) add("tabs", "a tab", "spaces");
        if (line.ends_with('\r')) add("line-end", "a carriage return", "line feeds alone");
        if (line.ends_with(' ')) add("trailing-space", "a space at the end of the line", "nothing");
    }
    if (!text.empty() && !text.ends_with('\n')) {
        found.push_back({std::string(path), number, "last-line", "the last line has no end", "a line feed"});
    }
    return found;
}

Findings check_shape(const Source& source) {
    Findings found;
    if (source.is_header()) check_header(source, found);
    if (source.line_count() > max_file_lines) {
        found.push_back({source.path(), source.line_count(), "file-length",
                         fmt::format("{} lines: more than one idea", source.line_count()),
                         fmt::format("files of one idea, {} lines at most", max_file_lines)});
    }
    check_functions(source, found);
    return found;
}

Findings check_markdown(std::string_view path, std::string_view text) {
    Findings found;
    std::size_t number = 0;
    std::size_t titles = 0;
    bool fenced = false;
    for (const auto line : split_lines(text)) {
        ++number;
        if (line.starts_with("```")) fenced = !fenced;
        if (!fenced && line.starts_with("# ")) ++titles;
        if (!fenced && line.starts_with("# ") && titles == 2) {
            found.push_back({std::string(path), number, "one-title", "a second title", "## for sections"});
        }
        for (const std::string_view mark : {"TODO", "FIXME"}) {
            if (line.find(mark) == std::string_view::npos) continue;
            found.push_back({std::string(path), number, "unfinished", fmt::format("{} in a document", mark),
                             "write what holds today"});
        }
    }
    if (titles == 0) {
        found.push_back({std::string(path), 1, "one-title", "no title", "one line that begins with #"});
    }
    return found;
}

}  // namespace orderflow::tidy
