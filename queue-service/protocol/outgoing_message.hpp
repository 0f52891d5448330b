// From a message as a sender describes it to one that the engine takes, with the digests that the sender checks.
#pragma once

#include "queue-service/engine/message.hpp"
#include "queue-service/protocol/model_messages.hpp"

namespace orderflow::sqs {

struct OutgoingMessage {
    queue::NewMessage message;
    SentMessage sent;  // without message_id
};

// `trace_header` is that of the request, for messages that bring no AWSTraceHeader of their own (AWS X-Ray Developer
// Guide, "Amazon SQS and AWS X-Ray"). InvalidMessageContents, InvalidParameterValue, UnsupportedOperation.
Outcome<OutgoingMessage> to_outgoing(MessageToSend message, std::string_view trace_header);

// What the message counts on AWS: body and attributes, without system attributes.
std::size_t counted_bytes(const MessageToSend& message) noexcept;

// `value` within [0, most] seconds, else InvalidParameterValue with `reason`.
Outcome<std::optional<std::chrono::seconds>> seconds_within(Seconds value, std::chrono::seconds most,
                                                            std::string_view parameter, std::string_view reason);

}  // namespace orderflow::sqs
