#include "api-service/handlers/audit.hpp"

#include "api-service/json_body.hpp"
#include "api-service/letter_query.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/operator_resource.hpp"
#include "libs/contract/order_request.hpp"

namespace orderflow::api {
namespace {

net::Response unknown_command_problem() {
    return problem(404, "command-not-found",
                   "No command with this id is recorded. One that was just accepted is a moment later.");
}

}  // namespace

task<net::Response> AuditHandler::list(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    auto query = read_command_query(request.query);
    if (!query) co_return problem(400, "malformed-request", query.error());
    const auto page = co_await reader_.commands(*std::move(query));
    if (!page && page.error().kind() == ErrorKind::invalid_input) {
        co_return problem(400, "malformed-request", "The query parameter starting_after is not the id of a command.");
    }
    if (!page) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_commands(page->commands, page->has_more));
}

task<net::Response> AuditHandler::one(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    const auto command = co_await reader_.command(std::string(request.param("id")));
    if (!command) co_return store_unavailable_problem();
    if (!*command) co_return unknown_command_problem();
    co_return net::Response::json(200, contract::encode_command(**command));
}

task<net::Response> AuditHandler::stop(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    const auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return body.error();
    auto note = contract::read_note_request(*body);
    if (!note) co_return validation_problem(note.error());
    const auto command = co_await reader_.command(std::string(request.param("id")));
    if (command && !*command && !CommandDesk::may_be_id(request.param("id"))) co_return unknown_command_problem();
    if (command && *command && (*command)->state != orders::CommandState::running) {
        co_return problem(409, "command-over", "There is nothing left of it to stop.");
    }
    orders::StopCommand wish{std::string(request.param("id"))};
    co_return co_await desk_.submit(request, std::move(wish), *std::move(note));
}

}  // namespace orderflow::api
