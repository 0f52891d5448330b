#include "libs/aws/sqs_caller.hpp"

#include <utility>

namespace orderflow::aws {

SqsCaller::SqsCaller(Parts parts, SqsEndpoint endpoint, SqsRetryPolicy policy)
    : queue_url_(std::move(endpoint.queue_url)),
      caller_(std::move(parts),
              {.name = "sqs",
               .region = std::move(endpoint.region),
               .url = std::move(endpoint.url),
               .errors = sqs_errors,
               .read_fault = read_sqs_fault},
              policy) {}

task<Result<std::string>> SqsCaller::call(SqsAction action, std::string body, Instant deadline,
                                          BootClock::duration server_time, std::stop_token stop) {
    AwsCaller::Request request{.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                                           {"X-Amz-Target", std::string(sqs_target_of(action))}},
                               .body = std::move(body),
                               .server_time = server_time};
    return caller_.call(std::move(request), deadline, std::move(stop));
}

}  // namespace orderflow::aws
