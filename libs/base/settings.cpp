#include "libs/base/settings.hpp"

#include <algorithm>
#include <charconv>

namespace orderflow {

const std::string* SettingsReader::find(std::string_view name) const {
    asked_.emplace(name, true);
    const auto at = environment_.find(name);
    return at == environment_.end() || at->second.empty() ? nullptr : &at->second;
}

std::string SettingsReader::text(std::string_view name, std::string_view fallback) const {
    const auto* value = find(name);
    return value == nullptr ? std::string(fallback) : *value;
}

std::optional<std::string> SettingsReader::optional_text(std::string_view name) const {
    const auto* value = find(name);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::int64_t SettingsReader::integer(std::string_view name, std::int64_t fallback, std::int64_t min, std::int64_t max) {
    const auto* value = find(name);
    if (value == nullptr) return fallback;
    std::int64_t number = 0;
    const auto* end = value->data() + value->size();
    const auto parsed = std::from_chars(value->data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end || number < min || number > max) {
        refuse(name,
               "'" + *value + "' is not a whole number from " + std::to_string(min) + " to " + std::to_string(max));
        return fallback;
    }
    return number;
}

std::chrono::seconds SettingsReader::seconds(std::string_view name, std::chrono::seconds fallback,
                                             std::chrono::seconds min, std::chrono::seconds max) {
    return std::chrono::seconds(integer(name, fallback.count(), min.count(), max.count()));
}

bool SettingsReader::flag(std::string_view name, bool fallback) {
    const auto* value = find(name);
    if (value == nullptr) return fallback;
    if (*value == "on") return true;
    if (*value == "off") return false;
    refuse(name, "'" + *value + "' is neither on nor off");
    return fallback;
}

void SettingsReader::refuse(std::string_view name, std::string_view why) {
    errors_.push_back(std::string(name) + ": " + std::string(why));
}

void SettingsReader::refuse_unknown(std::string_view prefix, const std::vector<std::string_view>& also_known) {
    for (auto at = environment_.lower_bound(prefix); at != environment_.end() && at->first.starts_with(prefix); ++at) {
        if (asked_.contains(at->first) || std::ranges::find(also_known, at->first) != also_known.end()) continue;
        refuse(at->first, "there is no such setting; --help lists them all");
    }
}

}  // namespace orderflow
