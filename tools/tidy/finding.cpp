#include "tools/tidy/finding.hpp"

#include <fmt/format.h>

namespace orderflow::tidy {

std::string to_text(const Finding& finding) {
    const auto* mark = finding.severity == Severity::warning ? " (warning)" : "";
    return fmt::format("{}:{}: {}{}: {}: {}", finding.file, finding.line, finding.rule, mark, finding.message,
                       finding.replacement);
}

}  // namespace orderflow::tidy
