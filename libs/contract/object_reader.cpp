#include "libs/contract/object_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libs/contract/text_rules.hpp"

namespace orderflow::contract {

std::expected<std::string, BrokenRule> read_text(const json::Value& value, Presence presence, const TextRule& rule) {
    const auto broken = [](Rule which, std::string detail) {
        return std::unexpected(BrokenRule{which, std::move(detail)});
    };
    const auto* raw = value.string();
    if (raw == nullptr) return broken(Rule::wrong_type, "Must be a text.");
    const auto text = trimmed(*raw);
    const auto length = code_points(text);
    if (length == 0 && rule.min > 0 && presence == Presence::required) {
        return broken(Rule::required, "Must not be empty.");
    }
    if (length < rule.min) {
        return broken(Rule::too_short, fmt::format("Must have at least {} characters.", rule.min));
    }
    if (length > rule.max) return broken(Rule::too_long, fmt::format("May have {} characters.", rule.max));
    if (has_control_character(text, rule.allow_line_feed)) {
        return broken(Rule::invalid_format, "Must not contain control characters.");
    }
    return std::string(text);
}

void KnownNames::add(std::string_view name) {
    if (count_ < usual) {
        names_[count_++] = name;
    } else {
        more_.push_back(name);
    }
}

bool KnownNames::has(std::string_view name) const {
    const auto first = std::span(names_).first(count_);
    return std::ranges::find(first, name) != first.end() || std::ranges::find(more_, name) != more_.end();
}

ObjectReader::ObjectReader(const json::Value& value, json::Place place, FieldErrors& errors)
    : members_(value.object()), place_(place), errors_(errors) {
    if (members_ == nullptr) errors_.add(place_.pointer(), Rule::wrong_type, "Must be an object.");
}

const json::Value* ObjectReader::member(std::string_view name, Presence presence) {
    known_.add(name);
    if (members_ == nullptr) return nullptr;
    const auto* found = find(name);
    if (found == nullptr && presence == Presence::required) report(name, Rule::required, "Is missing.");
    return found;
}

// Members mostly stand in the order in which they are asked for.
const json::Value* ObjectReader::find(std::string_view name) {
    if (next_ < members_->size() && (*members_)[next_].name == name) return &(*members_)[next_++].value;
    const auto found = std::ranges::find(*members_, name, &json::Member::name);
    if (found == members_->end()) return nullptr;
    next_ = static_cast<std::size_t>(found - members_->begin()) + 1;
    return &found->value;
}

std::optional<std::string> ObjectReader::text(std::string_view name, Presence presence, TextRule rule) {
    const auto* found = member(name, presence);
    if (found == nullptr) return std::nullopt;
    auto read = read_text(*found, presence, rule);
    if (read) return *std::move(read);
    report(name, read.error().rule, std::move(read.error().detail));
    return std::nullopt;
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
    return std::string(*text);
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name, Presence presence, std::int64_t min,
                                                  std::int64_t max) {
    const auto* found = member(name, presence);
    if (found == nullptr) return std::nullopt;
    const auto number = found->number();
    if (!number) {
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

void ObjectReader::finish(std::span<const std::string_view> amounts) {
    if (members_ == nullptr) return;
    for (const auto& given : *members_) {
        if (known_.has(given.name)) continue;
        if (std::ranges::find(amounts, given.name) != amounts.end()) {
            report(given.name, Rule::amount_not_allowed,
                   "Prices are the shop's: only an API key with the scope orders:prices may give amounts.");
        } else {
            report(given.name, Rule::unknown_field, "There is no such member.");
        }
    }
}

void ObjectReader::report(std::string_view name, Rule rule, std::string detail) {
    errors_.add(pointer_of(name), rule, std::move(detail));
}

}  // namespace orderflow::contract
