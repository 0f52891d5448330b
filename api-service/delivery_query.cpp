#include "api-service/delivery_query.hpp"

#include "api-service/query_rules.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {

std::expected<orders::DeliveryQuery, std::string> read_delivery_query(std::string_view query) {
    if (auto foreign = foreign_parameter(query, {"order", "outcome", "starting_after", "limit"})) {
        return std::unexpected(*std::move(foreign));
    }
    orders::DeliveryQuery result;
    if (const auto text = net::query_param(query, "order")) {
        result.order = orders::OrderId::parse(*text);
        if (!result.order) return refuse_parameter("order", "the id of an order");
    }
    if (const auto text = net::query_param(query, "outcome")) {
        result.outcome = orders::parse_delivery_outcome(*text);
        if (!result.outcome) return refuse_parameter("outcome", "delivered, failed, given_up or disabled");
    }
    if (const auto text = net::query_param(query, "starting_after")) {
        result.below = parse_natural(*text);
        if (!result.below) return refuse_parameter("starting_after", "the number of a delivery");
    }
    const auto limit = read_limit(query, result.limit);
    if (!limit) return std::unexpected(limit.error());
    result.limit = *limit;
    return result;
}

}  // namespace orderflow::api
