// parse_command_line(): one way to read the options of every command.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace CLI {
class App;
}

namespace orderflow {

// Fills what `app` was told to fill from the words behind the command. An exit code when that ends the program: 0 after
// --help (on stdout), exit_bad_usage after an error (on stderr, with what to do).
std::optional<int> parse_command_line(CLI::App& app, const std::string& command, std::span<const char* const> words);

}  // namespace orderflow
