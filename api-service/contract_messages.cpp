#include "api-service/contract_messages.hpp"

#include "libs/contract/order_message.hpp"

namespace orderflow::api {

std::string ContractMessages::place(const Placement& placement) const {
    return contract::encode_place({.message_id = placement.message_id,
                                   .order = placement.order,
                                   .fingerprint = placement.fingerprint,
                                   .accepted_at = placement.accepted_at,
                                   .traceparent = placement.traceparent,
                                   .tenant = placement.tenant},
                                  placement.canonical_draft);
}

std::string ContractMessages::news(const orders::PaymentNews& news, const std::string& message_id, WallTime at,
                                   const std::optional<std::string>& traceparent) const {
    return contract::encode_news(news, message_id, at, traceparent);
}

std::string ContractMessages::cancel(const orders::CancelOrder& command,
                                     const std::optional<std::string>& traceparent) const {
    return contract::encode_cancel(command, traceparent);
}

}  // namespace orderflow::api
