// EndpointRows: the rows of event_endpoints, event_lanes and event_deliveries, and the events in their order.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "libs/orders/domain/endpoint_command.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/sqlite/database.hpp"

namespace orderflow::storage {

// Inside a transaction. Errors: those of libs/sqlite/errors.hpp; "disk.corrupt" for a row whose checksum does not
// match.
class EndpointRows {
  public:
    static Result<EndpointRows> prepare(sqlite::Database& database);

    Result<std::vector<orders::EventEndpoint>> all();
    Result<std::optional<orders::EventEndpoint>> find(std::string_view id);
    Result<std::vector<orders::EventLane>> lanes(std::string_view endpoint);
    Result<orders::DeliveryPage> deliveries(const orders::DeliveryQuery& query);
    Result<std::vector<orders::EventDelivery>> deliveries_of(const orders::OrderId& order);
    Result<orders::FeedPage> feed(orders::EventPosition after, std::uint32_t transitions);
    Result<orders::EventPosition> head();

    // Writer.
    Result<orders::EndpointLoaded> load(const orders::EndpointCommand& command);
    Result<void> write(std::string_view id, const orders::EndpointDecision& decision);
    Result<bool> change_lease(const orders::LeaseChange& change);
    Result<void> record(const orders::DeliveryProgress& progress, WallTime now);
    // There is one writer: whoever held a lease is gone.
    Result<void> clear_leases();

  private:
    EndpointRows() = default;
    Result<void> put(const orders::EventEndpoint& endpoint);
    Result<void> forget(std::string_view endpoint, WallTime before);
    Result<void> log(std::string_view endpoint, orders::EventDelivery entry);

    sqlite::Statement all_;
    sqlite::Statement find_;
    sqlite::Statement put_;
    sqlite::Statement remove_;
    sqlite::Statement lease_;
    sqlite::Statement clear_leases_;
    sqlite::Statement lanes_;
    sqlite::Statement insert_lane_;
    sqlite::Statement update_lane_;
    sqlite::Statement remove_lane_;
    sqlite::Statement remove_lanes_;
    sqlite::Statement log_;
    sqlite::Statement is_tombstone_;
    sqlite::Statement newest_;
    sqlite::Statement of_order_;
    sqlite::Statement forget_;
    sqlite::Statement remove_log_;
    sqlite::Statement feed_;
    sqlite::Statement head_;
};

}  // namespace orderflow::storage
