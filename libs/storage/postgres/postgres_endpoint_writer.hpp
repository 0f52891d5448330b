// PostgresEndpointWriter: what the dispatcher of events writes, each in one transaction. The row of the endpoint is
// locked first, so that neither another dispatcher nor an operator's command comes in between.
#pragma once

#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// Durable when they return. From the connection's Executor only. Errors as PostgresGroupWriter::apply().
Result<bool> change_endpoint_lease(postgres::Connection& connection, const orders::LeaseChange& change);
// conflict "webhook.lease_lost".
Result<void> record_progress(postgres::Connection& connection, orders::DeliveryProgress progress, WallTime now);

}  // namespace orderflow::storage
