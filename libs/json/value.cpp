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

std::optional<bool> Value::boolean() const noexcept {
    if (kind_ != Kind::boolean) return std::nullopt;
    return truth_;
}

std::optional<Number> Value::number() const noexcept {
    if (kind_ != Kind::number) return std::nullopt;
    return Number{text_};
}

const Value* Value::find(std::string_view name) const noexcept {
    if (kind_ != Kind::object) return nullptr;
    const auto found = std::ranges::find(members_, name, &Member::name);
    return found == members_.end() ? nullptr : &found->value;
}

bool operator==(const Value& a, const Value& b) {
    if (a.kind_ != b.kind_) return false;
    switch (a.kind_) {
        case Value::Kind::null: return true;
        case Value::Kind::boolean: return a.truth_ == b.truth_;
        case Value::Kind::number:
        case Value::Kind::string: return a.text_ == b.text_;
        case Value::Kind::array: return std::ranges::equal(a.items_, b.items_);
        case Value::Kind::object: return std::ranges::equal(a.members_, b.members_);
    }
    return false;
}

}  // namespace orderflow::json
