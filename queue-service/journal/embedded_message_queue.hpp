// EmbeddedMessageQueue: the port MessageQueue on a queue inside this process: no network, the same guarantees.
#pragma once

#include "libs/orders/ports/message_queue.hpp"
#include "queue-service/journal/durable_queues.hpp"

namespace orderflow::queue {

// Its leases belong to this process: they end when it ends, and their counts stay. `queues` outlives the adapter.
class EmbeddedMessageQueue final : public orders::MessageQueue {
  public:
    EmbeddedMessageQueue(DurableQueues& queues, QueueNo queue) : queues_(queues), queue_(queue) {}

    orders::BatchLimits limits() const override;
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override;
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest request) override;
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle> receipts) override;
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override;
    task<Result<orders::QueueCounts>> counts() override;

  private:
    DurableQueues& queues_;
    QueueNo queue_;
};

}  // namespace orderflow::queue
