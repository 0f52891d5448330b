#include "worker-service/instance_handler.hpp"

#include <utility>

#include "libs/contract/instance_message.hpp"
#include "libs/instances/retention.hpp"

namespace orderflow::worker {
namespace {

Handled dropped(std::string code) {
    orders::Fate fate(orders::Fate::Kind::remove);
    fate.code = std::move(code);
    return {std::move(fate), std::nullopt};
}

}  // namespace

task<Handled> InstanceHandler::handle(orders::ReceivedMessage message, std::stop_token /*stop*/) {
    auto row = contract::decode_instance_message(message.body);
    if (!row) co_return dropped(row.error().code());
    if (!is_timely(*row, clock_.wall())) co_return dropped("instance.late");
    const auto kept = co_await store_.keep(*std::move(row));
    co_return dropped(kept ? std::string() : kept.error().code());
}

}  // namespace orderflow::worker
