#include "api-service/handlers/webhooks.hpp"

#include <algorithm>
#include <expected>
#include <utility>

#include "api-service/delivery_query.hpp"
#include "api-service/json_body.hpp"
#include "api-service/note_query.hpp"
#include "api-service/problem_response.hpp"
#include "api-service/query_rules.hpp"
#include "libs/contract/endpoint_request.hpp"
#include "libs/contract/endpoint_resource.hpp"
#include "libs/contract/order_request.hpp"

namespace orderflow::api {
namespace {

constexpr std::string_view id_prefix = "wh_";
constexpr std::size_t id_digits = 32;

// The command that makes an endpoint names it too, so that a repeated request is about the same one.
std::string endpoint_id(std::string_view command_id) { return std::string(id_prefix) + std::string(command_id); }

bool is_endpoint_id(std::string_view text) {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.starts_with(id_prefix) && text.size() == id_prefix.size() + id_digits &&
           std::ranges::all_of(text.substr(id_prefix.size()), is_digit);
}

net::Response unknown_webhook_problem() {
    return problem(404, "webhook-not-found", "There is no webhook endpoint with this id.");
}

net::Response topic_problem() {
    return problem(409, "webhook-state",
                   "A topic has no secret, and its name and mode are the worker's configuration.");
}

bool is_topic(const std::optional<orders::EventEndpoint>& endpoint) {
    return endpoint && orders::is_topic(endpoint->settings);
}

// What the body says, or the problem.
template <class T>
std::expected<T, net::Response> read_body(const net::Request& request,
                                          std::expected<T, contract::FieldErrors> (*read)(const json::Value& body)) {
    auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) return std::unexpected(std::move(body).error());
    auto wanted = read(*body);
    if (!wanted) return std::unexpected(validation_problem(wanted.error()));
    return *std::move(wanted);
}

}  // namespace

task<net::Response> WebhooksHandler::list(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    if (const auto foreign = foreign_parameter(request.query, {})) {
        co_return problem(400, "malformed-request", *foreign);
    }
    const auto endpoints = co_await reader_.endpoints();
    if (!endpoints) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_endpoints(*endpoints));
}

task<net::Response> WebhooksHandler::one(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    auto found = co_await find(request);
    if (found.answer) co_return *std::move(found.answer);
    if (!found.endpoint) co_return store_unavailable_problem();
    const auto lanes = co_await reader_.lanes(found.endpoint->id);
    if (!lanes) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_endpoint(*found.endpoint, *lanes));
}

task<net::Response> WebhooksHandler::deliveries(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    auto query = read_delivery_query(request.query);
    if (!query) co_return problem(400, "malformed-request", query.error());
    auto found = co_await find(request);
    if (found.answer) co_return *std::move(found.answer);
    if (!found.endpoint) co_return store_unavailable_problem();
    query->endpoint = found.endpoint->id;
    const auto page = co_await reader_.deliveries(*std::move(query));
    if (!page) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_deliveries(page->deliveries, page->has_more));
}

task<net::Response> WebhooksHandler::create(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    auto asked = read_body(request, contract::read_create_endpoint);
    if (!asked) co_return std::move(asked).error();
    if (auto refused = refused_url(asked->settings.url)) co_return *std::move(refused);
    auto id = desk_.id_for(request);
    if (!id) co_return std::move(id).error();
    orders::CreateEndpoint wish{std::move(asked->settings), secret_(*id)};
    auto secret = wish.secret;
    auto command =
        desk_.command(*id, orders::EndpointCommand(endpoint_id(*id), std::move(wish)), std::move(asked->note));
    auto answer = contract::encode_endpoint_accepted(command, secret);
    co_return co_await desk_.send(request, std::move(command), std::move(answer));
}

task<net::Response> WebhooksHandler::update(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    auto asked = read_body(request, contract::read_update_endpoint);
    if (!asked) co_return std::move(asked).error();
    auto found = co_await find(request);
    if (found.answer) co_return *std::move(found.answer);
    if (is_topic(found.endpoint) && (asked->update.url || asked->update.mode)) co_return topic_problem();
    if (asked->update.url) {
        if (auto refused = refused_url(*asked->update.url)) co_return *std::move(refused);
    }
    orders::EndpointCommand wish(std::string(request.param("id")), std::move(asked->update));
    co_return co_await desk_.submit(request, std::move(wish), std::move(asked->note));
}

task<net::Response> WebhooksHandler::remove(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    if (auto foreign = foreign_parameter(request.query, {"by", "reason"})) {
        co_return problem(400, "malformed-request", *std::move(foreign));
    }
    auto note = read_note_query(request.query);
    if (!note) co_return problem(400, "malformed-request", std::move(note).error());
    auto found = co_await find(request);
    if (found.answer) co_return *std::move(found.answer);
    orders::EndpointCommand wish(std::string(request.param("id")), orders::RemoveEndpoint());
    co_return co_await desk_.submit(request, std::move(wish), *std::move(note));
}

task<net::Response> WebhooksHandler::rotate_secret(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    auto asked = read_body(request, contract::read_note_request);
    if (!asked) co_return std::move(asked).error();
    auto found = co_await find(request);
    if (found.answer) co_return *std::move(found.answer);
    if (is_topic(found.endpoint)) co_return topic_problem();
    auto id = desk_.id_for(request);
    if (!id) co_return std::move(id).error();
    orders::RotateSecret wish{secret_(*id)};
    const auto secret = wish.secret;
    auto command = desk_.command(*id, orders::EndpointCommand(std::string(request.param("id")), std::move(wish)),
                                 *std::move(asked));
    auto answer = contract::encode_endpoint_accepted(command, secret);
    co_return co_await desk_.send(request, std::move(command), std::move(answer));
}

task<net::Response> WebhooksHandler::test(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    auto asked = read_body(request, contract::read_note_request);
    if (!asked) co_return std::move(asked).error();
    auto found = co_await find(request);
    if (found.answer) co_return *std::move(found.answer);
    if (found.endpoint && !found.endpoint->enabled) {
        co_return problem(409, "webhook-state", "The webhook endpoint is disabled.");
    }
    orders::EndpointCommand wish(std::string(request.param("id")), orders::TestEndpoint());
    co_return co_await desk_.submit(request, std::move(wish), *std::move(asked));
}

task<net::Response> WebhooksHandler::replay(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    auto asked = read_body(request, contract::read_replay);
    if (!asked) co_return std::move(asked).error();
    auto found = co_await find(request);
    if (found.answer) co_return *std::move(found.answer);
    if (found.endpoint && !found.endpoint->enabled) {
        co_return problem(409, "webhook-state", "The webhook endpoint is disabled.");
    }
    if (auto unknown = co_await unknown_event(asked->wish)) co_return *std::move(unknown);
    orders::EndpointCommand wish(std::string(request.param("id")), std::move(asked->wish));
    co_return co_await desk_.submit(request, std::move(wish), std::move(asked->note));
}

task<WebhooksHandler::Found> WebhooksHandler::find(const net::Request& request) {
    Found found;
    if (!is_endpoint_id(request.param("id"))) {
        found.answer = unknown_webhook_problem();
        co_return found;
    }
    auto endpoint = co_await reader_.endpoint(std::string(request.param("id")));
    if (!endpoint) co_return found;
    found.endpoint = *std::move(endpoint);
    if (!found.endpoint) found.answer = unknown_webhook_problem();
    co_return found;
}

std::optional<net::Response> WebhooksHandler::refused_url(const std::string& text) const {
    contract::FieldErrors errors;
    const auto url = net::Url::parse(text);
    if (!url) {
        errors.add("/url", contract::Rule::invalid_format, "Must be an https URL.");
        return validation_problem(errors);
    }
    const auto refusal = net::outbound_refusal(*url, rules_);
    if (!refusal) return std::nullopt;
    errors.add("/url", contract::Rule::invalid_format, std::string(*refusal));
    return validation_problem(errors);
}

// A store that cannot be read gives none: the worker looks.
task<std::optional<net::Response>> WebhooksHandler::unknown_event(orders::EndpointWish wish) {
    const auto* replay = std::get_if<orders::ReplayEvent>(&wish);
    if (replay == nullptr) co_return std::nullopt;
    const auto events = co_await orders_.events(replay->order, replay->version - 1);
    if (!events || (!events->empty() && events->front().version == replay->version)) co_return std::nullopt;
    co_return problem(404, "event-not-found", "There is no event with this id.");
}

}  // namespace orderflow::api
