// The endpoints of events, their lanes and log, and the events in their order: the statements, and what their answers
// mean. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/orders/domain/endpoint_command.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/postgres/connection.hpp"
#include "libs/storage/postgres/order_requests.hpp"

namespace orderflow::storage {

// The errors of read_x(): internal "store.damaged_row"; the detail names the row.
postgres::Unit endpoints_request();
Result<std::vector<orders::EventEndpoint>> read_endpoints(const Answers& answers);

postgres::Unit endpoint_request(const std::string& id);
Result<std::optional<orders::EventEndpoint>> read_endpoint(const Answers& answers);

postgres::Unit lanes_request(const std::string& endpoint);
Result<std::vector<orders::EventLane>> read_lanes(const Answers& answers, const std::string& endpoint);

postgres::Unit deliveries_request(const orders::DeliveryQuery& query);
Result<orders::DeliveryPage> read_deliveries(const Answers& answers, const orders::DeliveryQuery& query);

postgres::Unit deliveries_of_request(const orders::OrderId& order);
Result<std::vector<orders::EventDelivery>> read_deliveries_of(const Answers& answers);

// Below the oldest running transaction, as in postgres_order_feed.hpp.
postgres::Unit feed_request(orders::EventPosition after, std::uint32_t transitions);
Result<orders::FeedPage> read_feed(const Answers& answers, std::uint32_t transitions);

postgres::Unit feed_head_request();
Result<orders::EventPosition> read_feed_head(const Answers& answers);

// Writers, inside a transaction. What locks the endpoint's row comes first.
postgres::Unit endpoint_load_request(const std::string& id);
Result<orders::EndpointLoaded> read_endpoint_loaded(const Answers& answers, const std::string& id);
void add_writes(postgres::Unit& unit, const std::string& id, const orders::EndpointDecision& decision);

postgres::Request lease_request(const orders::LeaseChange& change);
postgres::Unit endpoint_lock_request(const std::string& id);
// Which of the orders that the log is about are tombstones.
postgres::Request tombstones_request(const std::vector<orders::EventDelivery>& log);
// What somebody answered about one of those may say whose it was: that goes.
void forget_answers(std::vector<orders::EventDelivery>& log, const postgres::Rows& tombstones);
void add_progress(postgres::Unit& unit, const orders::DeliveryProgress& progress);
void add_endpoint(postgres::Unit& unit, const orders::EventEndpoint& endpoint);

}  // namespace orderflow::storage
