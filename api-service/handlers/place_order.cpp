#include "api-service/handlers/place_order.hpp"

#include "api-service/media_type.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/contract/order_resource.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::api {
namespace {

net::Response accepted(const orders::TakenOrder& order) {
    auto response = net::Response::json(202, contract::encode_accepted(order.id, order.fingerprint));
    response.field("Location", contract::order_path(order.id));
    if (order.replayed) response.field("Idempotent-Replayed", "true");
    return response;
}

}  // namespace

task<net::Response> PlaceOrderHandler::operator()(const net::Request& request) {
    if (body_kind_of(request) != BodyKind::json) {
        desk_.metrics().order_refused("unsupported-media-type");
        co_return unsupported_media_type_problem("application/json");
    }
    auto key = desk_.key_of(request);
    if (!key) {
        desk_.metrics().order_refused(key.error().code());
        co_return problem(400, key.error().code(), key.error().detail());
    }
    const auto body = json::parse(request.body, {.bytes = judged_bytes_max, .depth = contract::request_depth_max});
    if (!body) {
        desk_.metrics().order_refused("malformed-json");
        co_return malformed_json_problem();
    }
    if (request.body.size() > contract::request_bytes_max) {
        desk_.metrics().order_refused("body-too-large");
        co_return body_too_large_problem();
    }
    auto draft = contract::read_order_request(*body, desk_.amounts_of(request));
    if (!draft) {
        desk_.metrics().order_refused("validation-failed");
        co_return validation_problem(draft.error());
    }
    const auto taken = co_await desk_.take(request, *std::move(draft), *std::move(key));
    if (taken) co_return accepted(*taken);
    co_return with_retry_after(problem(taken.error()), desk_.retry_after(request, taken.error()));
}

}  // namespace orderflow::api
