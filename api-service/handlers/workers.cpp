#include "api-service/handlers/workers.hpp"

#include <utility>

#include "api-service/json_body.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/operator_request.hpp"
#include "libs/contract/order_request.hpp"

namespace orderflow::api {

task<net::Response> WorkersHandler::show(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    const auto workers = co_await overview_.workers();
    if (!workers) co_return store_unavailable_problem();
    co_return net::Response::json(200, *workers);
}

task<net::Response> WorkersHandler::act(const net::Request& request, orders::DirectWorkers::Action action) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    const auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return body.error();
    auto note = contract::read_note_request(*body);
    if (!note) co_return validation_problem(note.error());
    const orders::DirectWorkers wish{.action = action};
    co_return co_await desk_.submit(request, wish, *std::move(note));
}

task<net::Response> WorkersHandler::limit(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    const auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return body.error();
    auto wanted = contract::read_workers_limit_request(*body);
    if (!wanted) co_return validation_problem(wanted.error());
    const orders::DirectWorkers wish{.action = orders::DirectWorkers::Action::limit,
                                     .in_progress_max = wanted->in_progress_max};
    co_return co_await desk_.submit(request, wish, std::move(wanted->note));
}

}  // namespace orderflow::api
