// The look of a file: columns, tabs, the head of a header, the length of files and functions.
#pragma once

#include "tools/tidy/finding.hpp"
#include "tools/tidy/source.hpp"

namespace orderflow::tidy {

inline constexpr std::size_t max_columns = 120;
inline constexpr std::size_t max_file_lines = 600;
inline constexpr std::size_t max_function_lines = 100;

// Rules for every text file: columns (not for markdown, YAML and the page, whose linters decide), tabs, trailing-space,
// last-line.
Findings check_text(std::string_view path, std::string_view text);

// Rules for C++ files: pragma-once, head-comment, file-length, function-length (warning).
Findings check_shape(const Source& source);

// Rules for markdown: one-title, unfinished.
Findings check_markdown(std::string_view path, std::string_view text);

}  // namespace orderflow::tidy
