// LambdaBatch: the records of one invocation of a Lambda function, handed out and taken back through the port
// MessageQueue, so that what works on queues works on them.
//
// Lambda itself receives from the queue and deletes: a message that was removed here is one that is not reported as
// failed. The lease is Lambda's too, for the time-out of the function and longer, so nobody extends it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/aws/lambda_event.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::aws {

// For one loop: every call, those of its queues too, except send() and counts().
class LambdaBatch {
  public:
    // `timers`, of the loop, outlives it.
    explicit LambdaBatch(Executor& timers) : opened_(timers), settled_(timers) {}
    LambdaBatch(const LambdaBatch&) = delete;
    LambdaBatch& operator=(const LambdaBatch&) = delete;

    // Hands out the records of the next invocation. What is left of an older one is forgotten.
    void open(std::vector<LambdaRecord> records);
    // True when every record was removed or given back; false when `until` comes first.
    task<bool> settled_by(Instant until);
    // What was not handed out yet is not handed out any more: given back.
    void withhold();
    // Those that were not removed, in the order of the event. From then on they are unknown: what is still done with
    // them has no effect.
    std::vector<orders::MessageId> close();

  private:
    friend class LambdaBatchQueue;
    enum class State : std::uint8_t { waiting, handed_out, returned, removed };
    struct Entry {
        LambdaRecord record;
        State state = State::waiting;
    };

    std::vector<orders::ReceivedMessage> take(std::string_view queue, std::size_t most);
    // False when no such record is open.
    bool end(const orders::ReceiptHandle& receipt, State state);

    std::vector<Entry> entries_;
    std::map<std::string, std::size_t, std::less<>> place_of_;  // by receipt
    std::size_t open_ = 0;                                      // neither removed nor given back
    Signal opened_;
    Signal settled_;
};

// One queue of the batch.
//   receive            what the event has of this queue. One that waits while an invocation begins ends with nothing:
//                      a function is frozen between two of them, and a lease counts from the moment of the asking.
//   remove             the record is done
//   change_visibility  the record failed; the queue itself is told the time, so that the message comes again after it
//                      and not when the long lease of the function is over. When that fails, it does then. So does one
//                      that is given back at once: its worker could not work, and Lambda would bring it again and again
//                      until its receives are used up; the long lease makes them last for an hour.
//   send, counts       the queue's own
class LambdaBatchQueue final : public orders::MessageQueue {
  public:
    // `name`: as records have it. All outlive it. `itself`: the queue that Lambda receives from.
    LambdaBatchQueue(LambdaBatch& batch, std::string name, orders::MessageQueue& itself, const Clock& clock)
        : batch_(batch), name_(std::move(name)), itself_(itself), clock_(clock) {}

    orders::BatchLimits limits() const override { return itself_.limits(); }
    bool tells_age() const override { return itself_.tells_age(); }
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override {
        return itself_.send(std::move(messages));
    }
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest request) override;
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle> receipts) override;
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override;
    task<Result<orders::QueueCounts>> counts() override { return itself_.counts(); }

    const std::string& name() const noexcept { return name_; }

  private:
    LambdaBatch& batch_;
    std::string name_;
    orders::MessageQueue& itself_;
    const Clock& clock_;
};

}  // namespace orderflow::aws
