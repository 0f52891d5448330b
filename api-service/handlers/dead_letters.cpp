#include "api-service/handlers/dead_letters.hpp"

#include <fmt/format.h>

#include "api-service/json_body.hpp"
#include "api-service/letter_query.hpp"
#include "api-service/problem_response.hpp"
#include "api-service/query_rules.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/contract/operator_resource.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/contract/order_request.hpp"

namespace orderflow::api {
namespace {

net::Response unknown_letter_problem() {
    return problem(404, "dead-letter-not-found", "There is no dead letter with this number.");
}

}  // namespace

task<net::Response> DeadLettersHandler::list(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    auto query = read_letter_query(request.query);
    if (!query) co_return problem(400, "malformed-request", query.error());
    const auto page = co_await reader_.letters(*std::move(query));
    if (!page) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_letters(page->letters, page->has_more));
}

task<net::Response> DeadLettersHandler::groups(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    const auto state = read_group_state(request.query);
    if (!state) co_return problem(400, "malformed-request", state.error());
    const auto groups = co_await reader_.letter_groups(*state);
    if (!groups) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_letter_groups(*groups));
}

task<net::Response> DeadLettersHandler::one(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::reader)) co_return *std::move(refused);
    const auto number = parse_natural(request.param("number"));
    if (!number) co_return unknown_letter_problem();
    const auto letter = co_await reader_.letter(*number);
    if (!letter) co_return store_unavailable_problem();
    if (!*letter) co_return unknown_letter_problem();
    co_return net::Response::json(200, contract::encode_letter(**letter));
}

task<net::Response> DeadLettersHandler::act(const net::Request& request, orders::LetterAction action) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return std::move(body).error();
    auto wanted = contract::read_letters_request(*body);
    if (!wanted) co_return validation_problem(wanted.error());
    if (wanted->per_second > 0 && action != orders::LetterAction::redrive) {
        contract::FieldErrors errors;
        errors.add("/per_second", contract::Rule::unknown_field, "Is the rate of a redrive; this is done at once.");
        co_return validation_problem(errors);
    }
    if (wanted->dry_run) co_return co_await show(std::move(wanted->selection), action);
    orders::ActOnLetters wish{action, std::move(wanted->selection), wanted->per_second};
    co_return co_await desk_.submit(request, std::move(wish), std::move(wanted->note));
}

task<net::Response> DeadLettersHandler::act_on_one(const net::Request& request, orders::LetterAction action) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    const auto number = parse_natural(request.param("number"));
    if (!number) co_return unknown_letter_problem();
    auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return std::move(body).error();
    auto wanted = contract::read_letter_request(*body, *number);
    if (!wanted) co_return validation_problem(wanted.error());
    if (auto early = co_await early_answer(*number, state_before(action))) co_return *std::move(early);
    if (wanted->dry_run) co_return co_await show(std::move(wanted->selection), action);
    orders::ActOnLetters wish{action, std::move(wanted->selection), 0};
    co_return co_await desk_.submit(request, std::move(wish), std::move(wanted->note));
}

task<net::Response> DeadLettersHandler::edit(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    const auto number = parse_natural(request.param("number"));
    if (!number) co_return unknown_letter_problem();
    auto body = read_json_body(request, contract::message_bytes_max);
    if (!body) co_return std::move(body).error();
    auto wanted = contract::read_edit_request(*body);
    if (!wanted) co_return validation_problem(wanted.error());
    auto edit = contract::make_edit(*number, std::move(wanted->body));
    if (!edit) {
        co_return problem(422, "message-unreadable", "The worker could not read this body. " + edit.error().detail());
    }
    if (edit->places && !ids_.issued_by_us(*edit->places)) {
        co_return problem(422, "message-unreadable",
                          "Its subject is no order id of this system: nobody could ever ask for that order.");
    }
    if (auto early = co_await early_answer(*number, orders::LetterState::open)) co_return *std::move(early);
    if (co_await is_stored(edit->places)) {
        co_return problem(409, "order-stored",
                          "The order is stored, and what is stored of it does not change by its message.");
    }
    co_return co_await desk_.submit(request, *std::move(edit), std::move(wanted->note));
}

task<net::Response> DeadLettersHandler::show(orders::LetterSelection selection, orders::LetterAction action) {
    orders::LetterQuery query;
    query.numbers = selection.numbers;
    query.filter = selection.filter;
    query.state = state_before(action);
    query.limit = orders::letters_page_max;
    const auto page = co_await reader_.letters(std::move(query));
    if (!page) co_return store_unavailable_problem();
    const auto count = co_await reader_.letter_count(std::move(selection), state_before(action));
    if (!count) co_return store_unavailable_problem();
    co_return net::Response::json(200, contract::encode_dry_run(page->letters, page->has_more, *count));
}

// A store that cannot be read gives none: the worker decides.
task<std::optional<net::Response>> DeadLettersHandler::early_answer(std::int64_t number, orders::LetterState needed) {
    const auto letter = co_await reader_.letter(number);
    if (!letter) co_return std::nullopt;
    if (!*letter) co_return unknown_letter_problem();
    if ((*letter)->state == needed) co_return std::nullopt;
    co_return problem(409, "dead-letter-state",
                      fmt::format("The dead letter is {}, not {}.", to_string((*letter)->state), to_string(needed)));
}

task<bool> DeadLettersHandler::is_stored(std::optional<orders::OrderId> order) {
    if (!order) co_return false;
    const auto found = co_await orders_.find(*order);
    co_return found && (found->order || found->tombstone);
}

}  // namespace orderflow::api
