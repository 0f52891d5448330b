// SqsMessageQueue: the port MessageQueue on Amazon SQS, or on whatever speaks its JSON protocol.
#pragma once

#include <memory>

#include "libs/async/spawner.hpp"
#include "libs/aws/sqs_caller.hpp"
#include "libs/aws/sqs_endpoint.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::aws {

struct SqsQueueOptions {
    // Everything but a receive, repetitions included; a receive has its wait on top of it.
    BootClock::duration call_time = 10s;
    // After a stop a long poll goes on for so long, because its answer may be on its way.
    BootClock::duration stop_grace = 250ms;
    SqsRetryPolicy retry = {};
};

// What differs from a queue inside the process:
//   send     Batches beyond SQS's 10 entries and 1 MiB are split, and the parts sent at the same time. A part that
//   fails
//            is an error of each of its entries; when all parts fail it is one of the whole call. A message whose
//            outcome is open may be on the queue, and twice after a repetition: the order id in it makes that harmless.
//   batches  An entry that fails by itself (SenderFault false, or throttled) is sent again within the retry budget and
//            `call_time`; one that is the sender's fault is answered at once.
//   receive  At most 10 messages, and the wait in whole seconds, rounded up. A stop lets the poll go on for
//            `stop_grace` and then breaks the connection: messages that the server hands out in that moment are lost to
//            this receiver and come again when their visibility timeout ends, with a receive spent.
//   counts   `oldest_age` is never known: SQS tells it to CloudWatch alone. `full` is never true.
// Errors are those of SqsCaller::call() and of check_outgoing().
class SqsMessageQueue final : public orders::MessageQueue {
  public:
    // Calls may come from any executor; the work is done on the loop of `spawn`, which is the transport's. No call is
    // outstanding when the queue is destroyed.
    SqsMessageQueue(Spawner spawn, SqsCaller::Parts parts, SqsEndpoint endpoint, SqsQueueOptions options = {});
    ~SqsMessageQueue() override;

    orders::BatchLimits limits() const override;
    bool tells_age() const override { return false; }
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override;
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest request) override;
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle> receipts) override;
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override;
    task<Result<orders::QueueCounts>> counts() override;

    // What is left for repetitions, for metrics. On the loop.
    int retry_budget() const noexcept;

  private:
    struct Work;
    std::unique_ptr<Work> work_;
};

}  // namespace orderflow::aws
