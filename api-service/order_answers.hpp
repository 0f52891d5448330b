// What all routes of one order answer in the same way.
#pragma once

#include <optional>
#include <string_view>

#include "api-service/callers.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/status.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// An id that this system issued; anything else is 404.
std::optional<orders::OrderId> issued_id(std::string_view text, const orders::OrderIds& ids);

// Whether a stored order is another tenant's than the caller's: then it is 404, as if it were not there.
bool hides_from(const Callers& callers, const net::Request& request, const orders::OrderLookup& found);

net::Response order_not_found_problem();
net::Response order_gone_problem(orders::OrderStatus last_status);

}  // namespace orderflow::api
