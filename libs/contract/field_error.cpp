#include "libs/contract/field_error.hpp"

namespace orderflow::contract {

std::string_view to_string(Rule rule) noexcept {
    switch (rule) {
        case Rule::required: return "required";
        case Rule::unknown_field: return "unknown-field";
        case Rule::wrong_type: return "wrong-type";
        case Rule::too_short: return "too-short";
        case Rule::too_long: return "too-long";
        case Rule::out_of_range: return "out-of-range";
        case Rule::invalid_format: return "invalid-format";
        case Rule::not_an_integer: return "not-an-integer";
        case Rule::amount_not_allowed: return "amount-not-allowed";
        case Rule::unsupported_currency: return "unsupported-currency";
        case Rule::duplicate_key: return "duplicate-key";
        case Rule::too_many_items: return "too-many-items";
    }
    return "";
}

void FieldErrors::add(std::string pointer, Rule rule, std::string detail) {
    add(FieldError(std::move(pointer), rule, std::move(detail)));
}

void FieldErrors::add(FieldError error) {
    ++count_;
    if (reported_.size() < reported_max) reported_.push_back(std::move(error));
}

}  // namespace orderflow::contract
