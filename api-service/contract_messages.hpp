// ContractMessages: intake's commands in the form of libs/contract.
#pragma once

#include <optional>
#include <string>

#include "libs/orders/application/intake/intake_messages.hpp"

namespace orderflow::api {

class ContractMessages final : public orders::IntakeMessages {
  public:
    std::string place(const Placement& placement) const override;
    std::string news(const orders::PaymentNews& news, const std::string& message_id, WallTime at,
                     const std::optional<std::string>& traceparent) const override;
    std::string cancel(const orders::CancelOrder& command,
                       const std::optional<std::string>& traceparent) const override;
};

}  // namespace orderflow::api
