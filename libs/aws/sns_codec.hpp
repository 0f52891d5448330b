// PublishBatch of Amazon SNS's query protocol: the request and its answer. Pure.
// Source: Amazon SNS API Reference, "PublishBatch"; developer guide, "Message attributes", "FIFO topics".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/aws/sns_endpoint.hpp"
#include "libs/base/result.hpp"

namespace orderflow::aws {

// The API reference: 10 entries a call, 256 KiB of messages with their attributes.
inline constexpr std::size_t sns_batch_entries = 10;
inline constexpr std::size_t sns_batch_bytes = 256 * 1024;

struct SnsMessage {
    std::string body;
    std::vector<std::pair<std::string, std::string>> attributes = {};  // String; none is empty
    // Of a FIFO topic; others are sent without.
    std::string group = {};
    std::string deduplication_id = {};

    // What counts towards sns_batch_bytes.
    std::size_t bytes() const;
};

// A form. Entries are named by their place in the span.
std::string write_publish_batch(const TopicArn& topic, std::span<const SnsMessage> messages);

// One answer for each entry that was sent, in their order: the id that SNS gave the message, or what is wrong with it
// (sns_fault_of()). unavailable "topic.answer_unreadable" for a text that is no such answer, and for an entry that is
// missing in it: what became of it is open.
Result<std::vector<Result<std::string>>> read_publish_batch(std::string_view answer, std::size_t entries);

}  // namespace orderflow::aws
