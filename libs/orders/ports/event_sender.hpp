// EventSender: takes one event to one endpoint, once. Whether it is tried again is the caller's decision.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/orders/domain/event_endpoint.hpp"
#include "libs/orders/domain/outgoing_event.hpp"

namespace orderflow::orders {

struct SendAnswer {
    std::int32_t status = 0;  // of HTTP; 0: no answer
    std::string code = {};    // empty: delivered
    bool gone = false;
    bool stopped = false;  // by the stop: says nothing of the endpoint
    std::chrono::milliseconds retry_after{0};
    std::string head = {};  // the first bytes of the answer, printable, at most answer_head_max
};

class EventSender {
  public:
    virtual ~EventSender() = default;

    // Whether events can go to this endpoint from here. Who cannot leaves it to another worker.
    virtual bool serves(const EventEndpoint& endpoint) const = 0;

    // Every end is an answer, by `deadline`. From the dispatcher's loop.
    virtual task<SendAnswer> send(EventEndpoint endpoint, OutgoingEvent event, Instant deadline,
                                  std::stop_token stop) = 0;
};

}  // namespace orderflow::orders
