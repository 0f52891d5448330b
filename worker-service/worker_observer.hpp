// WorkerObserver: what the worker tells about its work, for metrics and logs. Called on the worker's loop; must be
// quick. No argument holds personal data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/base/error.hpp"
#include "libs/observe/trace_context.hpp"
#include "libs/orders/application/processing/fate.hpp"
#include "libs/orders/application/processing/group_applier.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "libs/orders/ports/queue_names.hpp"

namespace orderflow::worker {

// The names of the queues, as the observer is told them.
using orders::commands_queue;
using orders::letters_queue;
using orders::orders_queue;

struct MessageReport {
    std::string_view queue;
    const orders::MessageId& message;
    std::uint32_t receive_count;
    const orders::OrderId* order;  // null when the message could not be read that far
    const orders::Fate& fate;
    BootClock::duration took;
    const observe::TraceContext* trace = nullptr;  // none: the message had no traceparent
};

class WorkerObserver : public orders::GroupObserver {
  public:
    virtual void received(std::string_view queue, std::size_t messages) = 0;
    virtual void in_progress(std::string_view queue, std::size_t messages) = 0;
    // The work on a message is done; its delete or return follows.
    virtual void processed(const MessageReport& report) = 0;
    // A call to the queue failed ("receive", "remove", "change_visibility"); it is tried again or the lease runs out.
    virtual void queue_failed(std::string_view queue, std::string_view call, const Error& why) = 0;
    // A call succeeded, whether or not one has failed before.
    virtual void queue_answered(std::string_view queue, std::string_view call) = 0;
    // Somebody else may have the message now: this worker's result is safe, and it does not delete the message.
    virtual void lease_lost(std::string_view queue) = 0;
    // Receives that outlived every deadline (ConsumerPolicy::receive_limit): how many, when it changes. 0: none any
    // more.
    virtual void receives_stalled(std::string_view queue, std::size_t receives) = 0;
    // Receiving from the queue was paused, or goes on.
    virtual void paused(std::string_view queue, bool is_paused) = 0;
    virtual void payment_circuit(bool open) = 0;
    // A bug or lack of memory in the work on one message; the message is retried.
    virtual void threw(std::string_view queue, std::string_view what) = 0;
};

}  // namespace orderflow::worker
