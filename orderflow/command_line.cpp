#include "orderflow/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <vector>

#include "libs/observe/printable.hpp"
#include "programs/fatal.hpp"

namespace orderflow {

std::optional<int> parse_command_line(CLI::App& app, const std::string& command, std::span<const char* const> words) {
    app.name(command);
    std::vector<const char*> all{command.c_str()};
    all.insert(all.end(), words.begin(), words.end());
    try {
        app.parse(static_cast<int>(all.size()), all.data());
        return std::nullopt;
    } catch (const CLI::CallForHelp&) {
        std::fputs(app.help().c_str(), stdout);
        return 0;
    } catch (const CLI::ParseError& wrong) {
        constexpr std::size_t shown_max = 1000;  // it repeats what was typed
        std::fprintf(stderr, "%s: %s; see %s --help\n", command.c_str(),
                     observe::printable_line(wrong.what(), shown_max).c_str(), command.c_str());
        return exit_bad_usage;
    }
}

}  // namespace orderflow
