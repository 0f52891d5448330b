// snapshot(): findings as the text a person reads, so that a test shows rule, place and advice at once.
#pragma once

#include <algorithm>
#include <string>

#include "tools/tidy/finding.hpp"

namespace orderflow::tidy {

inline std::string snapshot(Findings found) {
    std::ranges::sort(found);
    std::string text;
    for (const auto& finding : found) text += to_text(finding) + "\n";
    return text;
}

// "line rule line rule ...": for the tests that vary the input and not the advice.
inline std::string places(Findings found) {
    std::ranges::sort(found);
    std::string text;
    for (const auto& finding : found) {
        text += (text.empty() ? "" : " ") + std::to_string(finding.line) + " " + std::string(finding.rule);
    }
    return text;
}

}  // namespace orderflow::tidy
