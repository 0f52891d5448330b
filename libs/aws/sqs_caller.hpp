// SqsCaller: one request of the JSON protocol to Amazon SQS: AwsCaller with what a queue adds to it.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "libs/aws/aws_caller.hpp"
#include "libs/aws/sqs_codec.hpp"
#include "libs/aws/sqs_endpoint.hpp"
#include "libs/aws/sqs_fault.hpp"

namespace orderflow::aws {

using SqsRetryPolicy = AwsRetryPolicy;

// For one loop.
class SqsCaller {
  public:
    using Parts = AwsCaller::Parts;

    SqsCaller(Parts parts, SqsEndpoint endpoint, SqsRetryPolicy policy);

    const std::string& queue_url() const noexcept { return queue_url_; }

    // AwsCaller::call(), with "queue." before its codes: an order message is safe to be sent twice, because it carries
    // its order id, and the first of two stored orders wins. `server_time`: what the server may take by request.
    task<Result<std::string>> call(SqsAction action, std::string body, Instant deadline,
                                   BootClock::duration server_time, std::stop_token stop);

    // AwsCaller's.
    std::optional<BootClock::duration> pause_for_entries(unsigned number, SqsRetry why, Instant deadline) {
        return caller_.pause_for_entries(number, why, deadline);
    }
    const net::RetryBudget& budget() const noexcept { return caller_.budget(); }
    std::chrono::milliseconds clock_skew() const noexcept { return caller_.clock_skew(); }

  private:
    std::string queue_url_;
    AwsCaller caller_;
};

}  // namespace orderflow::aws
