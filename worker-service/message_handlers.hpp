// The handlers of the worker's queues: orders, commands, and the dead letters of both.
#pragma once

#include <string>
#include <string_view>

#include "libs/observe/tracer.hpp"
#include "libs/orders/application/processing/group_applier.hpp"
#include "libs/orders/application/processing/operator_processing.hpp"
#include "libs/orders/application/processing/order_processing.hpp"
#include "worker-service/message_handler.hpp"
#include "worker-service/message_trace.hpp"

namespace orderflow::worker {

// Place and cancel messages. One that nobody can read is stored as a dead letter and removed.
class ChangeHandler final : public MessageHandler {
  public:
    // `queue`: where a redrive sends a letter of this queue. `urgent`: before orders that wait. `tracer` may be null.
    ChangeHandler(std::string queue, bool urgent, orders::OrderProcessing& processing, orders::GroupApplier& applier,
                  orders::BackoffPolicy retry, Entropy& entropy, observe::Tracer* tracer)
        : queue_(std::move(queue)),
          urgent_(urgent),
          processing_(processing),
          applier_(applier),
          retry_(retry),
          entropy_(entropy),
          tracer_(tracer) {}

    task<Handled> handle(orders::ReceivedMessage message, std::stop_token stop) override;

  private:
    task<Handled> work_on(orders::Incoming incoming, MessageTrace trace, std::stop_token stop);
    task<Handled> park(orders::ReceivedMessage message, Error why, std::stop_token stop);

    std::string queue_;
    bool urgent_;
    orders::OrderProcessing& processing_;
    orders::GroupApplier& applier_;
    orders::BackoffPolicy retry_;
    Entropy& entropy_;
    observe::Tracer* tracer_;
};

// What the queue of commands brings: what an operator asks for, what programs say of themselves, and changes of orders
// (cancels).
class CommandHandler final : public MessageHandler {
  public:
    // `queue`: its name. `tracer` may be null. What `instances` handles makes no span: a row tells nothing of an order.
    CommandHandler(std::string queue, MessageHandler& changes, orders::OperatorProcessing& operating,
                   MessageHandler& instances, observe::Tracer* tracer)
        : queue_(std::move(queue)), changes_(changes), operating_(operating), instances_(instances), tracer_(tracer) {}

    task<Handled> handle(orders::ReceivedMessage message, std::stop_token stop) override;

  private:
    std::string queue_;
    MessageHandler& changes_;
    orders::OperatorProcessing& operating_;
    MessageHandler& instances_;
    observe::Tracer* tracer_;
};

// Whether the message of a letter belongs on the queue of commands. A message that nobody can read goes where it came
// from: a newer worker may know it.
bool goes_to_commands(const orders::OutgoingLetter& letter, std::string_view commands);

// Messages whose receives are exhausted: body and reason are stored, the order goes on hold (it is inserted when it was
// never stored), all in one transaction; then the message is removed. What a program said of itself, and news of a
// payment, are removed alone.
class DeadLetterHandler final : public MessageHandler {
  public:
    // `queue`: the source of a letter that does not tell its own. `tracer` may be null.
    DeadLetterHandler(std::string queue, orders::GroupApplier& applier, orders::BackoffPolicy retry, Entropy& entropy,
                      observe::Tracer* tracer)
        : queue_(std::move(queue)), applier_(applier), retry_(retry), entropy_(entropy), tracer_(tracer) {}

    task<Handled> handle(orders::ReceivedMessage message, std::stop_token stop) override;

  private:
    std::string queue_;
    orders::GroupApplier& applier_;
    orders::BackoffPolicy retry_;
    Entropy& entropy_;
    observe::Tracer* tracer_;
};

}  // namespace orderflow::worker
