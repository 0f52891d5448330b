// ReportPayment: the use case behind POST /v1/payments/callbacks. Nothing is believed or looked up here: the news
// becomes a durable command, and the worker asks the provider.
#pragma once

#include <optional>
#include <string>

#include "libs/async/task.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/application/intake/intake_messages.hpp"
#include "libs/orders/application/intake/send_batcher.hpp"
#include "libs/orders/ports/order_ids.hpp"

namespace orderflow::orders {

// For one loop. Everything passed in outlives it.
class ReportPayment {
  public:
    struct Parts {
        const OrderIds& ids;
        SendBatcher& commands_queue;
        const IntakeMessages& messages;
        const Clock& clock;
        Entropy& entropy;
    };
    explicit ReportPayment(Parts parts) : parts_(parts) {}

    // On the queue when it returns. Works before the order is stored; the same news again is harmless. not_found
    // "order-not-found" for an id that we never issued; unavailable as SendBatcher::send().
    task<Result<void>> operator()(PaymentNews news, Instant answer_by, std::optional<std::string> traceparent);

  private:
    Parts parts_;
};

}  // namespace orderflow::orders
