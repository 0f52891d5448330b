#include "api-service/handlers/overview.hpp"

#include "api-service/handlers/overview_stream.hpp"
#include "api-service/history_query.hpp"
#include "api-service/problem_response.hpp"

namespace orderflow::api {

task<net::Response> OverviewHandler::now(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    const auto overview = co_await desk_.overview(loops_.of(request).loop());
    if (!overview) co_return store_unavailable_problem();
    co_return net::Response::json(200, **overview);
}

task<net::Response> OverviewHandler::stream(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    auto stream = OverviewStream::open(desk_, loops_.of(request).loop(), streams_, streams_max);
    if (!stream) co_return problem(503, "overloaded", "Too many follow the overview already.");
    co_return net::Response::of_stream("text/event-stream", std::move(stream)).field("X-Accel-Buffering", "no");
}

task<net::Response> OverviewHandler::history(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    const auto query = read_history_query(request.query, clock_.wall());
    if (!query) co_return problem(400, "malformed-request", query.error());
    const auto history = co_await desk_.history(query->from, query->until, query->step);
    if (!history) co_return store_unavailable_problem();
    co_return net::Response::json(200, *history);
}

}  // namespace orderflow::api
