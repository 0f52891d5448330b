#include "api-service/delivery_query.hpp"

#include "api-service/letter_query.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

std::unexpected<std::string> refuse(std::string_view parameter, std::string_view what) {
    return std::unexpected("The query parameter " + std::string(parameter) + " is not " + std::string(what) + ".");
}

}  // namespace

std::expected<orders::DeliveryQuery, std::string> read_delivery_query(std::string_view query) {
    orders::DeliveryQuery result;
    if (const auto text = net::query_param(query, "order")) {
        result.order = orders::OrderId::parse(*text);
        if (!result.order) return refuse("order", "the id of an order");
    }
    if (const auto text = net::query_param(query, "outcome")) {
        result.outcome = orders::parse_delivery_outcome(*text);
        if (!result.outcome) return refuse("outcome", "delivered, failed, given_up or disabled");
    }
    if (const auto text = net::query_param(query, "starting_after")) {
        result.below = parse_letter_number(*text);
        if (!result.below) return refuse("starting_after", "the number of a delivery");
    }
    if (const auto text = net::query_param(query, "limit")) {
        const auto number = parse_letter_number(*text);
        if (!number || *number < 1 || *number > orders::limits::deliveries_page_max) {
            return refuse("limit", "a number from 1 to 100");
        }
        result.limit = static_cast<std::uint32_t>(*number);
    }
    return result;
}

}  // namespace orderflow::api
