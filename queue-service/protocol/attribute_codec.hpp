// How the wire protocol writes into the engine's opaque `attributes` of a message: what its sender said beside the
// body.
//
// Format 1: the octet 1, then items: a tag octet and texts, each with its length before it as a LEB128 number (7 bits
// an octet, the lowest first). 1: attribute of String or Number (name, type, value); 2: of Binary; 3: AWSTraceHeader
// (value); 4: MessageGroupId (value). Nothing at all stands for nothing said. Other tags are damage: the format only
// grows with a new first octet.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.hpp"
#include "queue-service/protocol/message_attributes.hpp"

namespace orderflow::sqs {

struct MessageMetadata {
    MessageAttributes attributes;
    std::string trace_header;  // empty: none
    std::string group_id;      // empty: none

    friend bool operator==(const MessageMetadata&, const MessageMetadata&) = default;
};

std::string encode(const MessageMetadata& metadata);

// internal "sqs.attributes_damaged".
Result<MessageMetadata> decode(std::string_view text);

}  // namespace orderflow::sqs
