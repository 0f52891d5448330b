// Queue attributes: the texts of the protocol on one side, QueueSettings and what is known of a queue on the other.
//
// Source: Amazon SQS API Reference, CreateQueue, SetQueueAttributes and GetQueueAttributes.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "queue-service/engine/change.hpp"
#include "queue-service/engine/standard_queue.hpp"
#include "queue-service/protocol/sqs_error.hpp"
#include "queue-service/protocol/wire_name.hpp"

namespace orderflow::sqs {

// Whether Amazon SQS knows an attribute of that name, for any kind of queue.
bool is_queue_attribute(std::string_view name);

// What an attribute that was given changes, by its name.
using SettingsChange = std::function<void(queue::QueueSettings&)>;
using SettingsChanges = Map<SettingsChange>;

// InvalidAttributeName: unknown, or not to be set; InvalidAttributeValue: no number, or out of range;
// InvalidParameterValue: a policy that says something else than it should; UnsupportedOperation: FifoQueue.
// Dead-letter queues belong to `scope`; whether they exist is the engine's question.
Outcome<SettingsChanges> parse_attributes(const TextMap& attributes, const queue::QueueScope& scope);

queue::QueueSettings with_changes(queue::QueueSettings settings, const SettingsChanges& changes);

// Those that were asked for ("All": every one that the queue has). InvalidAttributeName.
Outcome<TextMap> attributes_of(const queue::QueueRecord& record, const queue::QueueCounts& counts,
                               const std::vector<std::string>& names);

}  // namespace orderflow::sqs
