// What all routes of one order answer in the same way.
#pragma once

#include <optional>
#include <string_view>

#include "libs/net/response.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/status.hpp"
#include "libs/orders/ports/order_ids.hpp"

namespace orderflow::api {

// An id that this system issued; anything else is 404.
std::optional<orders::OrderId> issued_id(std::string_view text, const orders::OrderIds& ids);

net::Response order_not_found_problem();
net::Response order_gone_problem(orders::OrderStatus last_status);

}  // namespace orderflow::api
