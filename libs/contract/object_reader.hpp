// ObjectReader: takes one JSON object apart by its known members and reports every rule that is broken, so that a
// caller sees all errors at once. A value that could not be read is absent from the result; the errors say so.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/contract/field_error.hpp"
#include "libs/json/value.hpp"

namespace orderflow::contract {

struct TextRule {
    std::size_t min = 1;  // code points after trimming
    std::size_t max;
    bool allow_line_feed = false;
};

enum class Presence : std::uint8_t { optional, required };

// The value and the errors outlive the reader.
class ObjectReader {
  public:
    // Reports wrong-type when `value` is no object; every member is then absent without further errors.
    ObjectReader(const json::Value& value, std::string pointer, FieldErrors& errors);

    // The member, or null with `required` reported when it has to be there. Marks the name as known.
    const json::Value* member(std::string_view name, Presence presence);

    // A text, trimmed at both ends and measured; without control characters.
    std::optional<std::string> text(std::string_view name, Presence presence, TextRule rule);
    // A text that has a form of its own and is taken as it is; the caller judges the form.
    std::optional<std::string> exact(std::string_view name, Presence presence);
    std::optional<std::int64_t> integer(std::string_view name, Presence presence, std::int64_t min, std::int64_t max);

    // Reports every member that nobody asked for: as an amount when its name is one of `amounts`, else as unknown. To
    // be called last.
    void finish(std::span<const std::string_view> amounts = {});

    bool is_object() const noexcept { return members_ != nullptr; }
    std::string pointer_of(std::string_view name) const;
    void report(std::string_view name, Rule rule, std::string detail);

  private:
    bool is_known(std::string_view name) const;

    const json::Value::Object* members_;
    const json::Value& value_;
    std::string pointer_;
    FieldErrors& errors_;
    std::vector<std::string_view> known_;
};

// What is wrong with one value; its place is the caller's to say.
struct BrokenRule {
    Rule rule;
    std::string detail;
};
std::expected<std::string, BrokenRule> read_text(const json::Value& value, Presence presence, const TextRule& rule);

}  // namespace orderflow::contract
