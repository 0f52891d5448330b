#include "api-service/handlers/audit.hpp"

#include "api-service/letter_query.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/operator_resource.hpp"

namespace orderflow::api {

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
    if (!*command) {
        co_return problem(404, "command-not-found",
                          "No command with this id is recorded. One that was just accepted is a moment later.");
    }
    co_return net::Response::json(200, contract::encode_command(**command));
}

}  // namespace orderflow::api
