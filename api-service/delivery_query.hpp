// The query of GET /v1/admin/webhooks/{id}/deliveries.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "libs/orders/ports/endpoint_reader.hpp"

namespace orderflow::api {

// `order`, `outcome`, `limit`, `starting_after`; or one sentence about what is wrong. The endpoint is the address's.
std::expected<orders::DeliveryQuery, std::string> read_delivery_query(std::string_view query);

}  // namespace orderflow::api
