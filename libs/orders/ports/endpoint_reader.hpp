// EndpointReader: where events go, how far that is, and the events themselves in the order in which they were
// committed. Never writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/event_endpoint.hpp"

namespace orderflow::orders {

struct DeliveryQuery {
    std::string endpoint;
    std::optional<OrderId> order = {};
    std::optional<DeliveryOutcome> outcome = {};
    std::optional<std::int64_t> below = {};  // numbers; the newest come first
    std::uint32_t limit = 20;                // 1 to deliveries_page_max
};

struct DeliveryPage {
    std::vector<EventDelivery> deliveries;
    bool has_more = false;
};

struct FeedPage {
    std::vector<FeedEvent> events;  // of whole transitions
    bool at_end = false;            // there are no more just now
};

// Consistency and errors as OrderReader. Any executor.
class EndpointReader {
  public:
    virtual ~EndpointReader() = default;

    // All, by id.
    virtual task<Result<std::vector<EventEndpoint>>> endpoints() = 0;
    virtual task<Result<std::optional<EventEndpoint>>> endpoint(std::string id) = 0;
    virtual task<Result<std::vector<EventLane>>> lanes(std::string endpoint) = 0;
    virtual task<Result<DeliveryPage>> deliveries(DeliveryQuery query) = 0;
    // About one order, to all endpoints: the newest deliveries_page_max, newest first.
    virtual task<Result<std::vector<EventDelivery>>> deliveries_of(OrderId order) = 0;

    // The events of up to `transitions` transitions behind `after`. An event that is not shown yet, because one before
    // it may still be committed, is never shown before that one.
    virtual task<Result<FeedPage>> feed(EventPosition after, std::uint32_t transitions) = 0;
    // Behind every event that feed() can show now.
    virtual task<Result<EventPosition>> feed_head() = 0;
};

}  // namespace orderflow::orders
