#include "api-service/handlers/order_timeline.hpp"

#include "api-service/order_answers.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/order_timeline.hpp"

namespace orderflow::api {

task<net::Response> OrderTimelineHandler::operator()(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    const auto id = issued_id(request.param("id"), ids_);
    if (!id) co_return order_not_found_problem();
    const auto found = co_await orders_.find(*id);
    if (!found) co_return store_unavailable_problem();
    if (found->tombstone) co_return order_gone_problem(found->tombstone->last_status);
    if (!found->order) co_return problem(404, "order-not-stored", "The order is accepted and not stored yet.");
    const auto events = co_await orders_.events(*id, 0);
    if (!events) co_return store_unavailable_problem();
    const auto postings = co_await orders_.ledger(*id);
    if (!postings) co_return store_unavailable_problem();
    orders::LetterQuery of_order;
    of_order.filter.order = *id;
    of_order.limit = orders::letters_page_max;
    const auto letters = co_await reader_.letters(std::move(of_order));
    if (!letters) co_return store_unavailable_problem();
    const auto deliveries = co_await endpoints_.deliveries_of(*id);
    if (!deliveries) co_return store_unavailable_problem();
    co_return net::Response::json(
        200, contract::encode_timeline({*found->order, *events, *postings, letters->letters, *deliveries}));
}

}  // namespace orderflow::api
