#include "api-service/handlers/list_products.hpp"

#include "api-service/entity_tag.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/order_resource.hpp"

namespace orderflow::api {

task<net::Response> ListProductsHandler::operator()(const net::Request& request) {
    const auto products = co_await reader_.products();
    if (!products) co_return store_unavailable_problem();
    auto body = contract::encode_products(*products);
    const auto tag = '"' + orders::Fingerprint{sha256_(body)}.to_hex().substr(0, 32) + '"';
    net::Response response;
    if (matches_none_of(request, tag)) {
        response.status = 304;
    } else {
        response = net::Response::json(200, std::move(body));
    }
    response.field("ETag", tag).field("Cache-Control", "no-cache");
    co_return response;
}

}  // namespace orderflow::api
