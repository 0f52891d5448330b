// Settings: typed reading of configuration from environment variables. Every error is collected, so that a person sees
// all of them at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow {

// Name and value of every environment variable. Programs fill it from the process, tests write it down.
using Environment = std::map<std::string, std::string, std::less<>>;

class SettingsReader {
  public:
    // `environment` must outlive the reader.
    explicit SettingsReader(const Environment& environment) : environment_(environment) {}

    // The value, or `fallback` when the variable is absent or empty.
    std::string text(std::string_view name, std::string_view fallback) const;
    std::optional<std::string> optional_text(std::string_view name) const;

    // A whole number within [min, max]; otherwise an error is noted and `fallback` returned.
    std::int64_t integer(std::string_view name, std::int64_t fallback, std::int64_t min, std::int64_t max);
    std::chrono::seconds seconds(std::string_view name, std::chrono::seconds fallback, std::chrono::seconds min,
                                 std::chrono::seconds max);
    // "on", "off"; nothing else.
    bool flag(std::string_view name, bool fallback);

    // Notes an error that the caller found: "NAME: what is wrong and what would be right".
    void refuse(std::string_view name, std::string_view why);

    // Notes every variable that starts with `prefix` and was never asked for: it is a typo.
    void refuse_unknown(std::string_view prefix, const std::vector<std::string_view>& also_known = {});

    const std::vector<std::string>& errors() const noexcept { return errors_; }

  private:
    const std::string* find(std::string_view name) const;

    const Environment& environment_;
    mutable std::map<std::string, bool, std::less<>> asked_;
    std::vector<std::string> errors_;
};

}  // namespace orderflow
