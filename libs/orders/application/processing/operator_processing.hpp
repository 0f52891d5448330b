// OperatorProcessing: the flow of an operator's command from its message to its record.
//
//   operate(command) -> again: the next page
//                    -> send: the messages go to their queues, operate(LettersSent), then the next page
//                    -> finished
//
// A command may take hours: its record lets any worker go on with it, so that this one lets it go when it stops, and
// before the queue would give the message to another beside it.
//
// Messages are sent between two transactions. A worker that dies in between leaves letters open that were sent; the
// next delivery sends them again, which a message of an order bears (docs/adr/0015-operator-commands.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/application/processing/fate.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "libs/orders/ports/operator_store.hpp"

namespace orderflow::orders {

struct OperatorPolicy {
    BackoffPolicy retry;
    // Of one worker with one command; then its message is given back. Shorter than a message may be held: else it comes
    // to another beside this one, and its rate is doubled.
    BootClock::duration turn_max;
};

// For one loop; everything it is given outlives it.
class OperatorProcessing {
  public:
    // The queue that a letter's message goes to.
    using QueueOf = std::function<MessageQueue&(const OutgoingLetter& letter)>;

    OperatorProcessing(OperatorStore& store, QueueOf queue_of, LoopParts loop, Entropy& entropy, OperatorPolicy policy)
        : store_(store), queue_of_(std::move(queue_of)), loop_(std::move(loop)), entropy_(entropy), policy_(policy) {}

    // A store or a queue that is down makes the command's message come again. A stop, of this command or of all, gives
    // it back between two pages.
    task<Fate> process(OperatorCommand command, std::uint32_t receive_count, std::stop_token stop);

    // The worker takes no more work: commands under way are given back at their next page.
    void stop() { stopping_.request_stop(); }

  private:
    struct Sent {
        std::vector<SentLetter> letters;
        std::string refusal;  // of a message that its queue will never take
        std::string failure;  // of one that it may take later
    };
    task<Sent> send(std::vector<OutgoingLetter> letters);
    task<void> send_batch(MessageQueue& queue, std::vector<OutgoingLetter> letters, Sent& sent);
    task<Fate> carry_out(OperatorCommand command, std::uint32_t receive_count, std::stop_token stop);
    // After so many letters of a command that has a rate.
    task<void> keep_rate(const OperatorCommand& command, std::size_t letters, std::stop_token stop);
    Fate retry(std::string code, std::uint32_t receive_count);

    OperatorStore& store_;
    QueueOf queue_of_;
    LoopParts loop_;
    Entropy& entropy_;
    OperatorPolicy policy_;
    std::stop_source stopping_;
};

}  // namespace orderflow::orders
