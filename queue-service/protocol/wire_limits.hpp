// Limits of the wire protocol that the engine knows nothing of; its own stand in queue-service/engine/limits.hpp. "AWS"
// means the Amazon SQS Developer Guide, "Amazon SQS message quotas" and "Amazon SQS message metadata".
#pragma once

#include <cstddef>

#include "queue-service/engine/limits.hpp"

namespace orderflow::sqs::limits {

// AWS: "a message can contain up to 10 attributes".
inline constexpr std::size_t message_attributes_max = 10;
// AWS: names and types of message attributes "can be up to 256 characters long".
inline constexpr std::size_t attribute_name_max = 256;
inline constexpr std::size_t attribute_type_max = 256;

// AWS SendMessageBatchRequestEntry, Id: "up to 80 characters: alphanumeric characters, hyphens, and underscores".
inline constexpr std::size_t batch_entry_id_max = 80;

// AWS SendMessage, MessageGroupId: at most 128 characters.
inline constexpr std::size_t group_id_max = 128;

// Ours. A trace header has about 100 characters: root, parent, sampled; one of a request that is longer is passed over.
inline constexpr std::size_t trace_header_max = 1024;

// AWS ListQueues, MaxResults: 1 to 1,000; without it at most 1,000 are listed.
inline constexpr std::size_t list_results_max = 1000;

// Ours. 1 MiB of payload grows on the wire: by three when it is percent-encoded or written as \uXXXX escapes, less in
// base64; the rest of the request has 256 KiB. A longer request is answered 413 before it is read.
inline constexpr std::size_t request_bytes_max = 3 * queue::limits::batch_bytes_wire + 256 * 1024;

// Ours. SendMessageBatch is the deepest: Entries, entry, MessageAttributes, attribute, StringListValues.
inline constexpr std::size_t json_depth_max = 8;

// Ours. Ten entries with ten attributes each need 360.
inline constexpr std::size_t form_parameters_max = 1000;

}  // namespace orderflow::sqs::limits
