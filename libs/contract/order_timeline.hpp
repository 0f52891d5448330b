// The timeline of one order as the HTTP API shows it to operators: events, payment attempts, stock movements, postings,
// dead letters and calls to webhooks in the order in which they happened, with the time between them.
#pragma once

#include <string>
#include <vector>

#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/event_endpoint.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/payment.hpp"
#include "libs/orders/domain/stored_dead_letter.hpp"

namespace orderflow::contract {

struct OrderTimeline {
    const orders::Order& order;
    const std::vector<orders::OrderEvent>& events;         // by version
    const std::vector<orders::LedgerPosting>& postings;    // oldest first
    const std::vector<orders::StoredDeadLetter>& letters;  // of the order, in any state
    const std::vector<orders::EventDelivery>& deliveries;  // of its events to webhooks, newest first
};

// Schema OrderTimeline. Events keep the order of their versions, also where two machines' clocks disagree.
std::string encode_timeline(const OrderTimeline& timeline);

}  // namespace orderflow::contract
