// MemoryEndpoints: the endpoints of events, their lanes and log, and the events in their order, on plain containers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/orders/domain/endpoint_command.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/endpoint_store.hpp"

namespace orderflow::storage {

// A part of InMemoryOrderStore, under its lock.
class MemoryEndpoints {
  public:
    // The events of one transition.
    void append(const orders::OrderId& order, const std::vector<orders::OrderEvent>& events);

    std::vector<orders::EventEndpoint> all() const;
    std::optional<orders::EventEndpoint> find(const std::string& id) const;
    std::vector<orders::EventLane> lanes(const std::string& endpoint) const;
    orders::DeliveryPage deliveries(const orders::DeliveryQuery& query) const;
    std::vector<orders::EventDelivery> deliveries_of(const orders::OrderId& order) const;
    orders::FeedPage feed(orders::EventPosition after, std::uint32_t transitions) const;
    orders::EventPosition head() const { return {transitions_, 0}; }

    orders::EndpointLoaded load(const orders::EndpointCommand& command) const;
    void write(const std::string& id, const orders::EndpointDecision& decision);
    bool change_lease(const orders::LeaseChange& change);
    Result<void> record(const orders::DeliveryProgress& progress, WallTime now);
    // The log of calls about an order.
    void forget(const orders::OrderId& order);

  private:
    void forget(const std::string& endpoint, WallTime before);

    std::map<std::string, orders::EventEndpoint> endpoints_;
    std::map<std::pair<std::string, std::string>, orders::EventLane> lanes_;
    std::vector<orders::EventDelivery> deliveries_;  // by number
    std::int64_t last_delivery_ = 0;
    std::vector<orders::FeedEvent> events_;
    std::int64_t transitions_ = 0;
};

}  // namespace orderflow::storage
