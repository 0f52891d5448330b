// From a message as a sender describes it to one that the engine takes, with the digests that the sender checks.
#pragma once

#include "queue-service/engine/message.hpp"
#include "queue-service/protocol/model_messages.hpp"

namespace orderflow::sqs {

struct OutgoingMessage {
    queue::NewMessage message;
    SentMessage sent;  // without message_id
};

// InvalidMessageContents, InvalidParameterValue, UnsupportedOperation.
Outcome<OutgoingMessage> to_outgoing(MessageToSend message);

// What the message counts on AWS: body and attributes, without system attributes.
std::size_t counted_bytes(const MessageToSend& message) noexcept;

// `value` within [0, most] seconds, else InvalidParameterValue with `reason`.
Outcome<std::optional<std::chrono::seconds>> seconds_within(Seconds value, std::chrono::seconds most,
                                                            std::string_view parameter, std::string_view reason);

}  // namespace orderflow::sqs
