#include "api-service/json_body.hpp"

#include "api-service/media_type.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::api {

std::expected<json::Document, net::Response> read_json_body(const net::Request& request, std::size_t bytes_max) {
    if (body_kind_of(request) != BodyKind::json) {
        return std::unexpected(unsupported_media_type_problem("application/json"));
    }
    if (request.body.size() > bytes_max) return std::unexpected(body_too_large_problem());
    auto body = json::parse(request.body, {.bytes = bytes_max, .depth = contract::request_depth_max});
    if (!body) return std::unexpected(malformed_json_problem());
    return *std::move(body);
}

}  // namespace orderflow::api
