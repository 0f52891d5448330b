// IntakeMessages: how intake's commands are written for the queue. The HTTP service gives the form (libs/contract), so
// that this folder knows no JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/orders/domain/change.hpp"

namespace orderflow::orders {

// Pure; any thread.
class IntakeMessages {
  public:
    virtual ~IntakeMessages() = default;

    struct Placement {
        std::string message_id;
        OrderId order;
        Fingerprint fingerprint;
        std::string tenant;
        WallTime accepted_at;
        std::string canonical_draft;
        std::optional<std::string> traceparent;
    };
    virtual std::string place(const Placement& placement) const = 0;
    virtual std::string news(const PaymentNews& news, const std::string& message_id, WallTime at,
                             const std::optional<std::string>& traceparent) const = 0;
    virtual std::string cancel(const CancelOrder& command, const std::optional<std::string>& traceparent) const = 0;
};

}  // namespace orderflow::orders
