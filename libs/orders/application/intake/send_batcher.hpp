// SendBatcher: joins the messages of concurrent requests into batches for one queue.
//
// A message that comes while fewer than `sends_in_flight` sends are under way leaves at once; later ones collect and
// leave together as soon as a send has ended. So there is no artificial delay, and batches grow with the load. Entries
// that failed go again with the same body, with full jitter, until their deadline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "libs/async/gate.hpp"
#include "libs/async/sleep.hpp"
#include "libs/async/task.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/application/intake/intake_observer.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::orders {

struct SendPolicy {
    std::size_t sends_in_flight = 4;
    BootClock::duration first_backoff = 20ms;  // doubled for every try of an entry
    BootClock::duration backoff_max = 500ms;
};

// For one loop: call it there and await there. The queue, entropy and observer outlive it.
class SendBatcher {
  public:
    SendBatcher(MessageQueue& queue, LoopParts loop, Entropy& entropy, SendPolicy policy, IntakeObserver& observer);
    // After drain_until() gave true: requests that wait and calls of the queue refer to it.
    ~SendBatcher();
    SendBatcher(const SendBatcher&) = delete;
    SendBatcher& operator=(const SendBatcher&) = delete;

    // The message is on disk (or in Amazon SQS) when it returns without error. Answers at `deadline` at the latest.
    // unavailable "queue-unavailable": the queue certainly has it not; "outcome-unknown": it may have it, sending the
    // same order again is safe; "draining": after drain_until(). internal "message-refused": the queue will never take
    // this body.
    task<Result<void>> send(std::string body, Instant deadline);

    // What waits here for an answer of the queue.
    std::size_t waiting_messages() const noexcept { return waiting_messages_; }
    std::size_t waiting_bytes() const noexcept { return waiting_bytes_; }

    // Takes no more, waits for what is inside and for the calls of the queue. False when `until` came first. Every
    // request is answered by its deadline, so what is left then is a call that the queue has not ended.
    task<bool> drain_until(Instant until);

  private:
    struct Entry;
    using EntryRef = std::shared_ptr<Entry>;

    void start_pumps();
    task<void> pump();
    std::vector<EntryRef> take_batch();
    void settle(const EntryRef& entry, const Result<void>& answer, bool whole_call);
    void retry_later(const EntryRef& entry);
    void expire(const EntryRef& entry);
    void answer(Entry& entry, Result<void> result);

    MessageQueue& queue_;
    LoopParts loop_;
    Entropy& entropy_;
    SendPolicy policy_;
    IntakeObserver& observer_;
    std::deque<EntryRef> ready_;
    std::size_t pumps_ = 0;
    std::size_t waiting_messages_ = 0;
    std::size_t waiting_bytes_ = 0;
    Gate gate_;
    Signal pump_ended_;
};

}  // namespace orderflow::orders
