#include "queue-service/protocol/incoming_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "libs/crypto/digest.hpp"
#include "queue-service/protocol/attribute_codec.hpp"
#include "queue-service/protocol/queue_attributes.hpp"

namespace orderflow::sqs {

namespace {

constexpr auto system_attributes = std::to_array<std::string_view>(
    {"SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber",
     "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn"});

TextMap system_attributes_of(const queue::Received& received, const MessageMetadata& metadata,
                             const queue::QueueScope& scope, const SystemAttributeNames& wanted) {
    TextMap all;
    const auto add = [&](std::string_view name, std::string value) {
        if (!value.empty() && wanted.contains(name)) all.emplace(name, std::move(value));
    };
    const auto& message = *received.message;
    add("SenderId", scope.account);
    add("SentTimestamp", std::to_string(to_unix_ms(message.sent_at)));
    add("ApproximateReceiveCount", std::to_string(received.receive_count));
    add("ApproximateFirstReceiveTimestamp", std::to_string(to_unix_ms(received.first_received_at)));
    add("MessageGroupId", metadata.group_id);
    add("AWSTraceHeader", metadata.trace_header);
    if (!message.dead_letter_source.empty()) {
        add("DeadLetterQueueSourceArn", queue::to_arn({scope, message.dead_letter_source}));
    }
    return all;
}

}  // namespace

Outcome<SystemAttributeNames> wanted_system_attributes(const ReceiveMessage& request) {
    SystemAttributeNames wanted;
    for (const auto* names : {&request.attribute_names, &request.system_attribute_names}) {
        for (const auto& name : *names) {
            if (name == "All") {
                wanted.insert(system_attributes.begin(), system_attributes.end());
            } else if (std::ranges::find(system_attributes, name) != system_attributes.end()) {
                wanted.insert(name);
            } else if (!is_queue_attribute(name)) {  // the old list had the names of queue attributes too
                return refuse(Fault::invalid_attribute_name, fmt::format("Unknown Attribute {}.", shown(name)));
            }
        }
    }
    return wanted;
}

Result<ReceivedMessage> to_incoming(queue::Received received, const queue::QueueScope& scope,
                                    const SystemAttributeNames& wanted,
                                    const std::vector<std::string>& wanted_attributes) {
    const auto& message = *received.message;
    auto metadata = decode(message.attributes);
    if (!metadata) return fail(std::move(metadata).error());
    ReceivedMessage incoming;
    incoming.message_id = message.id.text();
    incoming.md5_of_body = crypto::md5_hex(message.body);
    incoming.body = message.body;
    incoming.system_attributes = system_attributes_of(received, *metadata, scope, wanted);
    incoming.attributes = select(metadata->attributes, wanted_attributes);
    incoming.md5_of_attributes = md5_of(incoming.attributes);  // of those that the receiver sees and checks
    incoming.receipt_handle = std::move(received.receipt);
    return incoming;
}

}  // namespace orderflow::sqs
