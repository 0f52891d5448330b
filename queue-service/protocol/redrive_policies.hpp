// RedrivePolicy and RedriveAllowPolicy: JSON texts inside of queue attributes. An empty text takes the policy away.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "queue-service/engine/queue_settings.hpp"
#include "queue-service/protocol/sqs_error.hpp"

namespace orderflow::sqs {

// {"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:orders-dlq","maxReceiveCount":5}; the count also as text.
// InvalidParameterValue; a dead-letter queue of another scope does not exist.
Outcome<std::optional<queue::RedrivePolicy>> parse_redrive_policy(std::string_view text,
                                                                  const queue::QueueScope& scope);
std::string to_json(const queue::RedrivePolicy& policy, const queue::QueueScope& scope);

// {"redrivePermission":"byQueue","sourceQueueArns":["..."]}; or allowAll, denyAll.
Outcome<std::optional<queue::RedriveAllowPolicy>> parse_redrive_allow_policy(std::string_view text);
std::string to_json(const queue::RedriveAllowPolicy& policy);

}  // namespace orderflow::sqs
