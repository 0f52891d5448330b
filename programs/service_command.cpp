#include "programs/service_command.hpp"

#include <string_view>

#include "libs/observe/printable.hpp"

namespace orderflow {
namespace {

std::string quoted(std::string_view word) {
    constexpr std::size_t shown_max = 100;
    return "'" + observe::printable_line(word, shown_max) + "'";
}

}  // namespace

std::expected<ServiceCommand, std::string> read_service_command(std::span<const char* const> words, bool lambda) {
    if (words.empty()) return ServiceCommand::run;
    const std::string_view first = words.front();
    const bool is_help = first == "--help" || first == "-h";
    const bool is_lambda = lambda && first == "--lambda";
    if (!is_help && !is_lambda && first != "--check" && first != "--health") {
        return std::unexpected("there is no argument " + quoted(first));
    }
    if (words.size() > 1) return std::unexpected("nothing may follow " + std::string(first) + ": " + quoted(words[1]));
    if (is_help) return ServiceCommand::help;
    if (is_lambda) return ServiceCommand::lambda;
    return first == "--health" ? ServiceCommand::health : ServiceCommand::check;
}

}  // namespace orderflow
