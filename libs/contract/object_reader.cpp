#include "libs/contract/object_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libs/contract/text_rules.hpp"
#include "libs/json/pointer.hpp"

namespace orderflow::contract {

std::optional<std::string> read_text(const json::Value& value, const std::string& pointer, Presence presence,
                                     TextRule rule, FieldErrors& errors) {
    const auto* raw = value.string();
    if (raw == nullptr) {
        errors.add(pointer, Rule::wrong_type, "Must be a text.");
        return std::nullopt;
    }
    const auto text = trimmed(*raw);
    const auto length = code_points(text);
    if (length == 0 && rule.min > 0 && presence == Presence::required) {
        errors.add(pointer, Rule::required, "Must not be empty.");
    } else if (length < rule.min) {
        errors.add(pointer, Rule::too_short, fmt::format("Must have at least {} characters.", rule.min));
    } else if (length > rule.max) {
        errors.add(pointer, Rule::too_long, fmt::format("May have {} characters.", rule.max));
    } else if (has_control_character(text, rule.allow_line_feed)) {
        errors.add(pointer, Rule::invalid_format, "Must not contain control characters.");
    } else {
        return std::string(text);
    }
    return std::nullopt;
}

ObjectReader::ObjectReader(const json::Value& value, std::string pointer, FieldErrors& errors)
    : members_(value.object()), value_(value), pointer_(std::move(pointer)), errors_(errors) {
    if (members_ == nullptr) errors_.add(pointer_, Rule::wrong_type, "Must be an object.");
}

const json::Value* ObjectReader::member(std::string_view name, Presence presence) {
    known_.push_back(name);
    if (members_ == nullptr) return nullptr;
    const auto* found = value_.find(name);
    if (found == nullptr && presence == Presence::required) report(name, Rule::required, "Is missing.");
    return found;
}

std::optional<std::string> ObjectReader::text(std::string_view name, Presence presence, TextRule rule) {
    const auto* found = member(name, presence);
    if (found == nullptr) return std::nullopt;
    return read_text(*found, pointer_of(name), presence, rule, errors_);
}

std::optional<std::string> ObjectReader::exact(std::string_view name, Presence presence) {
    const auto* found = member(name, presence);
    if (found == nullptr) return std::nullopt;
    const auto* text = found->string();
    if (text == nullptr) {
        report(name, Rule::wrong_type, "Must be a text.");
        return std::nullopt;
    }
    if (text->empty()) {
        report(name, Rule::required, "Must not be empty.");
        return std::nullopt;
    }
    return *text;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name, Presence presence, std::int64_t min,
                                                  std::int64_t max) {
    const auto* found = member(name, presence);
    if (found == nullptr) return std::nullopt;
    const auto* number = found->number();
    if (number == nullptr) {
        report(name, Rule::wrong_type, "Must be a number.");
        return std::nullopt;
    }
    const auto value = number->to_int64();
    if (!value && value.error().code() == "json.not_an_integer") {
        report(name, Rule::not_an_integer, "Must be an integer, without fraction and exponent.");
        return std::nullopt;
    }
    if (!value || *value < min || *value > max) {
        report(name, Rule::out_of_range, fmt::format("Must be from {} to {}.", min, max));
        return std::nullopt;
    }
    return *value;
}

void ObjectReader::refuse_amounts(std::span<const std::string_view> names) {
    for (const auto name : names) {
        if (member(name, Presence::optional) == nullptr) continue;
        report(name, Rule::amount_not_allowed, "Prices and amounts are the shop's.");
    }
}

void ObjectReader::finish() {
    if (members_ == nullptr) return;
    for (const auto& given : *members_) {
        if (!is_known(given.name)) report(given.name, Rule::unknown_field, "There is no such member.");
    }
}

std::string ObjectReader::pointer_of(std::string_view name) const { return json::pointer_to(pointer_, name); }

void ObjectReader::report(std::string_view name, Rule rule, std::string detail) {
    errors_.add(pointer_of(name), rule, std::move(detail));
}

bool ObjectReader::is_known(std::string_view name) const { return std::ranges::find(known_, name) != known_.end(); }

}  // namespace orderflow::contract
