// The repository as a set of files, and the rules that look at more than one of them.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tools/tidy/finding.hpp"

namespace orderflow::tidy {

// Path from the root, with '/' -> content. Only text that people write: C++, CMake, shell, markdown, web sources.
using Tree = std::map<std::string, std::string>;

// Leaves out what is built, fetched or generated (build/, node_modules/, data/, hidden folders except .ci).
// Throws std::filesystem::filesystem_error when the root cannot be read.
Tree read_tree(const std::filesystem::path& root);

// Rules: folder-readme (each library, service and tool says what it is), unbuilt-file (each .cpp is named by a
// CMakeLists.txt above it: a test that nobody builds passes for ever).
Findings check_folders(const Tree& tree);

// Every rule on every file, by path and line.
Findings check_tree(const Tree& tree);

}  // namespace orderflow::tidy
