// SnsFault: what an error of Amazon SNS means, and whether to ask again. Pure.
// Source: Amazon SNS API Reference, "Common Errors" and the errors of Publish and PublishBatch.
#pragma once

#include <string_view>

#include "libs/aws/aws_fault.hpp"
#include "libs/aws/http_header.hpp"

namespace orderflow::aws {

// The first word of the codes of its errors.
inline constexpr std::string_view sns_errors = "topic";

// Of an answer whose status is not 200. The errors, with AWS's own code and sentence as detail:
//   not_found     "topic.unknown"
//   unauthorized  "topic.unauthorized"     credentials, signature, policy of the role, the topic or its key
//   throttled     "topic.throttled"
//   invalid_input "topic.refused"          what was sent is not taken, and will not be
//   unavailable   "topic.down"             refused: the topic's key cannot be used
//   unavailable   "topic.outcome_unknown"  the service failed while it was at it
AwsFault read_sns_fault(int status, const HttpHeaders& headers, std::string_view body);

// Of one entry of a batch, or of a whole call by its code.
AwsFault sns_fault_of(std::string_view code, std::string_view message, bool fault_of_sender);

}  // namespace orderflow::aws
