#include "orderflow/move/queue_mover.hpp"

#include <deque>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/aws/sqs_codec.hpp"
#include "orderflow/move/moved_batch.hpp"

namespace orderflow {
namespace {

// Sixteen calls at the same time hide the network's time and stay far below any limit of SQS.
constexpr std::size_t page_messages = 16 * aws::sqs_batch_entries;
// For one batch with its repetitions.
constexpr BootClock::duration batch_time = 60s;

aws::SqsRetryPolicy patient() {
    aws::SqsRetryPolicy policy;
    policy.attempts = 6;
    policy.attempt_time = 10s;
    return policy;
}

std::vector<orders::OutgoingMessage> as_sent(const std::vector<queue::WaitingMessage>& batch) {
    std::vector<orders::OutgoingMessage> sent;
    sent.reserve(batch.size());
    for (const auto& waiting : batch) sent.emplace_back(waiting.message->body);
    return sent;
}

aws::SqsRetry retry_of(const Error& error) {
    switch (error.kind()) {
        case ErrorKind::throttled: return aws::SqsRetry::throttled;
        case ErrorKind::unavailable: return aws::SqsRetry::transient;
        case ErrorKind::invalid_input:
        case ErrorKind::not_found:
        case ErrorKind::conflict:
        case ErrorKind::unauthorized:
        case ErrorKind::internal: return aws::SqsRetry::never;
    }
    return aws::SqsRetry::never;
}

// One call for what is left of the batch, in `left`: what was not taken, with the first reason. All outlive it.
task<Result<std::optional<Error>>> send_once(aws::SqsCaller& caller, WallTime now, Instant deadline,
                                             std::vector<queue::WaitingMessage>& left) {
    auto body = write_moved_batch(caller.queue_url(), left, now);
    if (!body) co_return fail(std::move(body).error());
    const auto answer = co_await caller.call(aws::SqsAction::send_message_batch, *std::move(body), deadline, {}, {});
    if (!answer) co_return fail(answer.error());
    const auto sent = as_sent(left);
    const auto entries = aws::read_send_batch(*answer, sent);
    if (!entries) co_return fail(entries.error());
    std::optional<Error> refused;
    std::vector<queue::WaitingMessage> again;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        if ((*entries)[i]) continue;
        if (!refused || retry_of((*entries)[i].error()) == aws::SqsRetry::never) refused = (*entries)[i].error();
        again.push_back(left[i]);
    }
    left = std::move(again);
    co_return refused;
}

// All but the batch outlive it.
task<Result<void>> send_batch(aws::SqsCaller& caller, Executor& timers, const Clock& clock,
                              std::vector<queue::WaitingMessage> left) {
    const auto deadline = clock.now() + batch_time;
    for (unsigned number = 1;; ++number) {
        const auto refused = co_await send_once(caller, clock.wall(), deadline, left);
        if (!refused) co_return fail(refused.error());
        if (!*refused) co_return Result<void>();
        const auto retry = retry_of(**refused);
        const auto pause =
            retry == aws::SqsRetry::never ? std::nullopt : caller.pause_for_entries(number, retry, deadline);
        if (!pause) co_return fail(**refused);
        co_await sleep_until(timers, clock.now() + *pause);
    }
}

// All outlive it: the caller waits for `sent`.
task<void> send_into(aws::SqsCaller& caller, Executor& timers, const Clock& clock,
                     std::vector<queue::WaitingMessage> batch, std::promise<Result<void>>& sent) {
    sent.set_value(co_await send_batch(caller, timers, clock, std::move(batch)));
}

}  // namespace

Result<void> QueueMover::send_page(aws::SqsCaller& caller, std::vector<queue::WaitingMessage> page) {
    std::deque<std::promise<Result<void>>> sent;
    for (auto& batch : batches_of(std::move(page))) {
        auto& promise = sent.emplace_back();
        loop_.spawn(send_into(caller, loop_.executor(), clock_, std::move(batch), promise));
    }
    Result<void> all;
    for (auto& promise : sent) {
        auto one = promise.get_future().get();
        if (!one && all) all = std::move(one);
    }
    return all;
}

Result<void> QueueMover::move(queue::JournalReader& journal, const queue::ReadableQueue& from, const std::string& to,
                              std::uint64_t after, const Acknowledged& acknowledged) {
    const auto caller = target_.make_caller(to, patient());
    for (;;) {
        auto page = journal.read(from, after, page_messages);
        if (!page) return fail(std::move(page).error());
        if (page->empty()) return {};
        after = page->back().sequence;
        const auto messages = page->size();
        if (auto sent = send_page(*caller, *std::move(page)); !sent) return sent;
        if (auto told = acknowledged(after, messages); !told) return told;
    }
}

}  // namespace orderflow
