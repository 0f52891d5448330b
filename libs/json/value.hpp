// Value: one JSON document in memory (RFC 8259), as it was written: members keep their order, the same name twice stays
// twice, and a number is its text, so that nothing is rounded and nothing is lost before somebody judges it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libs/base/result.hpp"

namespace orderflow::json {

struct Member;

// The text of a number that keeps the grammar of RFC 8259, section 6.
struct Number {
    std::string text;

    // Exact. invalid_input "json.not_an_integer" when there is a fraction or an exponent (also 1.0 and 1e2), and
    // "json.out_of_range" outside of 64 bits.
    Result<std::int64_t> to_int64() const;

    friend bool operator==(const Number&, const Number&) = default;
};

// Nobody's thread: a plain value. Equality is by content and order of members.
class Value {
  public:
    using Array = std::vector<Value>;
    using Object = std::vector<Member>;
    enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

    Value() noexcept;  // null
    explicit Value(bool value);
    explicit Value(Number value);
    explicit Value(std::string value);
    explicit Value(Array value);
    explicit Value(Object value);
    Value(const Value& other);
    Value(Value&& other) noexcept;
    Value& operator=(const Value& other);
    Value& operator=(Value&& other) noexcept;
    ~Value();

    Kind kind() const noexcept { return static_cast<Kind>(data_.index()); }
    bool is_null() const noexcept { return kind() == Kind::null; }

    // Null when the value is of another kind.
    const bool* boolean() const noexcept { return std::get_if<bool>(&data_); }
    const Number* number() const noexcept { return std::get_if<Number>(&data_); }
    const std::string* string() const noexcept { return std::get_if<std::string>(&data_); }
    const Array* array() const noexcept { return std::get_if<Array>(&data_); }
    const Object* object() const noexcept { return std::get_if<Object>(&data_); }

    // The first member of that name; null when there is none or this is no object. Linear.
    const Value* find(std::string_view name) const noexcept;

    friend bool operator==(const Value& a, const Value& b);

  private:
    std::variant<std::monostate, bool, Number, std::string, Array, Object> data_;  // in the order of Kind
};

struct Member {
    Member(std::string n, Value v) noexcept : name(std::move(n)), value(std::move(v)) {}
    std::string name;
    Value value;
    friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace orderflow::json
