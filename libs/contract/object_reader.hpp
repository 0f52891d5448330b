// ObjectReader: takes one JSON object apart by its known members and reports every rule that is broken, so that a
// caller sees all errors at once. A value that could not be read is absent from the result; the errors say so.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/contract/field_error.hpp"
#include "libs/json/pointer.hpp"
#include "libs/json/value.hpp"

namespace orderflow::contract {

struct TextRule {
    std::size_t min = 1;  // code points after trimming
    std::size_t max;
    bool allow_line_feed = false;
};

enum class Presence : std::uint8_t { optional, required };

// The names that an object may have. Few of them, so that they mostly need no memory of their own.
class KnownNames {
  public:
    void add(std::string_view name);
    bool has(std::string_view name) const;

  private:
    static constexpr std::size_t usual = 16;
    std::array<std::string_view, usual> names_;
    std::size_t count_ = 0;
    std::vector<std::string_view> more_;
};

// The value, the errors and what the place refers to outlive the reader.
class ObjectReader {
  public:
    // Reports wrong-type when `value` is no object; every member is then absent without further errors.
    ObjectReader(const json::Value& value, json::Place place, FieldErrors& errors);

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
    // Of a member. The reader outlives the place.
    json::Place place_of(std::string_view name) const { return {.parent = &place_, .name = name}; }
    std::string pointer_of(std::string_view name) const { return place_of(name).pointer(); }
    void report(std::string_view name, Rule rule, std::string detail);

  private:
    const json::Value* find(std::string_view name);

    const json::Value::Object* members_;
    json::Place place_;
    FieldErrors& errors_;
    KnownNames known_;
    std::size_t next_ = 0;  // behind the member that was found last
};

// What is wrong with one value; its place is the caller's to say.
struct BrokenRule {
    Rule rule;
    std::string detail;
};
std::expected<std::string, BrokenRule> read_text(const json::Value& value, Presence presence, const TextRule& rule);

}  // namespace orderflow::contract
