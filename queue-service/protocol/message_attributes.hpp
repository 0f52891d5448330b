// Message attributes: what the sender says about a message beside its body, by rules of AWS.
//
// Source: Amazon SQS Developer Guide, "Amazon SQS message metadata": names, types, values, the MD5 of attributes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "queue-service/protocol/sqs_error.hpp"
#include "queue-service/protocol/wire_name.hpp"

namespace orderflow::sqs {

struct AttributeValue {
    using IsDescribed = void;

    std::string data_type;
    std::optional<std::string> string_value = {};
    std::optional<Blob> binary_value = {};
    std::vector<std::string> string_list = {};  // "reserved for future use": refused
    std::vector<std::string> binary_list = {};

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.optional("DataType", self.data_type);
        wire.optional("StringValue", self.string_value);
        wire.optional("BinaryValue", self.binary_value);
        wire.optional(WireName("StringListValues", "StringListValue"), self.string_list);
        wire.optional(WireName("BinaryListValues", "BinaryListValue"), self.binary_list);
    }

    friend bool operator==(const AttributeValue&, const AttributeValue&) = default;
};
using MessageAttributes = Map<AttributeValue>;

// Whether AWS takes the attributes of one message; size aside.
Outcome<void> validate(const MessageAttributes& attributes);
// AWSTraceHeader of type String is the only system attribute that a sender may set.
Outcome<void> validate_system(const MessageAttributes& attributes);

// What counts to the size of a message: names, types and values.
std::size_t counted_bytes(const MessageAttributes& attributes) noexcept;

// The attributes that a receiver asked for: "All" and ".*" mean every one, "prefix.*" those that begin so.
MessageAttributes select(const MessageAttributes& attributes, const std::vector<std::string>& wanted);

// MD5OfMessageAttributes and MD5OfMessageSystemAttributes; nothing for no attributes.
std::optional<std::string> md5_of(const MessageAttributes& attributes);

// Only #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF (XML 1.0, Char). `text` is UTF-8.
bool has_only_allowed_characters(std::string_view text) noexcept;

}  // namespace orderflow::sqs
