#include "api-service/command_desk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api-service/idempotency_key.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/contract/operator_resource.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/contract/product_file.hpp"
#include "libs/orders/application/intake/message_id.hpp"
#include "libs/orders/ports/queue_names.hpp"

namespace orderflow::api {

namespace {

// All that a request says. Only the body may hold what ends a line.
std::string said_by(const net::Request& request) {
    return fmt::format("{}\n{}\n{}\n{}", to_string(request.method), request.path, request.query, request.body);
}

}  // namespace

std::string CommandDesk::command_id(std::string_view scope, const std::optional<std::string>& key) {
    if (!key) return orders::new_message_id(entropy_);
    constexpr std::size_t bytes = 16;  // as many as a random id has
    const auto digest = sha256_(std::string(scope) + "\n" + *key);
    std::string id;
    for (std::size_t i = 0; i < bytes; ++i) id += fmt::format("{:02x}", std::to_integer<unsigned>(digest[i]));
    return id;
}

// 32 hexadecimal digits; of a part of an import with its number behind them.
bool CommandDesk::may_be_id(std::string_view text) noexcept {
    constexpr std::size_t digits = 32;
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() < digits || !std::ranges::all_of(text.substr(0, digits), is_hex)) return false;
    const auto part = text.substr(digits);
    return part.empty() || (part.size() > 1 && part.front() == '-' && std::ranges::all_of(part.substr(1), is_digit));
}

std::expected<std::string, net::Response> CommandDesk::id_for(const net::Request& request) {
    const auto key = idempotency_key_of(request);
    if (!key) return std::unexpected(problem(400, key.error().code(), key.error().detail()));
    return command_id("operators.command\n" + said_by(request), *key);
}

orders::OperatorCommand CommandDesk::command(std::string id, orders::OperatorCommand::Wish wish,
                                             contract::OperatorNote note) {
    orders::OperatorCommand command(std::move(id), std::move(wish), clock_.wall());
    command.by = std::move(note.by);
    command.reason = std::move(note.reason);
    return command;
}

task<net::Response> CommandDesk::submit(const net::Request& request, orders::OperatorCommand::Wish wish,
                                        contract::OperatorNote note) {
    auto id = id_for(request);
    if (!id) co_return std::move(id).error();
    auto wanted = command(*std::move(id), std::move(wish), std::move(note));
    auto accepted = contract::encode_command_accepted(wanted);
    co_return co_await send(request, std::move(wanted), std::move(accepted));
}

task<net::Response> CommandDesk::send(const net::Request& request, orders::OperatorCommand command,
                                      std::string accepted) {
    auto trace = traces_.begin(request, orders::commands_queue);
    auto body = contract::encode_operator_command(command, trace.traceparent());
    if (body.size() > contract::message_bytes_max) co_return body_too_large_problem();
    const auto sent = co_await put(request, std::move(body));
    trace.ended(sent);
    if (!sent) co_return problem(sent.error());
    co_return net::Response::json(202, std::move(accepted)).field("Location", contract::command_path(command.id));
}

task<net::Response> CommandDesk::import(const net::Request& request, std::vector<orders::ProductRow> rows,
                                        contract::OperatorNote note) {
    const auto key = idempotency_key_of(request);
    if (!key) co_return problem(400, key.error().code(), key.error().detail());
    const auto id = command_id("products.import\n" + said_by(request), *key);
    const auto count = rows.size();
    auto parts = contract::in_parts(std::move(rows));
    const auto of = static_cast<std::int32_t>(parts.size());
    std::vector<orders::OperatorCommand> commands;
    for (std::int32_t part = 1; part <= of; ++part) {
        auto& held = parts[static_cast<std::size_t>(part) - 1];
        orders::OperatorCommand command(id + "-" + std::to_string(part),
                                        orders::ImportProducts(id, part, of, std::move(held)), clock_.wall());
        command.by = note.by;
        command.reason = note.reason;
        auto trace = traces_.begin(request, orders::commands_queue);
        const auto sent = co_await put(request, contract::encode_operator_command(command, trace.traceparent()));
        trace.ended(sent);
        if (!sent) co_return problem(sent.error());
        commands.push_back(std::move(command));
    }
    co_return net::Response::json(202, contract::encode_import_accepted(id, count, commands))
        .field("Location", contract::command_path(commands.front().id));
}

Result<std::string> CommandDesk::id_about(const net::Request& request, std::string_view operation,
                                          const orders::OrderId& order) {
    const auto key = idempotency_key_of(request);
    if (!key) return fail(key.error());
    return command_id(std::string(operation) + "\n" + order.to_string(), *key);
}

task<std::optional<net::Response>> CommandDesk::send(const net::Request& request, orders::FulfillOrder command) {
    auto trace = traces_.begin(request, orders::commands_queue);
    const auto sent = co_await put(request, contract::encode_fulfillment(command, trace.traceparent()));
    trace.ended(sent, command.id);
    if (!sent) co_return problem(sent.error());
    co_return std::nullopt;
}

task<Result<void>> CommandDesk::put(const net::Request& request, std::string body) {
    auto& intake = intake_.of(request);
    auto sent = co_await intake.commands().send(std::move(body), intake.loop().clock.now() + accept_time_);
    if (!sent) co_return fail(std::move(sent).error());
    co_return Result<void>();
}

}  // namespace orderflow::api
