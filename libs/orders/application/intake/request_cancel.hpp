// RequestCancel: the use case behind POST /v1/orders/{id}/cancel. It asks, the worker decides: what is refused here is
// an early answer from what the store holds now.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "libs/async/task.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/application/intake/intake_messages.hpp"
#include "libs/orders/application/intake/send_batcher.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::orders {

struct CancelWish {
    CancelWish(OrderId i, std::string why, Instant at) : id(i), reason(std::move(why)), answer_by(at) {}
    OrderId id;
    std::string reason;
    Instant answer_by;
    std::optional<std::int32_t> expected_version;
    std::optional<std::string> tenant;  // of the caller: a stored order of another tenant is not found
    std::optional<std::string> traceparent;
};

struct CancelQueued {};  // the command is durable
struct CancelTooLate {   // rejected or completed, or shipped in part
    OrderStatus status;
};
struct CancelOtherVersion {
    std::int32_t version;
};
struct CancelGone {
    OrderStatus last_status;
};
using CancelAnswer = std::variant<CancelQueued, CancelTooLate, CancelOtherVersion, CancelGone>;

// Pure: what can be said at once. Nothing: the worker has to decide.
std::optional<CancelAnswer> early_answer(const OrderLookup& found, std::optional<std::int32_t> expected_version);

// For one loop. Everything passed in outlives it.
class RequestCancel {
  public:
    struct Parts {
        const OrderIds& ids;
        OrderReader& reader;
        SendBatcher& commands_queue;  // of its own, polled first by the worker: no backlog of orders delays a cancel
        const IntakeMessages& messages;
        const Clock& clock;
        Entropy& entropy;
    };
    explicit RequestCancel(Parts parts) : parts_(parts) {}

    // Works before the order is stored, and while the store cannot be read: then without an early answer. Asking again
    // is harmless. not_found "order-not-found" for an id that we never issued or that is another tenant's; unavailable
    // as SendBatcher::send().
    task<Result<CancelAnswer>> operator()(CancelWish wish);

  private:
    Parts parts_;
};

}  // namespace orderflow::orders
