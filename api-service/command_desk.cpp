#include "api-service/command_desk.hpp"

#include <fmt/format.h>

#include "api-service/idempotency_key.hpp"
#include "api-service/order_desk.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/contract/operator_resource.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/orders/application/intake/message_id.hpp"

namespace orderflow::api {

std::string CommandDesk::command_id(const std::optional<std::string>& key) {
    if (!key) return orders::new_message_id(entropy_);
    constexpr std::size_t bytes = 16;  // as many as a random id has
    const auto digest = sha256_("operators.command\n" + *key);
    std::string id;
    for (std::size_t i = 0; i < bytes; ++i) id += fmt::format("{:02x}", std::to_integer<unsigned>(digest[i]));
    return id;
}

task<net::Response> CommandDesk::submit(const net::Request& request, orders::OperatorCommand::Wish wish,
                                        contract::OperatorNote note) {
    const auto key = idempotency_key_of(request);
    if (!key) co_return problem(400, key.error().code(), key.error().detail());
    orders::OperatorCommand command(command_id(*key), std::move(wish), clock_.wall());
    command.by = std::move(note.by);
    command.reason = std::move(note.reason);
    auto body = contract::encode_operator_command(command, traceparent_of(request, entropy_));
    if (body.size() > contract::message_bytes_max) co_return body_too_large_problem();
    auto& intake = intake_.of(request);
    const auto sent = co_await intake.commands().send(std::move(body), intake.loop().clock.now() + accept_time_);
    if (!sent) co_return problem(sent.error());
    co_return net::Response::json(202, contract::encode_command_accepted(command))
        .field("Location", contract::command_path(command.id));
}

}  // namespace orderflow::api
