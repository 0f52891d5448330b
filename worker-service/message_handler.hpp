// MessageHandler: the work on one message of a queue.
#pragma once

#include <optional>
#include <stop_token>

#include "libs/async/task.hpp"
#include "libs/observe/trace_context.hpp"
#include "libs/orders/application/processing/fate.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::worker {

struct Handled {
    Handled(orders::Fate f, std::optional<orders::OrderId> o) : fate(std::move(f)), order(o) {}
    orders::Fate fate;
    std::optional<orders::OrderId> order;  // as far as the message could be read
    std::optional<observe::TraceContext> trace = std::nullopt;
};

class MessageHandler {
  public:
    virtual ~MessageHandler() = default;
    // Total: whatever the body is, there is a fate. A stop gives the message back at the next wait.
    virtual task<Handled> handle(orders::ReceivedMessage message, std::stop_token stop) = 0;
};

}  // namespace orderflow::worker
