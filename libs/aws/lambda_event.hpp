// The event that AWS Lambda hands to a function whose source is a queue of Amazon SQS, and the answer to it. Pure.
// Sources: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS" (example event) and "Handling errors for an SQS
// event source" (partial batch responses).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::aws {

// Payloads of the Runtime API have 6 MB at most. A source brings up to 10,000 records in one event.
inline constexpr std::size_t lambda_event_bytes = std::size_t{8} * 1024 * 1024;
inline constexpr std::size_t lambda_records_max = 10'000;

struct LambdaRecord {
    std::string queue;  // its name, of eventSourceARN
    orders::ReceivedMessage message;
};

// invalid_input "lambda.event_malformed", with what is wrong: it is no event of a queue, a record lacks what it cannot
// be worked on without (messageId, receiptHandle, body, eventSourceARN), or names a receipt twice. Nothing of such an
// event is worked on. Counts and times that cannot be read are taken for a first delivery just now.
Result<std::vector<LambdaRecord>> read_lambda_event(std::string_view event);

// {"batchItemFailures":[{"itemIdentifier":"..."}]}: Lambda deletes all other messages of the batch.
std::string write_batch_failures(std::span<const orders::MessageId> failed);

}  // namespace orderflow::aws
