// AwsFault: what an error of an AWS service means, and whether to ask again; and the codes that services have in
// common. Pure. The codes of each service are in a file of its own (sqs_fault.hpp, sns_fault.hpp).
//
// Sources: the "Common Errors" of the API references of Amazon SQS and Amazon SNS; what the AWS SDKs take for
// throttling and for a clock that is wrong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow::aws {

enum class AwsRetry : std::uint8_t {
    never,
    transient,  // the service stumbled
    throttled,  // it asks for less
};

struct AwsFault {
    Error error;
    AwsRetry retry;
    bool may_be_clock = false;  // the time of the signature may be what is wrong with it
};

// "com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue;Sender" -> the last word.
std::string_view bare_code(std::string_view code);
// Whether `words`, separated by blanks, has this one.
bool has_word(std::string_view words, std::string_view word);

// Of a bare code.
bool says_throttled(std::string_view code);
bool says_unauthorized(std::string_view code);  // credentials, signature, policy
bool may_be_clock(std::string_view code);

// "Code: sentence", bounded.
std::string fault_detail(std::string_view code, std::string_view message);

// The errors of one service; `service` is the first word of their codes ("queue"):
//   throttled     "queue.throttled"        to be repeated, later
//   unauthorized  "queue.unauthorized"
//   not_found     "queue.unknown"
//   invalid_input "queue.refused"
//   unavailable   "queue.down"             certainly nothing was done
//   unavailable   "queue.outcome_unknown"  the service failed while it was at it; to be repeated
AwsFault throttled_fault(std::string_view service, std::string detail);
AwsFault unauthorized_fault(std::string_view service, std::string detail);
AwsFault unknown_fault(std::string_view service, std::string detail);
AwsFault refused_fault(std::string_view service, std::string detail);
AwsFault down_fault(std::string_view service, std::string detail);
AwsFault open_fault(std::string_view service, std::string detail);

// What a status says when the body is not of the service: proxies and load balancers answer, too.
AwsFault fault_of_status(std::string_view service, int status);

}  // namespace orderflow::aws
