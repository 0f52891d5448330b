#include "libs/aws/sns_topic.hpp"

#include <cstddef>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/aws/sns_fault.hpp"
#include "libs/base/invariant.hpp"

namespace orderflow::aws {
namespace {

// Why an entry that failed by itself may be sent again. One that is the sender's fault stays wrong.
AwsRetry retry_of(const Result<std::string>& answer) {
    if (answer) return AwsRetry::never;
    if (answer.error().kind() == ErrorKind::throttled) return AwsRetry::throttled;
    const auto& code = answer.error().code();
    const bool stumbled = code == "topic.outcome_unknown" || code == "topic.answer_unreadable";
    return stumbled ? AwsRetry::transient : AwsRetry::never;
}

}  // namespace

SnsTopic::SnsTopic(AwsCaller::Parts parts, SnsEndpoint endpoint, AwsRetryPolicy policy)
    : arn_(std::move(endpoint.topic)),
      timers_(parts.timers),
      clock_(parts.clock),
      caller_(std::move(parts),
              {.name = "sns",
               .region = arn_.region,
               .url = std::move(endpoint.url),
               .errors = sns_errors,
               .read_fault = read_sns_fault},
              policy) {}

task<SnsTopic::Answers> SnsTopic::publish_once(std::vector<SnsMessage> messages, Instant deadline,
                                               std::stop_token stop) {
    ORDERFLOW_INVARIANT(!messages.empty() && messages.size() <= sns_batch_entries);
    AwsCaller::Request request{.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                               .body = write_publish_batch(arn_, messages)};
    const auto answer = co_await caller_.call(std::move(request), deadline, std::move(stop));
    if (!answer) co_return fail(answer.error());
    co_return read_publish_batch(*answer, messages.size());
}

task<SnsTopic::Answers> SnsTopic::publish(std::vector<SnsMessage> messages, Instant deadline, std::stop_token stop) {
    auto answers = co_await publish_once(messages, deadline, stop);
    for (unsigned number = 1; answers && !stop.stop_requested(); ++number) {
        std::vector<std::size_t> places;
        std::vector<SnsMessage> failed;
        auto why = AwsRetry::transient;
        for (std::size_t i = 0; i < answers->size(); ++i) {
            const auto retry = retry_of((*answers)[i]);
            if (retry == AwsRetry::never) continue;
            places.push_back(i);
            failed.push_back(messages[i]);
            if (retry == AwsRetry::throttled) why = retry;
        }
        const auto pause = failed.empty() ? std::nullopt : caller_.pause_for_entries(number, why, deadline);
        if (!pause) break;
        co_await sleep_until(timers_, clock_.now() + *pause, stop);
        if (stop.stop_requested()) break;
        auto again = co_await publish_once(std::move(failed), deadline, stop);
        for (std::size_t i = 0; i < places.size(); ++i) {
            (*answers)[places[i]] = again ? std::move((*again)[i]) : Result<std::string>(fail(Error(again.error())));
        }
        if (!again) break;
    }
    co_return answers;
}

}  // namespace orderflow::aws
