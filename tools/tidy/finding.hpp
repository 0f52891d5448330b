// Finding: one broken rule at one place, and how it is printed.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::tidy {

enum class Severity : std::uint8_t { error, warning };

struct Finding {
    std::string file;  // from the root of the repository, with '/'
    std::size_t line;  // 1 for what concerns the file as a whole
    std::string_view rule;
    std::string message;      // what is wrong, and why that is a rule
    std::string replacement;  // what to write instead
    Severity severity = Severity::error;

    friend auto operator<=>(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

// "file:line: rule: message: replacement", with "(warning)" after the rule when it does not fail the run.
std::string to_text(const Finding& finding);

}  // namespace orderflow::tidy
