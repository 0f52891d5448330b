// FaultyQueue: a queue as a worker or an API meets it over a network: answers are lost, messages come twice, late, out
// of order and long after they were deleted. Nothing is lost: what it keeps back comes again when its lease has ended.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "libs/orders/ports/message_queue.hpp"
#include "tests/simulation/copies.hpp"
#include "tests/simulation/life.hpp"
#include "tests/simulation/mischief.hpp"
#include "tests/simulation/trace.hpp"

namespace orderflow::simulation {

// For the threads of SimThreads. Everything it is given outlives it.
class FaultyQueue final : public orders::MessageQueue {
  public:
    FaultyQueue(std::string name, orders::MessageQueue& inner, Copies& copies, Mischief& mischief, Entropy& dice,
                const Life& life, Trace& trace)
        : name_(std::move(name)),
          inner_(inner),
          copies_(copies),
          mischief_(mischief),
          dice_(dice),
          life_(life),
          trace_(trace) {}

    orders::BatchLimits limits() const override { return inner_.limits(); }
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override;
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest request) override;
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle> receipts) override;
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override;
    task<Result<orders::QueueCounts>> counts() override;

  private:
    using Messages = std::vector<orders::ReceivedMessage>;

    Messages disorder(Messages messages, std::size_t most);
    orders::ReceivedMessage copy_of(const orders::ReceivedMessage& message);

    std::string name_;
    orders::MessageQueue& inner_;
    Copies& copies_;
    Mischief& mischief_;
    Entropy& dice_;
    const Life& life_;
    Trace& trace_;
    std::deque<orders::ReceivedMessage> late_;
    std::deque<orders::ReceivedMessage> seen_;
};

}  // namespace orderflow::simulation
