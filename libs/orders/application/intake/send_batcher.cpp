#include "libs/orders/application/intake/send_batcher.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace orderflow::orders {

// One message with the request that waits for it. Timers hold an entry, and so its body, until they fire: what is
// answered cancels them.
struct SendBatcher::Entry {
    explicit Entry(std::string b) : body(std::move(b)) {}
    std::string body;
    std::optional<Completion<Result<void>>> waiter;  // empty once answered
    Executor::TimerId deadline_timer = Executor::TimerId::none;
    Executor::TimerId retry_timer = Executor::TimerId::none;
    unsigned tries = 0;
    bool in_flight = false;
    bool maybe_sent = false;  // a call ended without saying whether the queue has it
};

SendBatcher::SendBatcher(MessageQueue& queue, LoopParts loop, Entropy& entropy, SendPolicy policy,
                         IntakeObserver& observer)
    : queue_(queue),
      loop_(std::move(loop)),
      entropy_(entropy),
      policy_(policy),
      observer_(observer),
      gate_(loop_.timers),
      pump_ended_(loop_.timers) {}

SendBatcher::~SendBatcher() = default;

task<Result<void>> SendBatcher::send(std::string body, Instant deadline) {
    const auto pass = gate_.enter();
    if (!pass) co_return fail(ErrorKind::unavailable, "draining", "The service is stopping. Nothing was handed over.");
    const auto bytes = body.size();
    ++waiting_messages_;
    waiting_bytes_ += bytes;
    // The entry owns this coroutine through its waiter: it is made here and not kept in a local.
    auto result = co_await await_completion<Result<void>>([&](Completion<Result<void>> waiter) {
        const auto entry = std::make_shared<Entry>(std::move(body));
        entry->waiter.emplace(std::move(waiter));
        entry->deadline_timer = loop_.timers.post_at(deadline, [this, entry] { expire(entry); });
        ready_.push_back(entry);
        start_pumps();
    });
    --waiting_messages_;
    waiting_bytes_ -= bytes;
    co_return result;
}

task<bool> SendBatcher::drain_until(Instant until) {
    if (!co_await gate_.drain_until(until)) co_return false;
    while (pumps_ > 0) {
        if (co_await pump_ended_.wait_until(until) == Woken::by_time) co_return pumps_ == 0;
    }
    co_return true;
}

void SendBatcher::start_pumps() {
    if (ready_.empty() || pumps_ >= policy_.sends_in_flight) return;
    ++pumps_;
    loop_.spawn(pump());
}

task<void> SendBatcher::pump() {
    for (auto batch = take_batch(); !batch.empty(); batch = take_batch()) {
        std::vector<OutgoingMessage> messages;
        messages.reserve(batch.size());
        for (const auto& entry : batch) messages.emplace_back(entry->body);  // kept: it may have to go again
        const auto began = loop_.clock.now();
        const auto answers = co_await queue_.send(std::move(messages));
        observer_.batch_sent(batch.size(), loop_.clock.now() - began);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (!answers) {
                settle(batch[i], std::unexpected(answers.error()), true);
            } else if (i >= answers->size()) {
                settle(batch[i], fail(ErrorKind::internal, "queue.answer_missing"), true);
            } else if (const auto& one = (*answers)[i]; !one) {
                settle(batch[i], std::unexpected(one.error()), false);
            } else {
                settle(batch[i], {}, false);
            }
        }
    }
    --pumps_;
    pump_ended_.notify();
}

// What waits, up to the limits of the queue; at least one message, however long.
std::vector<SendBatcher::EntryRef> SendBatcher::take_batch() {
    const auto limits = queue_.limits();
    std::vector<EntryRef> batch;
    std::size_t bytes = 0;
    while (!ready_.empty() && batch.size() < std::max<std::size_t>(1, limits.entries)) {
        const auto& next = ready_.front();
        if (next->waiter && !batch.empty() && bytes + next->body.size() > limits.bytes) break;
        if (next->waiter) {
            bytes += next->body.size();
            next->in_flight = true;
            batch.push_back(next);
        }
        ready_.pop_front();
    }
    return batch;
}

void SendBatcher::settle(const EntryRef& entry, const Result<void>& answer_of_queue, bool whole_call) {
    entry->in_flight = false;
    if (!entry->waiter) return;
    if (answer_of_queue) return answer(*entry, {});
    const auto& error = answer_of_queue.error();
    if (!was_refused(error)) entry->maybe_sent = true;
    const bool never = error.kind() == ErrorKind::invalid_input;
    const bool down = whole_call && error.kind() == ErrorKind::unavailable;
    if (entry->maybe_sent || (!never && !down)) return retry_later(entry);
    if (never) return answer(*entry, fail(ErrorKind::internal, "message-refused", error.code()));
    answer(*entry, fail(ErrorKind::unavailable, "queue-unavailable",
                        "The queue takes no orders at the moment. Nothing was ordered."));
}

void SendBatcher::retry_later(const EntryRef& entry) {
    const auto doublings = std::min(entry->tries++, 16U);
    const auto longest = std::min(policy_.backoff_max, policy_.first_backoff * (1U << doublings));
    const BootClock::duration pause(
        static_cast<std::int64_t>(entropy_.below(static_cast<std::uint64_t>(longest.count()) + 1)));
    entry->retry_timer = loop_.timers.post_at(loop_.clock.now() + pause, [this, entry] {
        if (!entry->waiter) return;
        observer_.send_retried();
        ready_.push_back(entry);
        start_pumps();
    });
}

void SendBatcher::expire(const EntryRef& entry) {
    if (!entry->waiter) return;
    if (entry->maybe_sent || entry->in_flight) {
        answer(*entry, fail(ErrorKind::unavailable, "outcome-unknown",
                            "The queue did not answer in time. Send the same request with the same key again."));
    } else {
        answer(*entry, fail(ErrorKind::unavailable, "queue-unavailable",
                            "The queue takes no orders at the moment. Nothing was ordered."));
    }
}

void SendBatcher::answer(Entry& entry, Result<void> result) {
    loop_.timers.cancel(entry.deadline_timer);
    loop_.timers.cancel(entry.retry_timer);
    std::exchange(entry.waiter, std::nullopt)->complete(std::move(result));
}

}  // namespace orderflow::orders
