// How the endpoints of events, their lanes and their delivery log lie in their rows. Conventions as in
// order_record.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/orders/domain/event_endpoint.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

// The id is the checksum's key and lies in a column of its own, as owner and beat do.
std::string encode_endpoint(const orders::EventEndpoint& endpoint);
std::optional<orders::EventEndpoint> decode_endpoint(std::string_view id, Bytes record);

// Endpoint and id are the checksum's key and lie in columns of their own.
std::string encode_lane(std::string_view endpoint, const orders::EventLane& lane);
std::optional<orders::EventLane> decode_lane(std::string_view endpoint, std::string_view id, Bytes record);

// The endpoint is the checksum's key and lies in a column of its own, as the number does.
std::string encode_delivery(const orders::EventDelivery& delivery);
std::optional<orders::EventDelivery> decode_delivery(std::int64_t number, std::string_view endpoint, Bytes record);

}  // namespace orderflow::storage
