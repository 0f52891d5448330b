#include "libs/audit/report.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::audit {

std::string_view to_string(FindingKind kind) noexcept {
    switch (kind) {
        case FindingKind::lost: return "lost";
        case FindingKind::doubled: return "doubled";
        case FindingKind::phantom: return "phantom";
        case FindingKind::oversold: return "oversold";
        case FindingKind::double_charged: return "double_charged";
        case FindingKind::money_mismatch: return "money_mismatch";
        case FindingKind::illegal_history: return "illegal_history";
        case FindingKind::queue_mismatch: return "queue_mismatch";
    }
    return "";
}

void Report::add(FindingKind kind, std::string subject, std::string what) {
    const auto index = static_cast<std::size_t>(kind);
    ++counts_[index];
    if (places_[index].size() < places_max) places_[index].push_back({std::move(subject), std::move(what)});
}

bool Report::ok() const noexcept {
    return std::ranges::all_of(counts_, [](auto count) { return count == 0; });
}

std::string Report::to_text() const {
    if (ok()) return "clean";
    std::string text;
    for (std::size_t i = 0; i < finding_kinds; ++i) {
        if (counts_[i] == 0) continue;
        text += std::string(to_string(static_cast<FindingKind>(i))) + " " + std::to_string(counts_[i]) + "\n";
        for (const auto& place : places_[i]) text += "  " + place.subject + ": " + place.what + "\n";
    }
    return text;
}

}  // namespace orderflow::audit
