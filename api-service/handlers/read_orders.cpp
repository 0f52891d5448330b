#include "api-service/handlers/read_orders.hpp"

#include "api-service/entity_tag.hpp"
#include "api-service/order_answers.hpp"
#include "api-service/order_query.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/order_resource.hpp"

namespace orderflow::api {

task<net::Response> ReadOrdersHandler::one(const net::Request& request) {
    const auto id = issued_id(request.param("id"), ids_);
    if (!id) co_return order_not_found_problem();
    const auto found = co_await reader_.find(*id);
    if (!found) co_return store_unavailable_problem();
    if (found->tombstone) co_return order_gone_problem(found->tombstone->last_status);
    if (hides_from(callers_, request, *found)) co_return order_not_found_problem();
    if (!found->order) co_return net::Response::json(200, contract::encode_not_stored(*id));
    const auto tag = version_tag(found->order->version);
    if (matches_none_of(request, tag)) {
        net::Response unchanged;
        unchanged.status = 304;
        co_return std::move(unchanged).field("ETag", tag);
    }
    co_return net::Response::json(200, contract::encode_order(*found->order)).field("ETag", tag);
}

task<net::Response> ReadOrdersHandler::events(const net::Request& request) {
    const auto id = issued_id(request.param("id"), ids_);
    if (!id) co_return order_not_found_problem();
    const auto after = read_after(request.query);
    if (!after) co_return problem(400, "malformed-request", after.error());
    const auto found = co_await reader_.find(*id);
    if (!found) co_return store_unavailable_problem();
    if (found->tombstone) co_return order_gone_problem(found->tombstone->last_status);
    if (hides_from(callers_, request, *found)) co_return order_not_found_problem();
    const auto events = co_await reader_.events(*id, *after);
    if (!events) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_events(*id, *events));
}

task<net::Response> ReadOrdersHandler::list(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    auto query = read_order_query(request.query, ids_);
    if (!query) co_return problem(400, "malformed-request", query.error());
    const auto page = co_await reader_.list(*std::move(query));
    if (!page && page.error().kind() == ErrorKind::invalid_input) {
        co_return problem(400, "malformed-request",
                          "The query parameter starting_after is not the id of a stored order.");
    }
    if (!page) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_orders(page->orders, page->has_more));
}

}  // namespace orderflow::api
