#include "worker-service/queue_consumer.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "libs/base/safeguard.hpp"

namespace orderflow::worker {

using orders::Fate;
using orders::ReceiptHandle;
using orders::ReceivedMessage;
using orders::VisibilityChange;

QueueConsumer::QueueConsumer(std::string name, orders::MessageQueue& queue, MessageHandler& handler, Admit admit,
                             orders::LoopParts loop, Entropy& entropy, ConsumerPolicy policy, WorkerObserver& observer)
    : name_(std::move(name)),
      queue_(queue),
      handler_(handler),
      admit_(std::move(admit)),
      loop_(std::move(loop)),
      entropy_(entropy),
      policy_(policy),
      observer_(observer),
      removals_(loop_, [this](std::vector<ReceiptHandle> receipts) { return call_remove(std::move(receipts)); },
                {queue_.limits().entries, policy_.queue_calls_max, policy_.linger}),
      changes_(loop_, [this](std::vector<VisibilityChange> changes) { return call_change(std::move(changes)); },
               {queue_.limits().entries, policy_.queue_calls_max, policy_.linger}),
      leases_(loop_, policy_.lease,
              [this](ReceiptHandle receipt, std::chrono::seconds timeout) {
                  return changes_.submit(VisibilityChange{std::move(receipt), timeout});
              }),
      gate_(loop_.timers),
      room_(loop_.timers),
      window_(safeguard(Safeguard::slow_start) ? std::min(policy_.in_progress_first, policy_.in_progress_max)
                                               : policy_.in_progress_max) {}

void QueueConsumer::start() {
    polls_.resize(policy_.receives);
    for (std::size_t i = 0; i < policy_.receives; ++i) loop_.spawn(receive_loop(i, gate_.enter()));
}

void QueueConsumer::widen(std::size_t by) {
    if (window_ == policy_.in_progress_max) return;
    window_ = std::min(window_ + by, policy_.in_progress_max);
    room_.notify();
}

void QueueConsumer::watch(Instant now) {
    const auto stalled = static_cast<std::size_t>(std::ranges::count_if(
        polls_, [&](const PollState& poll) { return is_stalled(poll, now, policy_.receive_limit); }));
    if (std::exchange(stalled_, stalled) != stalled) observer_.receives_stalled(name_, stalled);
}

void QueueConsumer::pause(PausedBy by) {
    if (std::exchange(paused_by_, paused_by_ | std::to_underlying(by)) != 0) return;
    asking_.request_stop();
    observer_.paused(name_, true);
}

void QueueConsumer::resume(PausedBy by) {
    if (!is_paused()) return;
    paused_by_ &= ~unsigned{std::to_underlying(by)};
    if (is_paused()) return;
    if (!receiving_.stop_requested()) asking_ = std::stop_source();
    observer_.paused(name_, false);
    room_.notify();
}

void QueueConsumer::limit(std::size_t in_progress_max) {
    policy_.in_progress_max = std::max<std::size_t>(in_progress_max, 1);
    const bool narrower = policy_.in_progress_max < window_;
    window_ = std::min(window_, policy_.in_progress_max);
    // What is outstanding asks for as many as there was room for before.
    if (narrower && !is_paused() && !receiving_.stop_requested()) {
        asking_.request_stop();
        asking_ = std::stop_source();
    }
    room_.notify();
}

void QueueConsumer::stop_receiving() {
    receiving_.request_stop();
    asking_.request_stop();
}

task<bool> QueueConsumer::drain_until(Instant until) {
    stop_receiving();
    co_return co_await gate_.drain_until(until);
}

void QueueConsumer::abandon() {
    abandon_.request_stop();
    removals_.hurry();
    changes_.hurry();
}

void QueueConsumer::give_back() {
    abandon_.request_stop();
    abandon_ = std::stop_source();
}

task<void> QueueConsumer::receive_loop(std::size_t place, Gate::Pass pass) {
    const auto stop = receiving_.get_token();
    std::uint32_t failures = 0;
    while (!stop.stop_requested()) {
        const auto places = is_paused() ? 0 : reserve();
        const auto now = loop_.clock.now();
        if (places == 0) {
            co_await room_.wait_until(now + policy_.long_poll, stop);
            continue;
        }
        orders::ReceiveRequest request;
        request.max_messages = static_cast<std::uint32_t>(places);
        request.wait = policy_.long_poll;
        request.visibility_timeout = policy_.lease.timeout;
        request.stop = asking_.get_token();
        polls_[place] = {.asking = true, .since = now};
        auto received = co_await queue_.receive(std::move(request));
        polls_[place].asking = false;
        if (received) {
            failures = 0;
            observer_.queue_answered(name_, "receive");
            take_in(*std::move(received), now, places);
            continue;
        }
        free(places);
        observer_.queue_failed(name_, "receive", received.error());
        const auto wait = orders::full_jitter(policy_.queue_retry, failures++, entropy_);
        co_await sleep_until(loop_.timers, loop_.clock.now() + wait, stop);
    }
}

// Places for one receive, taken before it is sent: what it brings always has room.
std::size_t QueueConsumer::reserve() {
    const auto taken = in_progress_ + reserved_;
    const auto room = window_ - std::min(taken, window_);
    // No single receive takes the places of all: several stay outstanding whatever the queue's own bound is.
    const auto share = std::max<std::size_t>(1, window_ / std::max<std::size_t>(1, policy_.receives));
    const auto wanted = std::min({room, share, queue_.limits().entries});
    const auto places = wanted > 0 ? admit_(wanted) : 0;
    reserved_ += places;
    return places;
}

void QueueConsumer::free(std::size_t places) {
    reserved_ -= places;
    room_.notify();
}

void QueueConsumer::take_in(std::vector<ReceivedMessage> messages, Instant asked_at, std::size_t reserved) {
    if (!messages.empty()) observer_.received(name_, messages.size());
    for (auto& message : messages) {
        ++in_progress_;
        // Named first: a closed gate is a bug here, as the receive loop itself holds it open.
        const auto lease = leases_.hold(message.receipt, asked_at);
        loop_.spawn(work_on(Work(std::move(message), lease), gate_.enter()));
    }
    free(reserved);
    observer_.in_progress(name_, in_progress_);
}

task<void> QueueConsumer::work_on(Work work, Gate::Pass pass) {
    const auto began = loop_.clock.now();
    const auto id = work.message.id;
    const auto receive_count = work.message.receive_count;
    auto receipt = work.message.receipt;
    if (!safeguard(Safeguard::remove_after_commit)) co_await remove(receipt, began + policy_.lease.timeout);
    auto handled = co_await handle(std::move(work.message));
    observer_.processed(MessageReport{name_, id, receive_count, handled.order ? &*handled.order : nullptr, handled.fate,
                                      loop_.clock.now() - began, handled.trace ? &*handled.trace : nullptr});
    const auto ours_until = co_await leases_.release(work.lease);
    if (ours_until) {
        co_await dispose(std::move(receipt), std::move(handled.fate), *ours_until);
    } else {
        observer_.lease_lost(name_);
    }
    --in_progress_;
    observer_.in_progress(name_, in_progress_);
    room_.notify();
}

// Exceptions are bugs or lack of memory: caught once per message, so that they end this message's work alone.
task<Handled> QueueConsumer::handle(ReceivedMessage message) {
    if (receiving_.stop_requested() || is_paused()) co_return Handled(Fate(Fate::Kind::give_back), std::nullopt);
    const auto receive_count = message.receive_count;
    std::string what;
    try {
        co_return co_await handler_.handle(std::move(message), abandon_.get_token());
    } catch (const std::exception& thrown) {
        what = thrown.what();
    }
    observer_.threw(name_, what);
    Fate fate(Fate::Kind::retry);
    fate.code = "worker.exception";
    fate.delay = orders::full_jitter(orders::BackoffPolicy{}, receive_count, entropy_);
    co_return Handled(std::move(fate), std::nullopt);
}

task<void> QueueConsumer::dispose(ReceiptHandle receipt, Fate fate, Instant ours_until) {
    switch (fate.kind) {
        case Fate::Kind::remove: co_await remove(std::move(receipt), ours_until); break;
        case Fate::Kind::retry: co_await make_visible(std::move(receipt), fate.delay); break;
        case Fate::Kind::give_back: co_await make_visible(std::move(receipt), 0s); break;
    }
}

// Repeated while the lease is ours: a message that is not deleted comes again, which costs work but changes nothing.
task<void> QueueConsumer::remove(ReceiptHandle receipt, Instant until) {
    for (std::uint32_t failures = 0;; ++failures) {
        const auto removed = co_await removals_.submit(receipt);
        if (removed || orders::reaction_to(removed.error().kind()) == orders::Reaction::park) co_return;
        const auto again = loop_.clock.now() + orders::full_jitter(policy_.queue_retry, failures, entropy_);
        if (again >= until || abandon_.stop_requested()) co_return;
        co_await sleep_until(loop_.timers, again, abandon_.get_token());
    }
}

// Once: when it fails the lease runs out by itself, which is a backoff too.
task<void> QueueConsumer::make_visible(ReceiptHandle receipt, std::chrono::milliseconds after) {
    (void)co_await changes_.submit(
        VisibilityChange{std::move(receipt), std::chrono::ceil<std::chrono::seconds>(after)});
}

void QueueConsumer::tell(std::string_view call, const Result<std::vector<Result<void>>>& answers) {
    answers ? observer_.queue_answered(name_, call) : observer_.queue_failed(name_, call, answers.error());
}

task<Result<std::vector<Result<void>>>> QueueConsumer::call_remove(std::vector<ReceiptHandle> receipts) {
    auto answers = co_await queue_.remove(std::move(receipts));
    tell("remove", answers);
    co_return answers;
}

task<Result<std::vector<Result<void>>>> QueueConsumer::call_change(std::vector<VisibilityChange> changes) {
    auto answers = co_await queue_.change_visibility(std::move(changes));
    tell("change_visibility", answers);
    co_return answers;
}

}  // namespace orderflow::worker
