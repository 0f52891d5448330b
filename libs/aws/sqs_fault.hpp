// SqsFault: what an error of Amazon SQS means for the port MessageQueue, and whether to ask again. Pure.
//
// Sources: Amazon SQS API Reference, "Common Error Types" and the errors of each action; SQS developer guide, "AWS JSON
// protocol" (the names of the query protocol and of the JSON protocol differ: both are understood).
#pragma once

#include <string_view>

#include "libs/aws/aws_fault.hpp"
#include "libs/aws/http_header.hpp"

namespace orderflow::aws {

using SqsRetry = AwsRetry;
using SqsFault = AwsFault;

// The first word of the codes of its errors.
inline constexpr std::string_view sqs_errors = "queue";

// Of an answer whose status is not 200. The errors, with AWS's own code and sentence as detail:
//   not_found     "queue.unknown"
//   unauthorized  "queue.unauthorized"           credentials, signature, policy
//   throttled     "queue.throttled", "queue.over_limit" (too many messages in flight: asking at once is no use)
//   conflict      "queue.message_not_inflight"
//   invalid_input "queue.receipt_handle_invalid", "queue.message_contents_invalid", "queue.refused"
//   unavailable   "queue.down"                   refused: a key of KMS cannot be used
//   unavailable   "queue.outcome_unknown"        the service failed while it was at it
SqsFault read_sqs_fault(int status, const HttpHeaders& headers, std::string_view body);

// Of one entry of a batch, or of a whole call by its code.
SqsFault sqs_fault_of(std::string_view code, std::string_view message, bool fault_of_sender);

}  // namespace orderflow::aws
