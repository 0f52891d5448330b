// From a delivery of the engine to the message that a receiver reads.
#pragma once

#include <set>

#include "queue-service/engine/queue_name.hpp"
#include "queue-service/journal/durable_queues.hpp"
#include "queue-service/protocol/model_messages.hpp"

namespace orderflow::sqs {

// System attributes by name, "All" resolved. InvalidAttributeName for a name that Amazon SQS does not know.
using SystemAttributeNames = std::set<std::string, std::less<>>;
Outcome<SystemAttributeNames> wanted_system_attributes(const ReceiveMessage& request);

// internal "sqs.attributes_damaged".
Result<ReceivedMessage> to_incoming(queue::Received received, const queue::QueueScope& scope,
                                    const SystemAttributeNames& wanted,
                                    const std::vector<std::string>& wanted_attributes);

}  // namespace orderflow::sqs
