// OutgoingEvent: an event as it leaves this system, whatever takes it there.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace orderflow::orders {

struct OutgoingEvent {
    std::string id;                                           // stable: a repeated event has the same
    std::string type;                                         // "order.confirmed"
    std::string order_id;                                     // empty: of a test
    std::string order_status;                                 // that it reached with this event; empty: none
    std::string tenant;                                       // of the order; empty: not asked for, or not known
    std::vector<std::pair<std::string, std::string>> fields;  // of HTTP, beside those of the transport
    std::string body;
    std::string traceparent;  // W3C: that the call is made below; empty: none
};

}  // namespace orderflow::orders
