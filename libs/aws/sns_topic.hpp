// SnsTopic: messages to one topic of Amazon SNS.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "libs/aws/aws_caller.hpp"
#include "libs/aws/sns_codec.hpp"
#include "libs/aws/sns_endpoint.hpp"

namespace orderflow::aws {

// For one loop.
class SnsTopic {
  public:
    SnsTopic(AwsCaller::Parts parts, SnsEndpoint endpoint, AwsRetryPolicy policy);

    const TopicArn& arn() const noexcept { return arn_; }

    // 1 to sns_batch_entries messages of sns_batch_bytes together (an invariant), in their order; for each the id that
    // SNS gave it. Entries that fail by themselves, and not by their sender's fault, are sent again within attempts,
    // budget and `deadline`; so is a whole call whose outcome is open: a message may be published twice. Errors are
    // those of AwsCaller::call() with "topic." before their codes, of read_sns_fault() and of read_publish_batch().
    task<Result<std::vector<Result<std::string>>>> publish(std::vector<SnsMessage> messages, Instant deadline,
                                                           std::stop_token stop);

  private:
    using Answers = Result<std::vector<Result<std::string>>>;
    task<Answers> publish_once(std::vector<SnsMessage> messages, Instant deadline, std::stop_token stop);

    TopicArn arn_;
    Executor& timers_;
    const Clock& clock_;
    AwsCaller caller_;
};

}  // namespace orderflow::aws
