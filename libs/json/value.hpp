// Value: one place of a JSON document (RFC 8259), as it was written: members keep their order, the same name twice
// stays twice, and a number is its text, so that nothing is rounded and nothing is lost before somebody judges it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow::json {

struct Member;

// The text of a number that keeps the grammar of RFC 8259, section 6.
struct Number {
    std::string_view text;

    // Exact. invalid_input "json.not_an_integer" when there is a fraction or an exponent (also 1.0 and 1e2), and
    // "json.out_of_range" outside of 64 bits.
    Result<std::int64_t> to_int64() const;
};

// A view into the memory of its Document (document.hpp), which has to outlive it: copying copies the view. Any number
// of threads may read. Equality is by content and order of members.
class Value {
  public:
    using Array = std::span<const Value>;
    using Object = std::span<const Member>;
    enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

    constexpr Value() noexcept = default;  // null

    Kind kind() const noexcept { return kind_; }
    bool is_null() const noexcept { return kind_ == Kind::null; }

    // Nothing when the value is of another kind.
    std::optional<bool> boolean() const noexcept;
    std::optional<Number> number() const noexcept;
    const std::string_view* string() const noexcept { return kind_ == Kind::string ? &text_ : nullptr; }
    const Array* array() const noexcept { return kind_ == Kind::array ? &items_ : nullptr; }
    const Object* object() const noexcept { return kind_ == Kind::object ? &members_ : nullptr; }

    // The first member of that name; null when there is none or this is no object. Linear.
    const Value* find(std::string_view name) const noexcept;

    // Some object in here, itself included, has two members of one name.
    bool repeats_a_name() const noexcept { return repeats_a_name_; }

    friend bool operator==(const Value& a, const Value& b);

  private:
    friend class Builder;

    Value(Kind kind, std::string_view text) noexcept : kind_(kind), text_(text) {}
    explicit Value(bool value) noexcept : kind_(Kind::boolean), truth_(value) {}
    Value(Array items, bool repeats) noexcept : kind_(Kind::array), repeats_a_name_(repeats), items_(items) {}
    Value(Object members, bool repeats) noexcept : kind_(Kind::object), repeats_a_name_(repeats), members_(members) {}

    Kind kind_ = Kind::null;
    bool repeats_a_name_ = false;
    union {  // by kind_
        std::string_view text_ = {};
        bool truth_;
        Array items_;
        Object members_;
    };
};

struct Member {
    std::string_view name;
    Value value;
    friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace orderflow::json
