#include "api-service/handlers/fulfill_order.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api-service/json_body.hpp"
#include "api-service/order_answers.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/fulfillment_request.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/contract/order_resource.hpp"
#include "libs/orders/domain/decide.hpp"

namespace orderflow::api {
namespace {

net::Response accepted(const orders::FulfillOrder& command) {
    return net::Response::json(202, contract::encode_fulfillment_accepted(command.id, command.command_id))
        .field("Location", contract::order_path(command.id));
}

bool same(const orders::Fulfillment& known, const orders::FulfillOrder& command) {
    return known.lines == command.lines && known.carrier == command.carrier &&
           known.tracking_number == command.tracking_number;
}

// The first line that the order does not leave room for.
const orders::ShippedLine* beyond(const orders::FulfillOrder& command, const std::vector<orders::ShippedLine>& open) {
    for (const auto& line : command.lines) {
        const auto left = std::ranges::find(open, line.sku, &orders::ShippedLine::sku);
        if (left == open.end() || left->quantity < line.quantity) return &line;
    }
    return nullptr;
}

// What can be said at once; nothing: the worker has to decide. Pure.
std::optional<net::Response> early_answer(const orders::OrderLookup& found, const orders::FulfillOrder& command) {
    if (found.tombstone) return order_gone_problem(found.tombstone->last_status);
    if (!found.order) return problem(409, "not-fulfillable", "The order is not stored yet.");
    const auto& order = *found.order;
    const auto known = std::ranges::find(order.fulfillments, command.command_id, &orders::Fulfillment::command_id);
    if (known != order.fulfillments.end()) {
        if (same(*known, command)) return accepted(command);
        return problem(422, "idempotency-key-reused", "The key came with another fulfilment of this order.");
    }
    if (order.refused_fulfillment == command.command_id) {
        return problem(409, "fulfillment-refused",
                       "The fulfilment with this key was refused before; the order's events say why. Another one needs "
                       "another key.");
    }
    if (order.status != orders::OrderStatus::confirmed) {
        return problem(409, "not-fulfillable", fmt::format("The order is {}, not confirmed.", to_string(order.status)));
    }
    if (const auto* line = beyond(command, orders::open_lines(order))) {
        return problem(409, "more-than-ordered",
                       fmt::format("The order does not have so many of {} still to be shipped.", line->sku.value()));
    }
    return std::nullopt;
}

}  // namespace

task<net::Response> FulfillOrderHandler::operator()(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    const auto id = issued_id(request.param("id"), ids_);
    if (!id) co_return order_not_found_problem();
    const auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return body.error();
    auto wanted = contract::read_fulfillment_request(*body);
    if (!wanted) co_return validation_problem(wanted.error());
    auto command_id = desk_.id_about(request, "orders.fulfill", *id);
    if (!command_id) co_return problem(400, command_id.error().code(), command_id.error().detail());
    orders::FulfillOrder command(*id, *std::move(command_id), std::move(wanted->lines), desk_.now());
    command.carrier = std::move(wanted->carrier);
    command.tracking_number = std::move(wanted->tracking_number);
    command.by = std::move(wanted->by);
    command.reason = std::move(wanted->reason);
    const auto found = co_await reader_.find(*id);
    if (found) {
        if (auto early = early_answer(*found, command)) co_return *std::move(early);
    }
    if (auto refused = co_await desk_.send(request, command)) co_return *std::move(refused);
    co_return accepted(command);
}

}  // namespace orderflow::api
