#include "libs/json/value.hpp"

#include <algorithm>
#include <charconv>

namespace orderflow::json {

Result<std::int64_t> Number::to_int64() const {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (stop != end) return fail(ErrorKind::invalid_input, "json.not_an_integer");
    if (error != std::errc{}) return fail(ErrorKind::invalid_input, "json.out_of_range");
    return value;
}

// Written here, where Member is complete.
Value::Value() noexcept = default;
Value::Value(bool value) : data_(value) {}
Value::Value(Number value) : data_(std::move(value)) {}
Value::Value(std::string value) : data_(std::move(value)) {}
Value::Value(Array value) : data_(std::move(value)) {}
Value::Value(Object value) : data_(std::move(value)) {}
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

const Value* Value::find(std::string_view name) const noexcept {
    const auto* members = object();
    if (members == nullptr) return nullptr;
    const auto found = std::ranges::find(*members, name, &Member::name);
    return found == members->end() ? nullptr : &found->value;
}

bool operator==(const Value& a, const Value& b) { return a.data_ == b.data_; }

}  // namespace orderflow::json
