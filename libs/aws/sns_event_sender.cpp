#include "libs/aws/sns_event_sender.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/orders/domain/event_endpoint.hpp"

namespace orderflow::aws {
namespace {

constexpr int status_ok = 200;
// What a topic that asks for less gets in place of a time, which SNS does not name.
constexpr std::chrono::milliseconds throttled_pause = 1s;
constexpr std::string_view group_of_tests = "test";
// The dispatcher reads something of each order before it sends, so that what belongs together comes one by one.
constexpr BootClock::duration linger = 5ms;

orders::SendAnswer failed(std::string code) {
    orders::SendAnswer answer;
    answer.code = std::move(code);
    return answer;
}

// For the delivery log: what is not printable ASCII is a question mark.
std::string head_of(std::string text) {
    if (text.size() > orders::limits::answer_head_max) text.resize(orders::limits::answer_head_max);
    std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

}  // namespace

SnsMessage message_of(orders::OutgoingEvent event) {
    SnsMessage message;
    message.body = std::move(event.body);
    for (const auto& [name, value] :
         {std::pair{"event_type", &event.type}, std::pair{"order_status", &event.order_status},
          std::pair{"tenant", &event.tenant}, std::pair{"traceparent", &event.traceparent}}) {
        if (!value->empty()) message.attributes.emplace_back(name, *value);
    }
    message.group = event.order_id.empty() ? std::string(group_of_tests) : std::move(event.order_id);
    message.deduplication_id = std::move(event.id);
    return message;
}

orders::SendAnswer answer_of(const Result<std::string>& published) {
    orders::SendAnswer answer;
    if (published) {
        answer.status = status_ok;
        answer.head = head_of("MessageId " + *published);
        return answer;
    }
    const auto& error = published.error();
    answer.code = error.code();
    answer.stopped = error.code() == "topic.stopped";
    answer.head = head_of(error.detail());
    if (error.kind() == ErrorKind::throttled) answer.retry_after = throttled_pause;
    return answer;
}

SnsEventSender::SnsEventSender(Spawner spawn, AwsCaller::Parts parts, SnsEndpoint endpoint, AwsRetryPolicy policy)
    : spawn_(std::move(spawn)),
      timers_(parts.timers),
      clock_(parts.clock),
      topic_(std::move(parts), std::move(endpoint), policy) {}

bool SnsEventSender::serves(const orders::EventEndpoint& endpoint) const {
    return endpoint.settings.url == topic_.arn().text;
}

task<orders::SendAnswer> SnsEventSender::send(orders::EventEndpoint endpoint, orders::OutgoingEvent event,
                                              Instant deadline, std::stop_token stop) {
    if (!serves(endpoint)) co_return failed("topic.not_configured");
    co_return co_await await_completion<orders::SendAnswer>([&](Completion<orders::SendAnswer> done) {
        waiting_.push_back({message_of(std::move(event)), deadline, std::move(stop), std::move(done)});
        if (waiting_.size() >= sns_batch_entries) {
            flush();
        } else if (!std::exchange(gathering_, true)) {
            spawn_(gather());
        }
    });
}

task<void> SnsEventSender::gather() {
    co_await sleep_until(timers_, clock_.now() + linger);
    gathering_ = false;
    flush();
}

// All batches at the same time. What comes later waits for none of them.
void SnsEventSender::flush() {
    while (!waiting_.empty()) {
        std::vector<Waiting> batch;
        std::size_t bytes = 0;
        while (!waiting_.empty() && batch.size() < sns_batch_entries) {
            bytes += waiting_.front().message.bytes();
            if (!batch.empty() && bytes > sns_batch_bytes) break;
            batch.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
        spawn_(publish(std::move(batch)));
    }
}

task<void> SnsEventSender::publish(std::vector<Waiting> batch) {
    std::vector<SnsMessage> messages;
    auto deadline = Instant::max();
    for (auto& one : batch) {
        messages.push_back(std::move(one.message));
        deadline = std::min(deadline, one.deadline);
    }
    // The dispatcher stops all calls or none.
    auto answers = co_await topic_.publish(std::move(messages), deadline, batch.front().stop);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i].done.complete(answers ? answer_of((*answers)[i]) : answer_of(fail(Error(answers.error()))));
    }
}

}  // namespace orderflow::aws
