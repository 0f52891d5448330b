#include "libs/aws/sqs_message_queue.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "libs/async/completion.hpp"
#include "libs/async/sleep.hpp"
#include "libs/aws/sqs_codec.hpp"

namespace orderflow::aws {

namespace {

using orders::MessageId;
using orders::OutgoingMessage;
using orders::ReceiptHandle;
using orders::ReceivedMessage;
using orders::ReceiveRequest;
using orders::VisibilityChange;

template <class T>
using Entries = Result<std::vector<Result<T>>>;

constexpr orders::BatchLimits port_limits = {.entries = 100, .bytes = 4 * sqs_batch_bytes};
constexpr std::chrono::seconds wait_max = 20s;
constexpr std::chrono::seconds visibility_max = 12h;

std::unexpected<Error> invalid(std::string code) { return fail(ErrorKind::invalid_input, std::move(code)); }

// Places of the entries of one request.
using Part = std::vector<std::size_t>;

// In order; each part within the limits of one request. `bytes_of(place)` counts towards sqs_batch_bytes.
template <class Bytes>
std::vector<Part> split(const std::vector<std::size_t>& places, Bytes bytes_of) {
    std::vector<Part> parts;
    std::size_t bytes = 0;
    for (const auto place : places) {
        const auto more = bytes_of(place);
        if (parts.empty() || parts.back().size() == sqs_batch_entries || bytes + more > sqs_batch_bytes) {
            parts.emplace_back();
            bytes = 0;
        }
        bytes += more;
        parts.back().push_back(place);
    }
    return parts;
}

template <class Entry>
std::vector<Entry> entries_of(const std::vector<Entry>& all, const Part& part) {
    std::vector<Entry> out;
    out.reserve(part.size());
    for (const auto place : part) out.push_back(all[place]);
    return out;
}

// What several tasks of one loop give, in their order.
template <class T>
class Gathering {
  public:
    Gathering(Executor& timers, std::size_t count) : done_(timers), results_(count), left_(count) {}
    static task<void> one(std::shared_ptr<Gathering> self, std::size_t at, task<T> work) {
        self->results_[at].emplace(co_await std::move(work));
        if (--self->left_ == 0) self->done_.notify();
    }
    // Each task has a deadline of its own.
    task<std::vector<std::optional<T>>> all() {
        while (left_ > 0) co_await done_.wait_until(Instant::max());
        co_return std::move(results_);
    }

  private:
    Signal done_;
    std::vector<std::optional<T>> results_;
    std::size_t left_;
};

// Puts the answers of parts into their places of `into`. When all parts failed, it is one failure: the one that leaves
// the outcome open when there is such a one.
template <class T>
Result<void> merge(std::vector<std::optional<Result<T>>>& into, const std::vector<Part>& parts,
                   std::vector<std::optional<Entries<T>>> answers) {
    const auto failed = [](const std::optional<Entries<T>>& answer) { return !*answer; };
    const bool nothing_else = std::ranges::none_of(into, [](const auto& one) { return one.has_value(); });
    if (nothing_else && std::ranges::all_of(answers, failed)) {
        const auto open = std::ranges::find_if(
            answers, [](const std::optional<Entries<T>>& answer) { return !orders::was_refused(answer->error()); });
        return fail(std::move(**(open == answers.end() ? answers.begin() : open)).error());
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto& answer = *answers[i];
        for (std::size_t k = 0; k < parts[i].size(); ++k) {
            into[parts[i][k]] = answer ? std::move((*answer)[k]) : Result<T>(std::unexpected(answer.error()));
        }
    }
    return {};
}

// Why an entry that failed by itself may be sent again. An entry that is the sender's fault stays wrong.
SqsRetry retry_of(const Error& error) {
    if (error.code() == "queue.throttled") return SqsRetry::throttled;
    return error.code() == "queue.outcome_unknown" ? SqsRetry::transient : SqsRetry::never;
}

// The entries to send again, and whether one of them was throttled.
template <class T>
std::pair<Part, SqsRetry> repeatable(const std::vector<Result<T>>& answers) {
    Part part;
    auto why = SqsRetry::transient;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto retry = answers[i] ? SqsRetry::never : retry_of(answers[i].error());
        if (retry == SqsRetry::never) continue;
        part.push_back(i);
        if (retry == SqsRetry::throttled) why = retry;
    }
    return {std::move(part), why};
}

// An attempt that may have been carried out is not undone by a later one that was refused.
template <class T>
void take_later(Result<T>& first, Result<T> later) {
    const bool first_is_open = !orders::was_refused(first.error());
    if (later || !first_is_open || later.error().kind() == ErrorKind::invalid_input ||
        !orders::was_refused(later.error())) {
        first = std::move(later);
    }
}

template <class T>
Entries<T> finished(std::vector<std::optional<Result<T>>> results) {
    std::vector<Result<T>> out;
    out.reserve(results.size());
    for (auto& result : results) out.push_back(std::move(*result));
    return out;
}

template <class T>
task<void> complete(task<T> work, Completion<T> done) {
    done.complete(co_await std::move(work));
}

// Runs on the loop of `spawn`; the caller resumes on its own.
template <class T>
task<T> on_loop(Spawner spawn, task<T> work) {
    co_return co_await await_completion<T>(
        [&](Completion<T> done) { spawn(complete(std::move(work), std::move(done))); });
}

}  // namespace

struct SqsMessageQueue::Work {
    Work(Spawner loop, SqsCaller::Parts parts, SqsEndpoint endpoint, SqsQueueOptions o)
        : spawn(std::move(loop)),
          timers(parts.timers),
          clock(parts.clock),
          caller(std::move(parts), std::move(endpoint), o.retry),
          options(o) {}

    task<Result<std::string>> call(SqsAction action, std::string body, Instant deadline) {
        return caller.call(action, std::move(body), deadline, {}, {});
    }

    task<Entries<MessageId>> send_part(std::vector<OutgoingMessage> messages, Instant deadline) {
        const auto answer =
            co_await call(SqsAction::send_message_batch, write_send_batch(caller.queue_url(), messages), deadline);
        if (!answer) co_return fail(answer.error());
        co_return read_send_batch(*answer, messages);
    }
    task<Entries<void>> remove_part(std::vector<ReceiptHandle> receipts, Instant deadline) {
        const auto answer =
            co_await call(SqsAction::delete_message_batch, write_remove_batch(caller.queue_url(), receipts), deadline);
        if (!answer) co_return fail(answer.error());
        co_return read_entries(*answer, receipts.size());
    }
    task<Entries<void>> change_part(std::vector<VisibilityChange> changes, Instant deadline) {
        const auto answer = co_await call(SqsAction::change_message_visibility_batch,
                                          write_visibility_batch(caller.queue_url(), changes), deadline);
        if (!answer) co_return fail(answer.error());
        co_return read_entries(*answer, changes.size());
    }

    // `run` is one of the three above. Entries that fail by themselves, and not by their sender's fault, are sent again
    // as long as attempts, budget and the time of the call last.
    template <class T, class Entry>
    task<Entries<T>> part(std::vector<Entry> entries, task<Entries<T>> (Work::*run)(std::vector<Entry>, Instant)) {
        const auto deadline = clock.now() + options.call_time;
        auto answers = co_await (this->*run)(entries, deadline);
        for (unsigned number = 1; answers; ++number) {
            const auto [failed, why] = repeatable(*answers);
            if (failed.empty()) break;
            const auto pause = caller.pause_for_entries(number, why, deadline);
            if (!pause) break;
            co_await sleep_until(timers, clock.now() + *pause);
            auto again = co_await (this->*run)(entries_of(entries, failed), deadline);
            for (std::size_t i = 0; i < failed.size(); ++i) {
                take_later((*answers)[failed[i]],
                           again ? std::move((*again)[i]) : Result<T>(fail(Error(again.error()))));
            }
            if (!again) break;
        }
        co_return answers;
    }

    // All parts at the same time.
    template <class T, class Entry>
    task<Entries<T>> in_parts(std::vector<Entry> entries, std::vector<std::optional<Result<T>>> results,
                              std::vector<Part> parts, task<Entries<T>> (Work::*run)(std::vector<Entry>, Instant)) {
        if (!parts.empty()) {
            const auto gathering = std::make_shared<Gathering<Entries<T>>>(timers, parts.size());
            for (std::size_t i = 0; i < parts.size(); ++i) {
                spawn(Gathering<Entries<T>>::one(gathering, i, part<T, Entry>(entries_of(entries, parts[i]), run)));
            }
            auto merged = merge(results, parts, co_await gathering->all());
            if (!merged) co_return fail(std::move(merged).error());
        }
        co_return finished(std::move(results));
    }

    task<Result<std::vector<ReceivedMessage>>> receive(ReceiveRequest request);
    task<Result<orders::QueueCounts>> counts();

    Spawner spawn;
    Executor& timers;
    const Clock& clock;
    SqsCaller caller;
    SqsQueueOptions options;
};

task<Result<std::vector<ReceivedMessage>>> SqsMessageQueue::Work::receive(ReceiveRequest request) {
    if (request.stop.stop_requested()) co_return std::vector<ReceivedMessage>();
    std::stop_source cut;
    // A stop may come from any thread; the cut is made on the loop.
    const std::stop_callback on_stop(request.stop, [this, cut] {
        timers.post_at(clock.now() + options.stop_grace, [cut]() mutable { cut.request_stop(); });
    });
    const auto server_time = std::chrono::ceil<std::chrono::seconds>(request.wait);
    const auto deadline = clock.now() + options.call_time + server_time;
    const auto answer = co_await caller.call(SqsAction::receive_message, write_receive(caller.queue_url(), request),
                                             deadline, server_time, cut.get_token());
    if (!answer && request.stop.stop_requested()) co_return std::vector<ReceivedMessage>();
    if (!answer) co_return fail(answer.error());
    co_return read_received(*answer);
}

task<Result<orders::QueueCounts>> SqsMessageQueue::Work::counts() {
    const auto answer = co_await call(SqsAction::get_queue_attributes, write_get_counts(caller.queue_url()),
                                      clock.now() + options.call_time);
    if (!answer) co_return fail(answer.error());
    co_return read_counts(*answer);
}

SqsMessageQueue::SqsMessageQueue(Spawner spawn, SqsCaller::Parts parts, SqsEndpoint endpoint, SqsQueueOptions options)
    : work_(std::make_unique<Work>(std::move(spawn), std::move(parts), std::move(endpoint), options)) {}
SqsMessageQueue::~SqsMessageQueue() = default;

orders::BatchLimits SqsMessageQueue::limits() const { return port_limits; }

task<Entries<MessageId>> SqsMessageQueue::send(std::vector<OutgoingMessage> messages) {
    if (messages.empty()) co_return invalid("queue.batch_empty");
    std::size_t bytes = 0;
    for (const auto& message : messages) bytes += message.body.size();
    // One message that is too long by itself is that entry's own error.
    if (messages.size() > port_limits.entries || (messages.size() > 1 && bytes > port_limits.bytes)) {
        co_return invalid("queue.batch_too_large");
    }
    std::vector<std::optional<Result<MessageId>>> results(messages.size());
    std::vector<std::size_t> good;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (auto checked = check_outgoing(messages[i]); !checked) {
            results[i] = std::unexpected(std::move(checked).error());
        } else {
            good.push_back(i);
        }
    }
    auto parts = split(good, [&](std::size_t place) { return messages[place].body.size(); });
    co_return co_await on_loop(work_->spawn,
                               work_->in_parts<MessageId, OutgoingMessage>(std::move(messages), std::move(results),
                                                                           std::move(parts), &Work::send_part));
}

task<Result<std::vector<ReceivedMessage>>> SqsMessageQueue::receive(ReceiveRequest request) {
    if (request.wait < 0s || request.wait > wait_max) co_return invalid("queue.wait_invalid");
    if (request.max_messages == 0) co_return invalid("queue.max_messages_invalid");
    if (request.visibility_timeout &&
        (*request.visibility_timeout < 0s || *request.visibility_timeout > visibility_max)) {
        co_return invalid("queue.visibility_timeout_invalid");
    }
    co_return co_await on_loop(work_->spawn, work_->receive(std::move(request)));
}

task<Entries<void>> SqsMessageQueue::remove(std::vector<ReceiptHandle> receipts) {
    if (receipts.empty()) co_return invalid("queue.batch_empty");
    if (receipts.size() > port_limits.entries) co_return invalid("queue.batch_too_large");
    std::vector<std::optional<Result<void>>> results(receipts.size());
    std::vector<std::size_t> all(receipts.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    auto parts = split(all, [](std::size_t) { return std::size_t{0}; });
    co_return co_await on_loop(
        work_->spawn, work_->in_parts<void, ReceiptHandle>(std::move(receipts), std::move(results), std::move(parts),
                                                           &Work::remove_part));
}

task<Entries<void>> SqsMessageQueue::change_visibility(std::vector<VisibilityChange> changes) {
    if (changes.empty()) co_return invalid("queue.batch_empty");
    if (changes.size() > port_limits.entries) co_return invalid("queue.batch_too_large");
    std::vector<std::optional<Result<void>>> results(changes.size());
    std::vector<std::size_t> good;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].timeout < 0s || changes[i].timeout > visibility_max) {
            results[i] = invalid("queue.visibility_timeout_invalid");
        } else {
            good.push_back(i);
        }
    }
    auto parts = split(good, [](std::size_t) { return std::size_t{0}; });
    co_return co_await on_loop(
        work_->spawn, work_->in_parts<void, VisibilityChange>(std::move(changes), std::move(results), std::move(parts),
                                                              &Work::change_part));
}

task<Result<orders::QueueCounts>> SqsMessageQueue::counts() {
    co_return co_await on_loop(work_->spawn, work_->counts());
}

int SqsMessageQueue::retry_budget() const noexcept { return work_->caller.budget().left(); }

}  // namespace orderflow::aws
