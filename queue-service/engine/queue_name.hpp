// Names of queues. A queue belongs to a region and an account; the same name in another scope is another queue.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow::queue {

struct QueueScope {
    std::string region;
    std::string account;

    friend auto operator<=>(const QueueScope&, const QueueScope&) = default;
};

// us-east-1 and account 000000000000: of the queues of this program, and of journals that knew no scopes.
const QueueScope& default_scope();

struct QueueName {
    QueueScope scope;
    std::string name;

    friend auto operator<=>(const QueueName&, const QueueName&) = default;
};

// invalid_input "queue.name_invalid", "queue.scope_invalid" (region and account: 1 to 64 letters, digits and hyphens).
// Names that end in ".fifo" are refused by the same rule: these are standard queues.
Result<void> validate(const QueueName& name);

// "arn:aws:sqs:REGION:ACCOUNT:NAME"; the partition follows the region (aws-cn, aws-us-gov).
std::string to_arn(const QueueName& name);
// invalid_input "queue.arn_invalid" for anything that to_arn() does not make of a valid name.
Result<QueueName> parse_arn(std::string_view arn);

}  // namespace orderflow::queue
