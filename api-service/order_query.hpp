// The criteria of GET /v1/orders.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// The query, or a sentence that names the first parameter that is wrong. `ids` knows the order of an idempotency key.
std::expected<orders::OrderQuery, std::string> read_order_query(std::string_view query, const orders::OrderIds& ids);

// The parameter `after` of the history, 0 without it; a sentence when it is no version.
std::expected<std::int32_t, std::string> read_after(std::string_view query);

// A version as text: 1 to 19 digits; what is beyond 32 bits is the largest there can be. Nothing for other texts.
std::optional<std::int32_t> parse_version(std::string_view text);

}  // namespace orderflow::api
