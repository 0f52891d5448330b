#include "api-service/handlers/cancel_order.hpp"

#include <fmt/format.h>

#include "api-service/entity_tag.hpp"
#include "api-service/media_type.hpp"
#include "api-service/order_answers.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/cancel_request.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/contract/order_resource.hpp"
#include "libs/json/parse.hpp"
#include "libs/orders/ports/queue_names.hpp"

namespace orderflow::api {
namespace {

// One answer for each outcome of the use case.
struct ToResponse {
    const orders::OrderId& id;
    std::optional<std::int32_t> expected;

    net::Response operator()(const orders::CancelQueued&) const {
        return net::Response::json(202, contract::encode_cancel_accepted(id))
            .field("Location", contract::order_path(id));
    }
    net::Response operator()(const orders::CancelTooLate& late) const {
        const auto why = is_terminal(late.status) ? fmt::format("The order is {}", to_string(late.status))
                                                  : std::string("A part of the order was shipped already");
        return problem(409, "not-cancellable", why + "; it can no longer be cancelled.");
    }
    net::Response operator()(const orders::CancelOtherVersion& other) const {
        return problem(412, "version-mismatch",
                       fmt::format("The order has version {}, not {}.", other.version, expected.value_or(0)))
            .field("ETag", version_tag(other.version));
    }
    net::Response operator()(const orders::CancelGone& gone) const { return order_gone_problem(gone.last_status); }
};

}  // namespace

task<net::Response> CancelOrderHandler::operator()(const net::Request& request) {
    const auto id = issued_id(request.param("id"), ids_);
    if (!id) co_return order_not_found_problem();
    if (body_kind_of(request) != BodyKind::json) co_return unsupported_media_type_problem("application/json");
    const auto expected = demanded_version(request);
    if (!expected) co_return problem(400, "malformed-request", expected.error());
    const auto body =
        json::parse(request.body, {.bytes = contract::request_bytes_max, .depth = contract::request_depth_max});
    if (!body) co_return malformed_json_problem();
    auto reason = contract::read_cancel_request(*body);
    if (!reason) co_return validation_problem(reason.error());

    const auto caller = callers_.caller_of(request);
    if (!caller) co_return problem(caller.error());
    auto& intake = intake_.of(request);
    orders::CancelWish wish(*id, *std::move(reason), intake.loop().clock.now() + accept_time_);
    wish.expected_version = *expected;
    if (caller->key) wish.tenant = caller->key->tenant;
    auto trace = traces_.begin(request, orders::commands_queue);
    wish.traceparent = trace.traceparent();
    const auto answer = co_await intake.request_cancel()(std::move(wish));
    trace.ended(answer, *id);
    if (!answer) co_return problem(answer.error());
    co_return std::visit(ToResponse{*id, *expected}, *answer);
}

}  // namespace orderflow::api
