#include "api-service/handlers/erase_customer.hpp"

#include "api-service/erasure_request.hpp"
#include "api-service/json_body.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/order_request.hpp"

namespace orderflow::api {

task<net::Response> EraseCustomerHandler::operator()(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return std::move(body).error();
    auto wanted = read_erasure_request(*body);
    if (!wanted) co_return validation_problem(wanted.error());
    co_return co_await desk_.submit(request, std::move(wanted->customer), std::move(wanted->note));
}

}  // namespace orderflow::api
