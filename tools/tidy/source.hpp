// Source: one C++ file as the rules see it: its text with comments and literals told apart from code, and its tokens.
// A lexer, not a parser: macros are not expanded, both branches of an #if are seen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orderflow::tidy {

struct Token {
    std::string_view text;  // an identifier, a number, a whole literal as "", or punctuation; points into the Source
    std::size_t line;
};

struct Include {
    std::string path;
    bool angled;  // <path>, not "path"
    std::size_t line;
};

class Source {
  public:
    // `path` is from the root of the repository, with '/'.
    Source(std::string path, std::string text);
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    const std::string& path() const noexcept { return path_; }
    bool is_header() const noexcept { return path_.ends_with(".hpp"); }
    bool is_test() const noexcept;
    // A composition root: the only place that sees adapters, the environment and the standard streams.
    bool is_main() const noexcept;

    std::size_t line_count() const noexcept { return lines_.size(); }
    // Lines are numbered from 1; a line outside the file is empty.
    std::string_view line(std::size_t number) const noexcept { return at(lines_, number); }
    // The line with everything but its comments blanked.
    std::string_view comment(std::size_t number) const noexcept { return at(comment_lines_, number); }
    // The line with comments and the insides of literals blanked.
    std::string_view code(std::size_t number) const noexcept { return at(code_lines_, number); }

    // Without preprocessor lines.
    const std::vector<Token>& tokens() const noexcept { return tokens_; }
    const std::vector<Include>& includes() const noexcept { return includes_; }

  private:
    static std::string_view at(const std::vector<std::string_view>& lines, std::size_t number) noexcept {
        return number >= 1 && number <= lines.size() ? lines[number - 1] : std::string_view();
    }

    std::string path_;
    std::string text_;
    std::string code_;
    std::string comments_;
    std::vector<std::string_view> lines_;
    std::vector<std::string_view> code_lines_;
    std::vector<std::string_view> comment_lines_;
    std::vector<Token> tokens_;
    std::vector<Include> includes_;
};

// Tests and what is made for them: x_test, and by their endings suites, fixtures, rigs and doubles; the folders tests/,
// fuzz/, bench/ and libs/testing/.
bool is_test_file(std::string_view path) noexcept;

// Splits at '\n'; a last line without one counts, an empty one after it does not.
std::vector<std::string_view> split_lines(std::string_view text);

// Splits code without comments into tokens; `::`, `->`, `&&` and `[[`/`]]` are one token each.
std::vector<Token> tokenize(std::string_view code);

// The index of the bracket that closes the one at `open`, or tokens.size().
std::size_t closing(const std::vector<Token>& tokens, std::size_t open);

bool is_identifier(std::string_view token) noexcept;

}  // namespace orderflow::tidy
