// TakeOrder: the use case behind POST /order. An order that it took is on disk (or in Amazon SQS) and will settle
// exactly once.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "libs/async/task.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/application/intake/admission.hpp"
#include "libs/orders/application/intake/fingerprint_lookup.hpp"
#include "libs/orders/application/intake/intake_messages.hpp"
#include "libs/orders/application/intake/recent_orders.hpp"
#include "libs/orders/application/intake/send_batcher.hpp"
#include "libs/orders/ports/order_ids.hpp"

namespace orderflow::orders {

// A checked order as a request brings it.
struct Submission {
    Submission(std::string t, std::string draft, Fingerprint f, Instant at)
        : tenant(std::move(t)), canonical_draft(std::move(draft)), fingerprint(f), answer_by(at) {}
    std::string tenant;
    std::string canonical_draft;  // its canonical text, the content of the fingerprint
    Fingerprint fingerprint;
    Instant answer_by;
    std::optional<std::string> key;  // idempotency key; without one every submission is another order
    std::optional<std::string> traceparent;
};

struct TakenOrder {
    TakenOrder(OrderId i, Fingerprint f, bool r) : id(i), fingerprint(f), replayed(r) {}
    OrderId id;
    Fingerprint fingerprint;
    bool replayed;  // known to have been accepted before; nothing was sent
};

// For one loop. Everything passed in outlives it.
class TakeOrder {
  public:
    struct Parts {
        const OrderIds& ids;
        RecentOrders& recent;
        FingerprintLookup& lookup;
        Admission& admission;
        SendBatcher& orders_queue;
        const IntakeMessages& messages;
        const Clock& clock;
        Entropy& entropy;
    };
    explicit TakeOrder(Parts parts) : parts_(parts) {}

    // invalid_input "idempotency-key-reused": another order is known under the key. unavailable "overloaded",
    // "queue-unavailable", "draining": nothing was handed over. unavailable "outcome-unknown": it may have been; the
    // same submission with the same key is safe.
    task<Result<TakenOrder>> operator()(Submission submission);

  private:
    task<KeyUse> known_use(OrderId id, Fingerprint fingerprint);
    task<Result<void>> hand_over(OrderId id, Submission submission);

    Parts parts_;
};

}  // namespace orderflow::orders
