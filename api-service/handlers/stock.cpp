#include "api-service/handlers/stock.hpp"

#include "api-service/json_body.hpp"
#include "api-service/problem_response.hpp"
#include "api-service/query_rules.hpp"
#include "libs/contract/operator_resource.hpp"
#include "libs/contract/order_request.hpp"

namespace orderflow::api {

task<net::Response> StockHandler::list(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    if (const auto foreign = foreign_parameter(request.query, {})) {
        co_return problem(400, "malformed-request", *foreign);
    }
    const auto products = co_await reader_.products();
    if (!products) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_stock(*products));
}

task<net::Response> StockHandler::change(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    auto sku = orders::Sku::parse(request.param("sku"));
    if (!sku) co_return problem(404, "product-not-found", "No product can have this SKU.");
    auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return std::move(body).error();
    auto wanted = contract::read_stock_request(*body);
    if (!wanted) co_return validation_problem(wanted.error());
    orders::ChangeStock wish(*std::move(sku), wanted->mode, wanted->quantity);
    co_return co_await desk_.submit(request, std::move(wish), std::move(wanted->note));
}

}  // namespace orderflow::api
