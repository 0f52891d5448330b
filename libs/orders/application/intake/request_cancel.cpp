#include "libs/orders/application/intake/request_cancel.hpp"

#include "libs/orders/application/intake/message_id.hpp"

namespace orderflow::orders {
namespace {

std::unexpected<Error> not_found() {
    return fail(ErrorKind::not_found, "order-not-found", "There is no order with this id.");
}

bool is_of_another(const OrderLookup& found, const std::optional<std::string>& tenant) {
    return tenant && found.order && found.order->tenant_id != *tenant;
}

}  // namespace

std::optional<CancelAnswer> early_answer(const OrderLookup& found, std::optional<std::int32_t> expected_version) {
    if (found.tombstone) return CancelGone{found.tombstone->last_status};
    if (!found.order) return std::nullopt;
    const auto& order = *found.order;
    // A client that lost its answer asks again with the version it knew: its wish is under way or done already.
    if (order.status == OrderStatus::cancelled) return CancelQueued{};
    if (order.status == OrderStatus::cancelling) return std::nullopt;
    if (is_terminal(order.status) || !order.fulfillments.empty()) return CancelTooLate{order.status};
    if (expected_version && *expected_version != order.version) return CancelOtherVersion{order.version};
    return std::nullopt;
}

task<Result<CancelAnswer>> RequestCancel::operator()(CancelWish wish) {
    if (!parts_.ids.issued_by_us(wish.id)) co_return not_found();
    const auto found = co_await parts_.reader.find(wish.id);
    if (found) {
        if (is_of_another(*found, wish.tenant)) co_return not_found();
        if (auto early = early_answer(*found, wish.expected_version)) co_return *early;
    }
    CancelOrder command(wish.id, new_message_id(parts_.entropy), std::move(wish.reason), parts_.clock.wall());
    command.expected_version = wish.expected_version;
    command.tenant_id = std::move(wish.tenant);
    auto sent = co_await parts_.commands_queue.send(parts_.messages.cancel(command, wish.traceparent), wish.answer_by);
    if (!sent) co_return fail(std::move(sent).error());
    co_return CancelAnswer(CancelQueued{});
}

}  // namespace orderflow::orders
