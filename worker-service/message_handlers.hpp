// The handlers of the worker's queues: orders and commands, and the dead letters of both.
#pragma once

#include <string>

#include "libs/orders/application/processing/group_applier.hpp"
#include "libs/orders/application/processing/order_processing.hpp"
#include "worker-service/message_handler.hpp"

namespace orderflow::worker {

// Place and cancel messages. One that nobody can read is stored as a dead letter and removed.
class ChangeHandler final : public MessageHandler {
  public:
    // `queue`: where a redrive sends a letter of this queue. `urgent`: before orders that wait.
    ChangeHandler(std::string queue, bool urgent, orders::OrderProcessing& processing, orders::GroupApplier& applier,
                  orders::BackoffPolicy retry, Entropy& entropy)
        : queue_(std::move(queue)),
          urgent_(urgent),
          processing_(processing),
          applier_(applier),
          retry_(retry),
          entropy_(entropy) {}

    task<Handled> handle(orders::ReceivedMessage message, std::stop_token stop) override;

  private:
    std::string queue_;
    bool urgent_;
    orders::OrderProcessing& processing_;
    orders::GroupApplier& applier_;
    orders::BackoffPolicy retry_;
    Entropy& entropy_;
};

// Messages whose receives are exhausted: body and reason are stored, the order goes on hold (it is inserted when it was
// never stored), all in one transaction; then the message is removed.
class DeadLetterHandler final : public MessageHandler {
  public:
    // `queue`: the source of a letter that does not tell its own.
    DeadLetterHandler(std::string queue, orders::GroupApplier& applier, orders::BackoffPolicy retry, Entropy& entropy)
        : queue_(std::move(queue)), applier_(applier), retry_(retry), entropy_(entropy) {}

    task<Handled> handle(orders::ReceivedMessage message, std::stop_token stop) override;

  private:
    std::string queue_;
    orders::GroupApplier& applier_;
    orders::BackoffPolicy retry_;
    Entropy& entropy_;
};

}  // namespace orderflow::worker
