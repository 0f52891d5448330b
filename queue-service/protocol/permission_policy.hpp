// AddPermission and RemovePermission as changes of the Policy attribute: one statement for each label. Policies are
// stored and returned; nothing enforces them.
//
// Source: Amazon SQS API Reference, AddPermission: at most 7 actions in a statement.
#pragma once

#include <string>
#include <string_view>

#include "queue-service/protocol/model_queues.hpp"

namespace orderflow::sqs {

// `policy` may be empty. InvalidParameterValue: the label is taken or malformed, an account or an action is not known,
// or the policy that is there cannot be read. OverLimit: more than 7 actions.
Outcome<std::string> with_permission(std::string_view policy, std::string_view queue_arn, const AddPermission& request);

// InvalidParameterValue when there is no statement of that label. Empty when it was the last one.
Outcome<std::string> without_permission(std::string_view policy, std::string_view label);

}  // namespace orderflow::sqs
