#include "queue-service/protocol/message_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "libs/crypto/digest.hpp"
#include "libs/net/ascii.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {

namespace {

constexpr std::string_view trace_header = "AWSTraceHeader";

std::unexpected<SqsError> invalid(std::string message) {
    return refuse(Fault::invalid_parameter_value, std::move(message));
}

bool is_name_character(char c) {
    const char lower = net::to_lower(c);
    return (lower >= 'a' && lower <= 'z') || net::is_digit(c) || c == '_' || c == '-' || c == '.';
}

bool begins_with_any_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && net::iequals(text.substr(0, prefix.size()), prefix);
}

Outcome<void> validate_name(std::string_view name) {
    if (name.empty()) return invalid("The request must contain non-empty message attribute names.");
    if (name.size() > limits::attribute_name_max) {
        return invalid("Message (user) attribute name can't be longer than 256 characters.");
    }
    if (!std::ranges::all_of(name, is_name_character)) {
        return invalid(
            "Message (user) attribute name can contain only A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) "
            "characters.");
    }
    if (name.starts_with('.') || name.ends_with('.') || name.contains("..")) {
        return invalid("Message (user) attribute name can't start or end with a period or have successive periods.");
    }
    if (begins_with_any_case(name, "AWS.") || begins_with_any_case(name, "Amazon.")) {
        return invalid(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for "
            "internal use.");
    }
    return {};
}

// "Number" of "Number.int".
std::string_view logical_type(std::string_view data_type) { return data_type.substr(0, data_type.find('.')); }

// AWS: "up to 38 digits of precision", between -10^128 and 10^126; an optional sign, fraction and exponent.
bool is_number(std::string_view text) {
    constexpr std::size_t digits_max = 38;
    constexpr int exponent_max = 126;
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    std::size_t digits = 0;
    std::size_t significant = 0;
    bool point = false;
    while (!text.empty() && (net::is_digit(text[0]) || (text[0] == '.' && !point))) {
        if (text[0] == '.') {
            point = true;
        } else {
            ++digits;
            if (significant > 0 || text[0] != '0') ++significant;
        }
        text.remove_prefix(1);
    }
    if (digits == 0 || significant > digits_max) return false;
    if (text.empty()) return true;
    if (text[0] != 'e' && text[0] != 'E') return false;
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty() || text.size() > 3 || !std::ranges::all_of(text, net::is_digit)) return false;
    int exponent = 0;
    for (const char c : text) exponent = exponent * 10 + (c - '0');
    return exponent <= exponent_max;
}

Outcome<void> validate_value(std::string_view name, const AttributeValue& value) {
    if (!value.string_list.empty() || !value.binary_list.empty()) {
        return refuse(Fault::unsupported_operation, "Message attribute list values are not supported.");
    }
    if (value.data_type.empty()) {
        return invalid(
            fmt::format("The message attribute '{}' must contain a non-empty message attribute type.", name));
    }
    const auto logical = logical_type(value.data_type);
    if (logical != "String" && logical != "Number" && logical != "Binary") {
        return invalid(
            fmt::format("The message attribute '{}' has an invalid message attribute type, the set of "
                        "supported type prefixes is Binary, Number, and String.",
                        name));
    }
    if (value.data_type.size() > limits::attribute_type_max) {
        return invalid(fmt::format(
            "The type of message (user) attribute '{}' is too long. It can be at most 256 characters long.", name));
    }
    if (!has_only_allowed_characters(value.data_type)) {
        return invalid(fmt::format("The type of message (user) attribute '{}' has invalid characters.", name));
    }
    const bool binary = logical == "Binary";
    if (binary == value.string_value.has_value() || binary != value.binary_value.has_value()) {
        return invalid(fmt::format("The message attribute '{}' with type '{}' must use field '{}'.", name, logical,
                                   binary ? "Binary" : "String"));
    }
    if (binary ? value.binary_value->bytes.empty() : value.string_value->empty()) {
        return invalid(
            fmt::format("The message attribute '{}' must contain a non-empty message attribute value for "
                        "message attribute type '{}'.",
                        name, logical));
    }
    if (!binary && !has_only_allowed_characters(*value.string_value)) {
        return refuse(Fault::invalid_message_contents,
                      fmt::format("Invalid characters found in the message attribute '{}'.", name));
    }
    if (logical == "Number" && !is_number(*value.string_value)) {
        return invalid(fmt::format("Can't cast the value of message (user) attribute '{}' to a number.", name));
    }
    return {};
}

const std::string& octets(const AttributeValue& value) {
    static const std::string none;
    if (value.binary_value) return value.binary_value->bytes;
    return value.string_value ? *value.string_value : none;
}

void append_sized(std::string& out, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    for (const auto shift : {24U, 16U, 8U, 0U}) out.push_back(static_cast<char>((size >> shift) & 0xFFU));
    out.append(text);
}

bool is_wanted(std::string_view name, const std::vector<std::string>& wanted) {
    return std::ranges::any_of(wanted, [name](std::string_view pattern) {
        if (pattern == "All" || pattern == ".*") return true;
        if (pattern.ends_with(".*")) return name.starts_with(pattern.substr(0, pattern.size() - 2));
        return name == pattern;
    });
}

}  // namespace

Outcome<void> validate(const MessageAttributes& attributes) {
    if (attributes.size() > limits::message_attributes_max) {
        return invalid(fmt::format("Number of message attributes [{}] exceeds the allowed maximum [{}].",
                                   attributes.size(), limits::message_attributes_max));
    }
    for (const auto& [name, value] : attributes) {
        if (auto valid = validate_name(name); !valid) return valid;
        if (auto valid = validate_value(name, value); !valid) return valid;
    }
    return {};
}

Outcome<void> validate_system(const MessageAttributes& attributes) {
    for (const auto& [name, value] : attributes) {
        if (name != trace_header) {
            return invalid(fmt::format("Message system attribute name '{}' is invalid.", shown(name)));
        }
        if (auto valid = validate_value(name, value); !valid) return valid;
        if (value.data_type != "String") {
            return invalid("The message system attribute 'AWSTraceHeader' must be of type 'String'.");
        }
    }
    return {};
}

std::size_t counted_bytes(const MessageAttributes& attributes) noexcept {
    std::size_t bytes = 0;
    for (const auto& [name, value] : attributes) bytes += name.size() + value.data_type.size() + octets(value).size();
    return bytes;
}

MessageAttributes select(const MessageAttributes& attributes, const std::vector<std::string>& wanted) {
    MessageAttributes selected;
    if (wanted.empty()) return selected;
    for (const auto& [name, value] : attributes) {
        if (is_wanted(name, wanted)) selected.emplace(name, value);
    }
    return selected;
}

// Developer guide, "Calculating the MD5 message digest for message attributes": sorted by name; of each the length of
// the name in four octets (big endian) and the name, the same of the type, one octet for the kind of the value (1:
// String and Number, 2: Binary), and the value as the name.
std::optional<std::string> md5_of(const MessageAttributes& attributes) {
    if (attributes.empty()) return std::nullopt;
    std::string encoded;
    encoded.reserve(counted_bytes(attributes) + attributes.size() * 13);
    for (const auto& [name, value] : attributes) {
        append_sized(encoded, name);
        append_sized(encoded, value.data_type);
        encoded.push_back(value.binary_value ? '\2' : '\1');
        append_sized(encoded, octets(value));
    }
    return crypto::md5_hex(encoded);
}

bool has_only_allowed_characters(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return false;
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF; surrogates are no UTF-8.
        if (c == 0xEF && text.substr(i, 2) == "\xEF\xBF" && i + 2 < text.size() &&
            static_cast<unsigned char>(text[i + 2]) >= 0xBE) {
            return false;
        }
    }
    return true;
}

}  // namespace orderflow::sqs
