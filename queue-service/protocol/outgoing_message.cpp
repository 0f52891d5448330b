#include "queue-service/protocol/outgoing_message.hpp"

#include <algorithm>

#include "libs/crypto/digest.hpp"
#include "queue-service/protocol/attribute_codec.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {

namespace {

// AWS SendMessage, MessageGroupId: alphanumeric characters and punctuation.
bool is_group_id(std::string_view text) {
    return text.size() <= limits::group_id_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && static_cast<unsigned char>(c) < 0x7F; });
}

}  // namespace

Outcome<OutgoingMessage> to_outgoing(MessageToSend message, std::string_view trace_header) {
    if (!has_only_allowed_characters(message.body)) {
        return refuse(
            Fault::invalid_message_contents,
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 "
            "to #xFFFD | #x10000 to #x10FFFF");
    }
    if (auto valid = validate(message.attributes); !valid) return refuse(std::move(valid).error());
    if (auto valid = validate_system(message.system_attributes); !valid) return refuse(std::move(valid).error());
    if (!message.deduplication_id.empty()) {
        return refuse(invalid_value(message.deduplication_id, "MessageDeduplicationId",
                                    "The request includes a parameter that is not valid for this queue type."));
    }
    if (!is_group_id(message.group_id)) {
        return refuse(invalid_value(message.group_id, "MessageGroupId",
                                    "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 "
                                    "in length."));
    }
    auto delay = seconds_within(message.delay, queue::limits::delay_max, "DelaySeconds",
                                "DelaySeconds must be >= 0 and <= 900.");
    if (!delay) return refuse(std::move(delay).error());

    OutgoingMessage outgoing;
    outgoing.sent.md5_of_body = crypto::md5_hex(message.body);
    outgoing.sent.md5_of_attributes = md5_of(message.attributes);
    outgoing.sent.md5_of_system_attributes = md5_of(message.system_attributes);
    MessageMetadata metadata;
    metadata.attributes = std::move(message.attributes);
    metadata.group_id = std::move(message.group_id);
    metadata.trace_header = trace_header;
    for (auto& [name, value] : message.system_attributes) metadata.trace_header = *std::move(value.string_value);
    outgoing.message.body = std::move(message.body);
    outgoing.message.attributes = encode(metadata);
    outgoing.message.delay = *delay;
    return outgoing;
}

std::size_t counted_bytes(const MessageToSend& message) noexcept {
    return message.body.size() + counted_bytes(message.attributes);
}

Outcome<std::optional<std::chrono::seconds>> seconds_within(Seconds value, std::chrono::seconds most,
                                                            std::string_view parameter, std::string_view reason) {
    if (!value) return std::nullopt;
    if (*value < 0 || *value > most.count()) return refuse(invalid_value(std::to_string(*value), parameter, reason));
    return std::chrono::seconds(*value);
}

}  // namespace orderflow::sqs
